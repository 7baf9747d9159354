/* Rules of cleaning: lines, names and fields; rules_args.c has what stands behind them. */
#include "common/data/rules_impl.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

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
				return rules_fail(
					in, pos, "%s has no way through arrays", rules_forms[rule->kind].name);
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

/* RULE_KINDS: there is none of this name. */
static enum rule_kind kind_of(const char *name, size_t len)
{
	enum rule_kind kind = 0;

	while (kind < RULE_KINDS &&
		(strlen(rules_forms[kind].name) != len || memcmp(rules_forms[kind].name, name, len) != 0))
		kind++;
	return kind;
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
		return rules_fail(in, start, "'%.*s' is no rule", (int)(len < 40 ? len : 40), name);
	const struct rules_form *form = &rules_forms[ret->kind];
	if ((r = fields(in, ret)) < 0 || (form->args && (r = form->args(in, ret)) < 0))
		return r;
	if (rules_more(in))
		return rules_fail(in, in->pos, "nothing more is expected here");
	ret->text = xstrndup(in->s + start, in->len - start);
	for (len = strlen(ret->text); len && rules_is_blank(ret->text[len - 1]); len--)
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
