/* Rules of cleaning: lines, names and fields; rules_args.c has what follows them. */
#include "common/data/rules_impl.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

static const char *const names[RULE_KINDS] = {"require", "type", "range", "match", "one-of", "default", "rename",
	"drop", "keep", "trim", "lower", "upper", "time", "mask", "dedupe"};

/* How many fields a rule names: one; as many as there are, with commas; two. */
enum arity { ONE, LIST, PAIR };

static enum arity arity(enum rule_kind kind)
{
	return kind == RULE_RENAME ? PAIR : kind == RULE_DROP || kind == RULE_KEEP || kind == RULE_DEDUPE ? LIST : ONE;
}

int rules_fail(struct rules_line *in, size_t pos, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	strbuf_vaddf(in->err, fmt, args);
	va_end(args);
	in->pos = pos;
	return -EINVAL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

bool rules_more(struct rules_line *in)
{
	while (in->pos < in->len && is_blank(in->s[in->pos]))
		in->pos++;
	return in->pos < in->len;
}

int rules_word(struct rules_line *in, const char *what, const char **ret_s, size_t *ret_len)
{
	if (!rules_more(in))
		return rules_fail(in, in->pos, "%s is missing", what);
	*ret_s = in->s + in->pos;
	for (*ret_len = 0; in->pos < in->len && !is_blank(in->s[in->pos]); in->pos++)
		++*ret_len;
	return 0;
}

static int column(struct rules_line *in, struct expr_field *field)
{
	size_t start = in->pos++;
	uint64_t n = 0;

	for (; in->pos < in->len && in->s[in->pos] >= '0' && in->s[in->pos] <= '9' && n < 1000000; in->pos++)
		n = n * 10 + (uint64_t)(in->s[in->pos] - '0');
	if (n == 0 || n >= 1000000)
		return rules_fail(in, start, "a column is $1 to $999999");
	*field = (struct expr_field){.column = (uint32_t)n};
	return 0;
}

/* One field; the line is at its first byte. */
static int field(struct rules_line *in, struct expr_field *f)
{
	struct strbuf reason = STRBUF_INIT;
	size_t used = 0;
	int r = 0;

	if (in->pos < in->len && in->s[in->pos] == '$')
		return column(in, f);
	*f = (struct expr_field){0};
	if (in->pos >= in->len || in->s[in->pos] != '.')
		return rules_fail(in, in->pos, "a field is expected here, such as .name or $1");
	if (path_scan(&f->path, in->s + in->pos, in->len - in->pos, &used, &reason) < 0)
		r = rules_fail(in, in->pos + used, "%s", reason.s);
	else
		in->pos += used;
	strbuf_release(&reason);
	return r;
}

int rules_field(struct rules_line *in, struct rule *rule)
{
	struct expr_field f;
	int r = field(in, &f);

	if (r < 0)
		return r;
	rule->fields = xreallocarray(rule->fields, rule->field_count + 1, sizeof(*rule->fields));
	rule->fields[rule->field_count++] = f;
	if (in->pos < in->len && !is_blank(in->s[in->pos]) && in->s[in->pos] != ',')
		return rules_fail(
			in, in->pos, "this does not belong to a field (names with it go in quotes: .\"a-b\")");
	return 0;
}

/* What one may do to some fields only. */
static int check_fields(struct rules_line *in, const struct rule *rule, size_t pos)
{
	bool whole = rule->kind == RULE_DEDUPE;
	bool moves = rule->kind == RULE_RENAME || rule->kind == RULE_DROP || rule->kind == RULE_KEEP ||
		     rule->kind == RULE_DEFAULT;

	for (size_t i = 0; i < rule->field_count; i++) {
		const struct path *p = &rule->fields[i].path;
		if (rule->fields[i].column && rule->kind == RULE_RENAME)
			return rules_fail(in, pos, "a column without name can not be renamed");
		if (!rule->fields[i].column && p->count == 0 && !whole)
			return rules_fail(in, pos, "the whole record (.) is no field");
		for (size_t k = 0; moves && k < p->count; k++)
			if (!p->steps[k].name)
				return rules_fail(in, pos, "%s has no way through arrays", names[rule->kind]);
	}
	return 0;
}

static int fields(struct rules_line *in, struct rule *rule)
{
	enum arity n = arity(rule->kind);
	int r;

	rules_more(in);
	size_t start = in->pos;
	if ((r = rules_field(in, rule)) < 0)
		return r;
	while (n == LIST && rules_more(in) && in->s[in->pos] == ',') {
		in->pos++;
		rules_more(in);
		if ((r = rules_field(in, rule)) < 0)
			return r;
	}
	if (in->pos < in->len && in->s[in->pos] == ',')
		return rules_fail(in, in->pos, "'%s' takes one field", names[rule->kind]);
	if (n == PAIR && !rules_more(in))
		return rules_fail(in, in->pos, "the new name is missing");
	if (n == PAIR && (r = rules_field(in, rule)) < 0)
		return r;
	return check_fields(in, rule, start);
}

static int rule(struct rules_line *in, struct rule *ret)
{
	const char *name;
	size_t len, start = in->pos;
	int r = rules_word(in, "a rule", &name, &len);

	if (r < 0)
		return r;
	for (ret->kind = 0; ret->kind < RULE_KINDS; ret->kind++)
		if (strlen(names[ret->kind]) == len && memcmp(names[ret->kind], name, len) == 0)
			break;
	if (ret->kind == RULE_KINDS)
		return rules_fail(in, start, "'%.*s' is no rule", (int)(len < 40 ? len : 40), name);
	if ((r = fields(in, ret)) < 0 || (r = rules_args(in, ret)) < 0)
		return r;
	if (rules_more(in))
		return rules_fail(in, in->pos, "nothing more is expected here");
	ret->text = xstrndup(in->s + start, in->len - start);
	for (len = strlen(ret->text); len && is_blank(ret->text[len - 1]); len--)
		ret->text[len - 1] = '\0';
	return 0;
}

static void rule_release(struct rule *rule)
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
