/* Reading the statement step: see running_parse.h. */
#include "cmd/map/running_parse.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "cmd/map/statement_parts.h"
#include "common/base/alloc.h"

static const struct {
	const char *name;
	enum running_kind kind;
	const char *text; /* the expression: $1 is the value, $2 what is known */
} kinds[] = {
	{"shift", RUNNING_SHIFT, "$2"},
	{"delta", RUNNING_DELTA, "$1 - $2"},
	{"ratio", RUNNING_RATIO, "$1 / $2"},
	{"sum", RUNNING_SUM, "$2 + $1"},
	{"count", RUNNING_COUNT, "$2 + 1"},
};

/* The values of `text` are those of $1 and $2, in this order. */
static int compile(struct map_words *w, struct map_step *s, const char *text)
{
	struct strbuf reason = STRBUF_INIT;
	int r = expr_new(&s->running, text, &reason);

	if (r < 0)
		r = words_fail(w, "%s", reason.s);
	for (size_t i = 0; r == 0 && i < expr_fields(s->running); i++)
		expr_bind(s->running, i, (int)expr_field(s->running, i)->column - 1);
	strbuf_release(&reason);
	return r;
}

/* ewma WEIGHT */
static int parse_ewma(struct map_words *w, struct map_step *s)
{
	struct strbuf text = STRBUF_INIT;
	char *end;
	int r = statement_word(w, s, "the weight of the newest value, as in ewma 0.1 .a,");

	if (r < 0)
		return r;
	double weight = strtod(s->words[0], &end);
	if (*end || end == s->words[0] || !(weight > 0 && weight <= 1))
		return words_fail(w, "the weight of the newest value is above 0 and at most 1, as in ewma 0.1 .a");
	s->running_kind = RUNNING_EWMA;
	strbuf_addf(&text, "$1 * %.17g + $2 * %.17g", weight, 1 - weight);
	r = compile(w, s, text.s);
	strbuf_release(&text);
	return r;
}

static int parse_kind(struct map_words *w, struct map_step *s)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (words_take(w, kinds[i].name)) {
			s->running_kind = kinds[i].kind;
			return compile(w, s, kinds[i].text);
		}
	if (words_take(w, "ewma"))
		return parse_ewma(w, s);
	return words_fail(w, "a step is shift, delta, ratio, sum, count or ewma WEIGHT");
}

/* Without as the result is beside the field, which is the LEN bytes at FIELD: .a_delta. */
static int name_result(struct map_words *w, struct map_step *s, const char *field, size_t len)
{
	static const char *const names[] = {"shift", "delta", "ratio", "sum", "count", "ewma"};
	struct strbuf name = STRBUF_INIT;
	bool quoted = field[len - 1] == '"';

	if (s->fields[0].column || field[len - 1] == ']')
		return words_fail(w, "'as FIELD' is missing: where to put the result");
	strbuf_add(&name, field, len - quoted);
	strbuf_addf(&name, "_%s%s", names[s->running_kind], quoted ? "\"" : "");
	struct map_words as = {.s = name.s, .len = name.len, .err = w->err};
	int r = words_field(&as, &s->as);
	s->has_as = r == 0;
	strbuf_release(&name);
	return r;
}

int running_parse(struct map_words *w, struct map_step *s)
{
	int r = parse_kind(w, s);

	(void)words_more(w);
	size_t from = w->pos;
	if (r == 0)
		r = statement_field(w, s);
	if (r == 0)
		r = statement_target(w, &s->fields[0]);
	size_t len = w->pos - from;
	if (r == 0 && words_take(w, "by"))
		do
			r = statement_field(w, s);
		while (r == 0 && words_mark(w, ','));
	if (r == 0)
		r = statement_as(w, s, "as");
	return r < 0 || s->has_as ? r : name_result(w, s, w->s + from, len);
}
