/* Parses a METHOD: see method.h. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/detect/method_impl.h"
#include "common/base/alloc.h"
#include "common/base/num.h"
#include "common/data/records.h"
#include "common/data/rules.h"

struct method_word {
	const char *s;
	size_t len;
};

struct method_parser {
	struct method_rule *rule;
	const char *rest;
	bool given[METHOD_PARAMS];
	struct strbuf *err;
};

/* The next word: up to a blank outside of parentheses and of quotes.  false: there is none. */
static bool next_word(struct method_parser *p, struct method_word *ret)
{
	int depth = 0;
	bool quoted = false;
	const char *s = p->rest;

	while (*s == ' ' || *s == '\t')
		s++;
	ret->s = s;
	for (; *s && (quoted || depth > 0 || (*s != ' ' && *s != '\t')); s++) {
		if (quoted && *s == '\\' && s[1])
			s++;
		else if (*s == '"')
			quoted = !quoted;
		else if (!quoted)
			depth += (*s == '(') - (*s == ')');
	}
	ret->len = (size_t)(s - ret->s);
	p->rest = s;
	return ret->len > 0;
}

/* Parse the field of the LEN bytes at S; a rule has at most one. */
static int take_field(struct method_parser *p, const char *s, size_t len)
{
	char *text = xstrndup(s, len);
	int e = records_field(&p->rule->field, text, p->err);

	free(text);
	p->rule->has_field = e == 0;
	return e;
}

/* Whether S is a number; infinity counts if the table allows it. */
static bool is_number(const struct method_param *param, const char *s, double *ret)
{
	long double n;

	if (isinf(param->max) && strcmp(s, "inf") == 0)
		*ret = INFINITY;
	else if (isinf(param->min) && strcmp(s, "-inf") == 0)
		*ret = -INFINITY;
	else if (rules_number(s, strlen(s), &n) && isfinite((double)n))
		*ret = (double)n;
	else
		return false;
	return true;
}

static int take_number(struct method_parser *p, const struct method_param *param, const char *s, double *ret)
{
	int64_t ms;

	if (param->type == PARAM_NUMBER && !is_number(param, s, ret)) {
		strbuf_addf(p->err, "%s '%s' is not a number%s", param->name, s,
			*s == '.' || *s == '$' ? "; the field that is judged is --value" : "");
		return -EINVAL;
	}
	if (param->type == PARAM_DURATION) {
		if (num_duration(s, &ms) < 0) {
			strbuf_addf(p->err, "%s '%s' is not a duration, such as 30s or 5m", param->name, s);
			return -EINVAL;
		}
		*ret = (double)ms;
	}
	if (*ret >= param->min && *ret <= param->max)
		return 0;
	strbuf_addf(p->err, "%s '%s' is too %s", param->name, s, *ret < param->min ? "small" : "large");
	return -EINVAL;
}

/* count, sum(.f) or distinct(.f) */
static int take_metric(struct method_parser *p, const char *s, size_t len)
{
	static const char *const names[] = {"count", "sum", "distinct"};
	static const enum method_wants wants[] = {METHOD_NOTHING, METHOD_NUMBER, METHOD_VALUE};
	size_t name = strcspn(s, "(");
	bool field = name < len && s[len - 1] == ')';

	for (int i = 0; i < 3; i++) {
		if (strlen(names[i]) != name || memcmp(s, names[i], name) != 0 || field != (i > 0))
			continue;
		p->rule->metric = i;
		p->rule->wants = wants[i];
		return field ? take_field(p, s + name + 1, len - name - 2) : 0;
	}
	strbuf_addf(p->err, "'%.*s' is none of count, sum(.field) and distinct(.field)", (int)len, s);
	return -EINVAL;
}

static int take_value(struct method_parser *p, size_t i, struct method_word w)
{
	const struct method_param *param = &p->rule->method->params[i];
	int e;

	if (p->given[i]) {
		strbuf_addf(p->err, "%s is given twice", param->name);
		return -EINVAL;
	}
	p->given[i] = true;
	char *text = xstrndup(w.s, w.len);
	if (param->type == PARAM_FIELD)
		e = take_field(p, text, w.len);
	else if (param->type == PARAM_METRIC)
		e = take_metric(p, text, w.len);
	else
		e = take_number(p, param, text, &p->rule->num[i]);
	free(text);
	return e;
}

