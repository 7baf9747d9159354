/*
 * Records of JSON, TSV and CSV.  The first byte says how they are read.  However the input is cut into spans, the same
 * records, values and errors must come out, and all records together must be the input.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bits of the first byte. */
enum how { CSV = 1, NUL = 2, MARKED = 4, HEADER = 8, SHORT = 16, JSON = 32, WHOLE = 64 };

#define FIELDS 4

/* Not all readers ask for the whole record (.), which reads values that are skipped otherwise. */
static const char *const *fields_of(uint8_t how)
{
	static const char *const columns[FIELDS] = {"$1", "$3", "$2", "$3"}, *const members[FIELDS] = {".a", ".b.c"},
				 *const whole[FIELDS] = {".a", ".", ".[1]"};

	return !(how & JSON) ? columns : how & WHOLE ? whole : members;
}

static struct records *new_reader(uint8_t how)
{
	const struct records_opts opts = {.format = how & JSON  ? RECORDS_JSON
						    : how & CSV ? RECORDS_CSV
								: RECORDS_TSV,
		.header = (how & (HEADER | JSON)) == HEADER};
	const struct filter_opts filter = {.null = (how & NUL) != 0, .max_record = how & SHORT ? 20 : 0};
	const char *const *fields = fields_of(how);
	struct strbuf err = STRBUF_INIT;
	struct records *r;

	if (records_new(&r, &opts, &filter, &err) < 0)
		abort();
	for (int i = 0; i < FIELDS && fields[i]; i++) {
		struct expr_field field;
		if (records_field(&field, fields[i], &err) < 0 || records_add(r, &field, &err) != i)
			abort();
		path_release(&field.path);
	}
	strbuf_release(&err);
	return r;
}

/* Read everything, and write a description to OUT and the bytes to COPY; false: the input is unsuitable. */
static bool drain(struct records *r, uint8_t how, struct strbuf *out, struct strbuf *copy)
{
	const char *const *fields = fields_of(how);
	const char *rec;
	size_t len;
	int n;

	while ((n = records_next(r, &rec, &len)) != 0) {
		strbuf_addf(out, "%d", n);
		if (n == -ENOENT)
			return false;
		strbuf_add(copy, rec, len);
		strbuf_addch(copy, how & NUL ? '\0' : '\n');
		if (n == -EBADMSG)
			strbuf_addf(out, "(%llu %zu %s)", (unsigned long long)records_error(r)->number,
				records_error(r)->pos, records_error(r)->what);
		for (int i = 0; n != 2 && i < FIELDS && fields[i]; i++) {
			const struct value *v = &records_values(r)[i];
			strbuf_addf(out, " %d:", (int)v->type);
			if (v->type != VALUE_MISSING)
				strbuf_add(out, v->s, v->len);
			if (n < 0 && v->type != VALUE_MISSING)
				abort();
		}
		strbuf_addch(out, '\n');
	}
	return true;
}

/* Read the LEN bytes at S, which end with the delimiter, in spans of at least SIZE bytes; each in memory of its own. */
static void read_all(uint8_t how, const char *s, size_t len, size_t size, struct strbuf *out)
{
	struct records *r = new_reader(how);
	struct flow flow = {.inputs = 1, .input = "x", .input_marked = (how & MARKED) != 0};
	const char delim = how & NUL ? '\0' : '\n', *end = s + len;
	struct strbuf copy = STRBUF_INIT;
	bool fit = true;

	for (const char *at = s; fit && at < end;) {
		size_t left = (size_t)(end - at);
		const char *stop = size < left ? memchr(at + size, delim, left - size) : end - 1;
		size_t part = (size_t)(stop - at) + 1;
		char *span = xmalloc(part);
		memcpy(span, at, part);
		records_span(r, span, part, &flow);
		fit = drain(r, how, out, &copy);
		free(span);
		at += part;
	}
	records_end(r);
	fit = fit && drain(r, how, out, &copy);
	size_t mark = (how & (HEADER | JSON)) == HEADER && len > 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	if (fit && (copy.len != len - mark || (copy.len && memcmp(copy.s, s + mark, copy.len) != 0)))
		abort();
	strbuf_release(&copy);
	records_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t sizes[] = {0, 3, 10, 40};
	struct strbuf whole = STRBUF_INIT, text = STRBUF_INIT;

	if (!size)
		return 0;
	uint8_t how = *data;
	strbuf_add(&text, data + 1, size - 1);
	if (text.len && text.s[text.len - 1] != (how & NUL ? '\0' : '\n'))
		strbuf_addch(&text, how & NUL ? '\0' : '\n');
	read_all(how, text.s, text.len, SIZE_MAX, &whole);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct strbuf cut = STRBUF_INIT;
		read_all(how, text.s, text.len, sizes[i], &cut);
		if (cut.len != whole.len || memcmp(cut.s, whole.s, whole.len) != 0)
			abort();
		strbuf_release(&cut);
	}
	strbuf_release(&whole);
	strbuf_release(&text);
	return 0;
}
