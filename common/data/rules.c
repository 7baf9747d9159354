/* Rules of cleaning: lines, names and fields; rules_args.c reads what follows them. */
#include "common/data/rules_impl.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/opt.h"

/* Check that RULE may be applied to its fields. */
static int check_fields(struct rules_line *in, const struct rule *rule, size_t pos)
{
	bool whole = rule->kind == RULE_DEDUPE;
	bool moves = rule->kind == RULE_RENAME || rule->kind == RULE_DROP || rule->kind == RULE_KEEP ||
		     rule->kind == RULE_DEFAULT;

	for (size_t i = 0; i < rule->field_count; i++) {
		const struct path *p = &rule->fields[i].path;
		if (rule->fields[i].column && rule->kind == RULE_RENAME)
			return rules_fail(in, pos, "a column without name cannot be renamed");
		if (!rule->fields[i].column && p->count == 0 && !whole)
			return rules_fail(in, pos, "the whole record (.) is not a field");
		for (size_t k = 0; moves && k < p->count; k++)
			if (!p->steps[k].name)
				return rules_fail(in, pos, "%s cannot go into arrays", rules_forms[rule->kind].name);
	}
	return 0;
}

static int fields(struct rules_line *in, struct rule *rule)
{
	enum rules_arity n = rules_forms[rule->kind].arity;
	int r;

	rules_more(in);
	size_t start = in->pos;
	if ((r = rules_add_field(in, rule)) < 0)
		return r;
	while (n == RULES_LIST && rules_more(in) && in->s[in->pos] == ',') {
		in->pos++;
		rules_more(in);
		if ((r = rules_add_field(in, rule)) < 0)
			return r;
	}
	if (in->pos < in->len && in->s[in->pos] == ',')
		return rules_fail(in, in->pos, "'%s' takes one field", rules_forms[rule->kind].name);
	if (n == RULES_PAIR && !rules_more(in))
		return rules_fail(in, in->pos, "the new name is missing");
	if (n == RULES_PAIR && (r = rules_add_field(in, rule)) < 0)
		return r;
	return check_fields(in, rule, start);
}

/* RULE_KINDS: there is no rule with this name. */
static enum rule_kind kind_of(const char *name, size_t len)
{
	enum rule_kind kind = 0;

	while (kind < RULE_KINDS &&
		(strlen(rules_forms[kind].name) != len || memcmp(rules_forms[kind].name, name, len) != 0))
		kind++;
	return kind;
}

/* Names of SQL, pandas, Connect's transforms and others, and what such rules are called here. */
static const struct hint hints[] = {
	{"not-null", "write require .a"},
	{"notnull", "write require .a"},
	{"nonnull", "write require .a"},
	{"not_null", "write require .a"},
	{"mandatory", "write require .a"},
	{"exists", "write require .a"},
	{"in", "write one-of .a x y"},
	{"enum", "write one-of .a x y"},
	{"values", "write one-of .a x y"},
	{"regex", "write match .a ^x"},
	{"regexp", "write match .a ^x"},
	{"pattern", "write match .a ^x"},
	{"like", "write match .a ^x"},
	{"between", "write range .a 0 9"},
	{"min", "write range .a 0 inf"},
	{"max", "write range .a -inf 9"},
	{"cast", "write type .a int"},
	{"convert", "write type .a int"},
	{"int", "write type .a int"},
	{"float", "write type .a float"},
	{"string", "write type .a string"},
	{"bool", "write type .a bool"},
	{"fillna", "write default .a 0"},
	{"coalesce", "write default .a 0"},
	{"ifnull", "write default .a 0"},
	{"fill", "write default .a 0"},
	{"set", "write default .a 0, which sets what is null"},
	{"remove", "write drop .a,.b"},
	{"delete", "write drop .a,.b"},
	{"exclude", "write drop .a,.b"},
	{"omit", "write drop .a,.b"},
	{"select", "write keep .a,.b"},
	{"include", "write keep .a,.b"},
	{"project", "write keep .a,.b"},
	{"only", "write keep .a,.b"},
	{"strip", "write trim .a"},
	{"date", "write time .a %Y-%m-%d"},
	{"hash", "write mask .a hash"},
	{"redact", "write mask .a redact"},
	{"last4", "write mask .a last4"},
	{"encrypt", "write mask .a hash"},
	{"distinct", "write dedupe .a within 10m"},
	{"unique", "write dedupe .a within 10m"},
	{"uniq", "write dedupe .a within 10m"},
	{"filter", "weir-filter(1) chooses records"},
	{"where", "weir-filter(1) chooses records"},
	{"mv", "write rename .a .b"},
	{0},
};

