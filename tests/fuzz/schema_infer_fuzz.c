/*
 * Schemas of records, which are lines of JSON: a schema that was inferred can be written and read, and the values from
 * which it was inferred fit into it.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/convert.h"
#include "common/data/json.h"
#include "common/data/schema_infer.h"
#include "common/data/schema_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The values of the columns of S are those of J, in order; all fit. */
static void check_values(const struct schema *s, const struct value *values)
{
	for (size_t i = 0; i < s->root.count; i++) {
		const struct schema_field *f = &s->root.children[i];
		const struct value *v = &values[i];
		const char *why = "", *text;
		size_t len;
		int64_t n;
		double d;
		int32_t days;
		bool b;
		convert_i128 big;
		int r = 0;

		if (f->type == SCHEMA_BOOL)
			r = convert_bool(v, &b, &why);
		else if (f->type == SCHEMA_INT64)
			r = convert_int64(v, &n, &why);
		else if (f->type == SCHEMA_DOUBLE)
			r = convert_double(v, &d, &why);
		else if (f->type == SCHEMA_DECIMAL)
			r = convert_decimal(v, f->precision, f->scale, &big, &why);
		else if (f->type == SCHEMA_DATE)
			r = convert_date(v, &days, &why);
		else if (f->type == SCHEMA_TIMESTAMP)
			r = convert_timestamp(v, f->unit, NULL, &n, &why);
		else if (f->type == SCHEMA_STRING)
			r = convert_string(v, &text, &len, &why);
		else if (v->type > VALUE_NULL && (f->type == SCHEMA_STRUCT) != (v->type == VALUE_OBJECT))
			r = -EINVAL;
		bool beyond = f->type == SCHEMA_DOUBLE && r == -ERANGE, lone = f->type == SCHEMA_STRING && v->lone;
		if (r < 0 && r != -ENODATA && !beyond && !lone)
			abort();
	}
}

static struct json *reader_of(const struct schema *s)
{
	struct json *j;

	if (json_new(&j) < 0)
		abort();
	for (size_t i = 0; i < s->root.count; i++) {
		struct path_step step = {.name = s->root.children[i].name, .len = strlen(s->root.children[i].name)};
		(void)json_add(j, &(struct path){.steps = &step, .count = 1});
	}
	return j;
}

static void check_schema(const struct schema *s, const char *data, size_t size)
{
	struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
	struct schema parsed;
	struct json *j = reader_of(s);

	schema_print(s, &text);
	if (schema_parse_text(&parsed, text.s, text.len, &err) < 0 || !schema_equal(s, &parsed))
		abort();
	for (const char *p = data, *end = data + size; p < end;) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((lf ? lf : end) - p);
		if (json_read(j, p, len) == 0)
			check_values(s, json_values(j));
		p += len + 1;
	}
	json_free(j);
	schema_release(&parsed);
	strbuf_release(&text);
	strbuf_release(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf notes = STRBUF_INIT, err = STRBUF_INIT, taken = STRBUF_INIT;
	struct schema_infer *in;
	struct schema s;

	if (schema_infer_new(&in) < 0)
		abort();
	for (const char *p = (const char *)data, *end = p + size; p < end;) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((lf ? lf : end) - p);
		char *record = xmalloc(len); /* in memory of exactly its length */
		memcpy(record, p, len);
		int e = schema_infer_json(in, record, len);
		if (e == -EMSGSIZE)
			abort();
		if (e == 0) { /* a record that was refused has no part in the schema */
			strbuf_add(&taken, record, len);
			strbuf_addch(&taken, '\n');
		}
		free(record);
		p += len + 1;
	}
	int r = schema_infer_end(in, &s, &notes, &err);
	if ((r == 0) != !err.len)
		abort();
	if (r == 0) {
		check_schema(&s, taken.s, taken.len);
		schema_release(&s);
	}
	schema_infer_free(in);
	strbuf_release(&taken);
	strbuf_release(&notes);
	strbuf_release(&err);
	return 0;
}
