/* The time of a record: see when.h. */
#include "common/data/when.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

const char *when_at(const char *s, size_t len)
{
	for (const char *p = s + len; p-- > s;)
		if (*p == '@' && p + 1 < s + len && (p[1] == '.' || p[1] == '$'))
			return p;
	return NULL;
}

/* Handle TEXT, which is FORMAT@FIELD with its '@' at AT. */
static int init_format(struct when *w, const char *text, const char *at, struct strbuf *err)
{
	char *pattern = xstrndup(text, (size_t)(at - text));
	int r = time_format_init(&w->format, pattern, err);

	w->has_format = true;
	free(pattern);
	if (r == 0)
		r = expr_new(&w->expr, at + 1, err);
	if (r == 0 && !expr_is_field(w->expr)) {
		strbuf_addf(err, "'%s' is not a field", at + 1);
		return -EINVAL;
	}
	return r;
}

/* An expression has '@' only in names and strings, so FORMAT@FIELD cannot be one. */
static int compile(struct when *w, const char *text, struct strbuf *err)
{
	const char *at = when_at(text, strlen(text));
	struct strbuf why = STRBUF_INIT;
	int r = expr_new(&w->expr, text, &why);

	if (r < 0 && at && at > text)
		r = init_format(w, text, at, err);
	else if (r < 0)
		strbuf_add(err, why.s, why.len);
	strbuf_release(&why);
	return r;
}

int when_init(struct when *w, const char *text, struct records *r, struct strbuf *err)
{
	*w = (struct when){.slot = -1};
	if (strcmp(text, "now") == 0)
		return 0;
	int e = compile(w, text, err);
	if (e < 0)
		return e;
	w->kind = expr_is_field(w->expr) ? WHEN_FIELD : WHEN_EXPR;
	if (w->kind == WHEN_EXPR)
		return records_bind(r, w->expr, err);
	w->slot = records_add(r, expr_field(w->expr, 0), err);
	return w->slot < 0 ? w->slot : 0;
}

void when_release(struct when *w)
{
	expr_free(w->expr);
	if (w->has_format)
		time_format_release(&w->format);
	*w = (struct when){0};
}

bool when_reads(const struct when *w, int slot)
{
	bool reads = w->kind == WHEN_FIELD && w->slot == slot;

	for (size_t i = 0; w->kind == WHEN_EXPR && i < expr_fields(w->expr); i++)
		reads |= expr_slot(w->expr, i) == slot;
	return reads;
}

int when_value(const struct time_format *format, struct time_cache *cache, const struct value *v, struct timespec *ret)
{
	struct timespec t;
	size_t used;

	if (!format)
		return value_time(v, cache, ret);
	if (v->type < VALUE_INT || v->type == VALUE_ARRAY || v->type == VALUE_OBJECT || v->type > VALUE_TEXT)
		return -EINVAL;
	int r = time_format_parse(format, v->s, v->len, &used, &t);
	if (r < 0 || used < v->len)
		return r < 0 ? r : -EINVAL;
	*ret = t;
	return 0;
}

int when_compute(struct when *w, const struct value *values, struct timespec *ret)
{
	if (w->kind == WHEN_FIELD)
		return when_value(w->has_format ? &w->format : NULL, &w->times, &values[w->slot], ret);
	const struct value *v = expr_value(w->expr, values);
	if (v->type != VALUE_TIME)
		return value_time(v, &w->times, ret);
	return time_from_epoch(v->i, TIME_US, ret);
}