const char *rules_name(size_t kind)
{
	return kind < RULE_KINDS ? rules_forms[kind].name : NULL;
}

/* The word of LEN bytes at NAME is not a rule. */
static int no_rule(struct rules_line *in, size_t start, const char *name, size_t len)
{
	struct strbuf why = STRBUF_INIT;
	char *word = xstrndup(name, len < 40 ? len : 40);

	if (*word == '.' || *word == '$')
		strbuf_addf(&why, "a rule begins with its name, as in require %s", word);
	else
		hint_unknown(&why, "rule", word, hints, rules_name);
	int r = rules_fail(in, start, "%s", why.s);
	free(word);
	strbuf_release(&why);
	return r;
}

/* The line has more than FORM allows. */
static int too_much(struct rules_line *in, const struct rules_form *form)
{
	char c = in->s[in->pos];

	if ((c == '.' || c == '$') && form->arity == RULES_LIST && !form->args)
		return rules_fail(in, in->pos, "fields have ',' between them");
	return rules_fail(in, in->pos, "nothing more is expected here: %s", form->form);
}

static int rule(struct rules_line *in, struct rule *ret)
{
	const char *name;
	size_t len, start = in->pos;
	int r = rules_word(in, "a rule", &name, &len);

	if (r < 0)
		return r;
	ret->kind = kind_of(name, len);
	if (ret->kind == RULE_KINDS)
		return no_rule(in, start, name, len);
	const struct rules_form *form = &rules_forms[ret->kind];
	if ((r = fields(in, ret)) < 0 || (form->args && (r = form->args(in, ret)) < 0))
		return r;
	if (rules_more(in))
		return too_much(in, form);
	ret->text = xstrndup(in->s + start, in->len - start);
	for (len = strlen(ret->text); len && rules_is_blank(ret->text[len - 1]); len--)
		ret->text[len - 1] = '\0';
	return 0;
}

void rule_release(struct rule *rule)
{
	for (size_t i = 0; i < rule->field_count; i++)
		path_release(&rule->fields[i].path);
	for (size_t i = 0; i < rule->word_count; i++)
		free(rule->words[i].s);
	free(rule->fields);
	free(rule->words);
	free(rule->text);
	free(rule->json);
	free(rule->plain);
	regex_free(rule->re);
	if (rule->has_format)
		time_format_release(&rule->format);
}

void rules_release(struct rules *r)
{
	for (size_t i = 0; i < r->count; i++)
		rule_release(&r->items[i]);
	free(r->items);
	*r = (struct rules){0};
}

int rule_parse(struct rule *ret, const char *s, size_t len, size_t *ret_pos, struct strbuf *err)
{
	struct rules_line in = {.s = s, .len = len, .err = err};
	int r = rule(&in, ret);

	*ret_pos = in.pos;
	return r;
}

static int line(struct rules *r, struct rules_line *in)
{
	struct rule new = {0};

	if (!rules_more(in) || in->s[in->pos] == '#')
		return 0;
	if (r->count == RULES_MAX)
		return rules_fail(in, in->pos, "more than %d rules", RULES_MAX);
	if (memchr(in->s, '\0', in->len))
		return rules_fail(in, (size_t)((char *)memchr(in->s, '\0', in->len) - in->s), "a NUL byte");
	int e = rule(in, &new);
	if (e < 0) {
		rule_release(&new);
		return e;
	}
	r->items = xreallocarray(r->items, r->count + 1, sizeof(*r->items));
	r->items[r->count++] = new;
	return 0;
}

int rules_parse(struct rules *r, const char *name, const char *text, size_t len, struct strbuf *err)
{
	struct strbuf reason = STRBUF_INIT;
	const char *end = text + len;
	size_t number = 1;
	int e = 0;

	for (; text < end && e == 0; number++) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		struct rules_line in = {.s = text, .len = (size_t)((lf ? lf : end) - text), .err = &reason};
		e = line(r, &in);
		if (e < 0)
			strbuf_addf(err, "%s: line %zu, column %zu: %s", name, number, in.pos + 1, reason.s);
		text = lf ? lf + 1 : end;
	}
	strbuf_release(&reason);
	return e;
}

bool rules_begins(const char *s)
{
	return kind_of(s, strcspn(s, " ")) != RULE_KINDS;
}

void rules_help(struct strbuf *out)
{
	strbuf_addstr(out, "Rules; FIELD is .a.b or $1:\n");
	for (int i = 0; i < RULE_KINDS; i++)
		opt_line(out, rules_forms[i].form, rules_forms[i].help);
}
