/* Rows of output: see row.h. */
#include "cmd/aggregate/row.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/jsonout.h"
#include "common/data/keys.h"
#include "common/data/time.h"

void row_init(struct result_row *row)
{
	*row = (struct result_row){0};
}

void row_release(struct result_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		free(row->names[i]);
		strbuf_release(&row->texts[i]);
	}
	free(row->names);
	free(row->values);
	free(row->texts);
	name_index_release(&row->index);
	row_init(row);
}

size_t row_add(struct result_row *row, const char *name)
{
	size_t n = row->count++;
	bool is_new;

	row->names = xroom(row->names, n, sizeof *row->names);
	row->values = xroom(row->values, n, sizeof *row->values);
	row->texts = xroom(row->texts, n, sizeof *row->texts);
	row->names[n] = xstrdup(name);
	row->values[n] = (struct value){.type = VALUE_NULL};
	strbuf_init(&row->texts[n]);
	(void)name_index_add(&row->index, name, strlen(name), &is_new);
	return n;
}

int row_find(const struct result_row *row, const char *name)
{
	uint32_t at = name_index_find(&row->index, name, strlen(name));

	return at == NAME_INDEX_NONE ? -1 : (int)at;
}

struct strbuf *row_text(struct result_row *row, size_t at)
{
	strbuf_clear(&row->texts[at]);
	return &row->texts[at];
}

void row_done(struct result_row *row, size_t at, enum value_type type)
{
	const struct strbuf *text = &row->texts[at];

	row->values[at] =
		(struct value){.type = type, .raw = text->s, .raw_len = text->len, .s = text->s, .len = text->len};
}

void row_null(struct result_row *row, size_t at)
{
	row->values[at] = (struct value){.type = VALUE_NULL, .raw = "null", .raw_len = 4, .s = "null", .len = 4};
}

void row_bool(struct result_row *row, size_t at, bool b)
{
	strbuf_addstr(row_text(row, at), b ? "true" : "false");
	row_done(row, at, VALUE_BOOL);
	row->values[at].b = b;
}

void row_int(struct result_row *row, size_t at, int64_t n)
{
	struct strbuf *text = row_text(row, at);
	char *start = strbuf_grow(text, JSONOUT_INT_MAX);

	strbuf_extend(text, (size_t)(jsonout_int(start, n) - start));
	row_done(row, at, VALUE_INT);
	row->values[at].i = n;
}

void row_count(struct result_row *row, size_t at, uint64_t n)
{
	if (n <= INT64_MAX) {
		row_int(row, at, (int64_t)n);
		return;
	}
	strbuf_addf(row_text(row, at), "%" PRIu64, n);
	row_done(row, at, VALUE_NUMBER);
}

void row_double(struct result_row *row, size_t at, double d)
{
	if (!isfinite(d)) {
		row_null(row, at);
		return;
	}
	struct strbuf *text = row_text(row, at);
	char *start = strbuf_grow(text, JSONOUT_DOUBLE_MAX);
	strbuf_extend(text, (size_t)(jsonout_double(start, d) - start));
	row_done(row, at, VALUE_DOUBLE);
	row->values[at].d = d;
}

void row_time(struct result_row *row, size_t at, int64_t ms)
{
	int64_t s = ms / 1000 - (ms % 1000 < 0);
	struct timespec t = {.tv_sec = s, .tv_nsec = (ms - s * 1000) * 1000000};
	char text[TIME_RFC3339_SIZE];

	strbuf_add(row_text(row, at), text, time_write_rfc3339(&t, text));
	row_done(row, at, VALUE_STRING);
}

void row_value(struct result_row *row, size_t at, const struct value *v)
{
	switch (v->type) {
	case VALUE_MISSING:
	case VALUE_NULL:
		row_null(row, at);
		return;
	case VALUE_BOOL:
		row_bool(row, at, v->b);
		return;
	case VALUE_INT:
	case VALUE_TIME:
	case VALUE_DURATION:
		row_int(row, at, v->i);
		return;
	case VALUE_DOUBLE:
		row_double(row, at, v->d);
		return;
	case VALUE_STRING:
	case VALUE_TEXT:
		strbuf_add(row_text(row, at), v->s, v->len);
		row_done(row, at, VALUE_STRING);
		return;
	case VALUE_NUMBER:
	case VALUE_ARRAY:
	case VALUE_OBJECT:
		strbuf_add(row_text(row, at), v->raw, v->raw_len);
		row_done(row, at, v->type);
		return;
	}
}

void row_key(struct result_row *row, size_t at, const char *s, size_t len)
{
	struct value v;

	if (key_next(&s, &len, &v) <= 0)
		v = (struct value){.type = VALUE_NULL};
	row_value(row, at, &v);
}