/* Parse NAME=VALUE.  A path may hold a '=', too, but does not begin with a letter. */
static int take_named(struct method_parser *p, struct method_word w, size_t name)
{
	const struct method_param *params = p->rule->method->params;
	struct method_word value = {w.s + name + 1, w.len - name - 1};

	for (size_t i = 0; i < METHOD_PARAMS && params[i].name; i++)
		if (strlen(params[i].name) == name && memcmp(params[i].name, w.s, name) == 0)
			return take_value(p, i, value);
	strbuf_addf(p->err, "there is no parameter '%.*s'", (int)name, w.s);
	for (size_t i = 0; i < METHOD_PARAMS && params[i].name; i++)
		strbuf_addf(p->err, "%s %s", i ? "," : ", only", params[i].name);
	return -EINVAL;
}

static int take_word(struct method_parser *p, struct method_word w)
{
	const struct method_param *params = p->rule->method->params;
	size_t name = 0, i = 0;

	while (name < w.len && isalpha((unsigned char)w.s[name]))
		name++;
	if (name && name < w.len && w.s[name] == '=')
		return take_named(p, w, name);
	while (i < METHOD_PARAMS && params[i].name && p->given[i])
		i++;
	if (i < METHOD_PARAMS && params[i].name)
		return take_value(p, i, w);
	strbuf_addf(p->err, "'%.*s' is one parameter too many", (int)w.len, w.s);
	return -EINVAL;
}

/* Explain why W is not a method; it may be written as a call. */
static int no_method(struct method_word w, struct strbuf *err)
{
	const char *open = memchr(w.s, '(', w.len);
	const struct method *m = open ? method_find(w.s, (size_t)(open - w.s)) : NULL;

	if (m) {
		strbuf_addstr(err, "it is written without parentheses: ");
		method_form(m, err);
		strbuf_addstr(err, m->wants == METHOD_NUMBER ? "; the field that is judged is --value" : "");
	} else {
		method_unknown(w.s, w.len, err);
	}
	return -EINVAL;
}

static int take_method(struct method_parser *p)
{
	struct method_word w;

	if (!next_word(p, &w)) {
		strbuf_addstr(p->err, "there is no method: one of ");
		method_names(p->err);
		return -EINVAL;
	}
	p->rule->method = method_find(w.s, w.len);
	if (!p->rule->method)
		return no_method(w, p->err);
	p->rule->wants = p->rule->method->wants;
	for (size_t i = 0; i < METHOD_PARAMS; i++)
		p->rule->num[i] = p->rule->method->params[i].value;
	return 0;
}

static int take_params(struct method_parser *p)
{
	const struct method *m = p->rule->method;
	struct method_word w;
	int e = 0;

	while (e == 0 && next_word(p, &w))
		e = take_word(p, w);
	for (size_t i = 0; e == 0 && i < METHOD_PARAMS && m->params[i].name; i++) {
		if (!m->params[i].required || p->given[i])
			continue;
		strbuf_addf(p->err, "its %s is missing", m->params[i].name);
		e = -EINVAL;
	}
	return e == 0 && m->check ? m->check(p->rule, p->err) : e;
}

int method_parse(struct method_rule *ret, const char *text, struct strbuf *err)
{
	struct method_rule rule = {0};
	struct strbuf why = STRBUF_INIT;
	struct method_parser p = {.rule = &rule, .rest = text, .err = &why};
	int e = take_method(&p);

	if (e < 0) {
		strbuf_addstr(err, why.s);
	} else if ((e = take_params(&p)) < 0) {
		strbuf_addf(err, "%s: %s", rule.method->name, why.s);
		method_release(&rule);
	} else {
		*ret = rule;
	}
	strbuf_release(&why);
	return e;
}
