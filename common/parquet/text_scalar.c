/* Single values as text: see text.h. */
#include <math.h>
#include <string.h>

#include "common/data/base64.h"
#include "common/data/columnsout.h"
#include "common/data/columntext.h"
#include "common/data/jsonout.h"
#include "common/data/utf8.h"
#include "common/parquet/text_scalar.h"

#define SCALAR_MAX 96          /* bytes of any value that is neither text nor binary */
#define LONG_TEXT  (64u << 10) /* the size of a longer one is computed before there is room for it */

bool text_fail(struct pq_text *t, const struct schema_field *field, const char *why)
{
	t->bad = why;
	t->bad_field = field;
	return false;
}

enum text_kind text_kind_of(const struct schema_field *field)
{
	static const enum text_kind kinds[] = {[SCHEMA_BOOL] = TEXT_BOOL,
		[SCHEMA_INT32] = TEXT_INT32,
		[SCHEMA_INT64] = TEXT_INT64,
		[SCHEMA_FLOAT] = TEXT_FLOAT,
		[SCHEMA_DOUBLE] = TEXT_DOUBLE,
		[SCHEMA_STRING] = TEXT_STRING,
		[SCHEMA_BINARY] = TEXT_BINARY,
		[SCHEMA_DATE] = TEXT_DATE,
		[SCHEMA_TIMESTAMP] = TEXT_TIMESTAMP,
		[SCHEMA_TIMESTAMP_NTZ] = TEXT_LOCAL};
	if (field->type == SCHEMA_DECIMAL)
		return field->precision > 18 ? TEXT_DECIMAL128 : TEXT_DECIMAL64;
	return kinds[field->type];
}

/* NaN and infinities, which JSON has as strings. */
static char *put_odd(char *p, double d, bool json)
{
	const char *word = isnan(d) ? "NaN" : d < 0 ? "-Infinity" : "Infinity";
	if (json)
		*p++ = '"';
	p = jsonout_raw(p, word, strlen(word));
	if (json)
		*p++ = '"';
	return p;
}

/* A value that is neither text nor binary; those of JSON that are strings get their quotes elsewhere. */
static char *put_plain(struct text_leaf *l, const unsigned char *from, bool json, char *p)
{
	int32_t narrow;
	int64_t wide;
	pq_int128 big;
	double d;
	float f;
	switch (l->kind) {
	case TEXT_BOOL:
		return *from ? JSONOUT_LITERAL(p, "true") : JSONOUT_LITERAL(p, "false");
	case TEXT_INT32:
		memcpy(&narrow, from, 4);
		return jsonout_int(p, narrow);
	case TEXT_FLOAT:
		memcpy(&f, from, 4);
		return isfinite(f) ? jsonout_float(p, f) : put_odd(p, f, json);
	case TEXT_DOUBLE:
		memcpy(&d, from, 8);
		return isfinite(d) ? jsonout_double(p, d) : put_odd(p, d, json);
	case TEXT_DECIMAL128:
		memcpy(&big, from, 16);
		return columntext_decimal(p, big, l->scale);
	case TEXT_DATE:
		memcpy(&narrow, from, 4);
		return columntext_date(p, narrow, &l->date);
	default:
		break;
	}
	memcpy(&wide, from, 8);
	if (l->kind == TEXT_INT64)
		return jsonout_int(p, wide);
	if (l->kind == TEXT_DECIMAL64)
		return columntext_decimal(p, wide, l->scale);
	p = columntext_time(p, wide, &l->date);
	if (l->kind == TEXT_TIMESTAMP)
		*p++ = 'Z';
	return p;
}

static bool put_string(struct pq_text *t, const struct text_leaf *l, const struct pq_bytes *v,
	enum pq_text_format format, struct text_out *o)
{
	const char *s = (const char *)v->s;
	if (!utf8_valid(s, v->len))
		return text_fail(t, l->leaf->field, TEXT_NOT_UTF8);
	if (format == PQ_TEXT_JSON) {
		text_out_need(o, v->len < LONG_TEXT ? JSONOUT_MAX(v->len) : jsonout_bytes_size(s, v->len));
		o->p = jsonout_string(o->p, s, v->len);
		return true;
	}
	text_out_need(o, COLUMNSOUT_MAX(v->len));
	o->p = columnsout_field(o->p, format == PQ_TEXT_CSV, s, v->len, ',', '\n');
	if (format == PQ_TEXT_CSV && !v->len)
		o->p = JSONOUT_LITERAL(o->p, "\"\"");
	return true;
}

static void put_binary(const struct pq_bytes *v, bool json, struct text_out *o)
{
	text_out_need(o, BASE64_SIZE(v->len) + 2);
	if (json)
		*o->p++ = '"';
	o->p += base64_encode(o->p, v->s, v->len);
	if (json)
		*o->p++ = '"';
}

bool text_put_value(struct pq_text *t, struct text_leaf *l, const struct pq_column_values *values, size_t number,
	enum pq_text_format format, struct text_out *o)
{
	bool json = format == PQ_TEXT_JSON;
	if (l->kind == TEXT_STRING)
		return put_string(t, l, &values->bytes[number], format, o);
	if (l->kind == TEXT_BINARY) {
		put_binary(&values->bytes[number], json, o);
		return true;
	}
	text_out_need(o, SCALAR_MAX);
	bool quoted = json && l->kind >= TEXT_DATE;
	if (quoted)
		*o->p++ = '"';
	o->p = put_plain(l, values->data + number * l->leaf->width, json, o->p);
	if (quoted)
		*o->p++ = '"';
	return true;
}
