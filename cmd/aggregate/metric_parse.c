/* Parsing a metric: see metric.h. */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "cmd/aggregate/kinds.h"
#include "common/base/alloc.h"
#include "common/data/fields.h"

static size_t word(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return n && !isdigit((unsigned char)*s) ? n : 0;
}

static int add_number(struct metric *m, const char *s, size_t len, struct strbuf *err)
{
	struct value text = {.type = VALUE_TEXT, .raw = s, .raw_len = len, .s = s, .len = len}, number;

	while (text.len && *text.s == ' ') {
		text.s++;
		text.len--;
	}
	if (value_number(&text, &number) < 0) {
		strbuf_addf(err, "'%.*s' is not a number: %s", (int)len, s, m->kind->form);
		return -EINVAL;
	}
	m->args = xreallocarray(m->args, m->arg_count + 1, sizeof *m->args);
	m->args[m->arg_count++] = value_double(&number);
	return 0;
}

/* What to write instead of the LEN bytes at S, an SQL notation within the parentheses; NULL: unknown. */
static const char *foreign_argument(const struct metric_kind *kind, const char *s, size_t len)
{
	while (len && *s == ' ') {
		s++;
		len--;
	}
	if (kind->needs == METRIC_EITHER && (!len || *s == '*'))
		return "for all records it is written without parentheses";
	if (!len)
		return "an expression is missing";
	if (*s == '*')
		return "'*' is not a field, as .x is";
	return len > 9 && strncasecmp(s, "distinct ", 9) == 0 ? "for different values write distinct(.x)" : NULL;
}

/* The arguments from S to END. */
static int parse_arguments(struct metric *m, const char *s, const char *end, struct strbuf *err)
{
	const char *stop = fields_part_end(s, end), *foreign = foreign_argument(m->kind, s, (size_t)(stop - s));

	if (foreign) {
		strbuf_addstr(err, foreign);
		return -EINVAL;
	}
	m->text = xstrndup(s, (size_t)(stop - s));
	while (stop < end) {
		s = stop + 1;
		stop = fields_part_end(s, end);
		int r = add_number(m, s, (size_t)(stop - s), err);
		if (r < 0)
			return r;
	}
	if (m->arg_count < m->kind->min_args || m->arg_count > m->kind->max_args) {
		strbuf_addf(err, "%s: %s", m->arg_count ? "too many numbers" : "numbers are missing", m->kind->form);
		return -EINVAL;
	}
	return m->kind->check ? m->kind->check(m, err) : 0;
}

/* Parse the text after the kind's name, which is the NAME_LEN bytes at NAME. */
static int parse_rest(struct metric *m, const char *name, size_t name_len, struct strbuf *err)
{
	const char *s = name + name_len;
	size_t len = strlen(s);
	struct strbuf why = STRBUF_INIT;
	int r = 0;

	if (!m->kind) {
		kinds_unknown(name, name_len, &why);
		r = -EINVAL;
	} else if (len) {
		r = parse_arguments(m, s + 1, s + len - 1, &why);
	} else if (m->kind->needs == METRIC_EXPR) {
		strbuf_addf(&why, "it needs a field, as in %s(.x)", m->kind->name);
		r = -EINVAL;
	}
	if (r < 0)
		strbuf_addf(err, "metric '%s': %s", m->written, why.s);
	strbuf_release(&why);
	return r;
}

int metric_parse(struct metric *m, const char *s, struct strbuf *err)
{
	const char *kind = s;
	size_t len = word(s);

	*m = (struct metric){0};
	if (len && s[len] == '=') {
		kind = s + len + 1;
		len = word(kind);
	}
	const char *rest = kind + len;
	bool called = *rest == '(' && rest[strlen(rest) - 1] == ')';
	if (!len || (*rest && !called))
		return 0;
	m->kind = kinds_find(kind, len);
	if (!m->kind && !called)
		return 0;
	m->written = xstrdup(s);
	if (kind != s)
		m->name = xstrndup(s, (size_t)(kind - s) - 1);
	int r = parse_rest(m, kind, len, err);
	if (r < 0)
		metric_release(m);
	return r < 0 ? r : 1;
}
