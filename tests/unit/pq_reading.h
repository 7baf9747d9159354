/* For unit tests of common/parquet/scan.h: a file in memory, read by its callback. */
#ifndef WEIR_TESTS_PQ_READING_H
#define WEIR_TESTS_PQ_READING_H

#include <errno.h>

#include "common/parquet/file_schema.h"
#include "common/parquet/text.h"
#include "tests/unit/pq_written.h"

/* A file in memory, and what was read of it. */
struct scan_reading {
	struct strbuf bytes, out, err;
	struct schema schema;
	struct pq_source source;
	struct pq_file *file;
	struct pq_scan *scan;
	struct pq_text *text;
	struct pq_want want;
	uint64_t read; /* bytes */
};

static inline int read_bytes(void *arg, uint64_t at, void *to, size_t n, struct strbuf *err)
{
	struct scan_reading *r = arg;
	if (at > r->bytes.len || n > r->bytes.len - at) {
		strbuf_addstr(err, "cut");
		return -EBADMSG;
	}
	memcpy(to, r->bytes.s + at, n);
	r->read += n;
	return 0;
}

static inline void init(struct scan_reading *r)
{
	*r = (struct scan_reading){.bytes = STRBUF_INIT, .out = STRBUF_INIT, .err = STRBUF_INIT};
	r->source = (struct pq_source){.read = read_bytes, .arg = r, .window = 1};
}

/* Open the bytes with the columns of WANT (NULL: all). */
static inline int open_reading(struct scan_reading *r, const char *want)
{
	r->source.size = r->bytes.len;
	schema_init(&r->schema);
	int status = pq_source_open(&r->source, &r->file, &r->err);
	if (status == 0 && want)
		parse(&r->schema, want);
	else if (status == 0)
		status = pq_file_schema(r->file, &r->schema, &r->err);
	r->want.schema = &r->schema;
	if (status == 0)
		status = pq_scan_new(r->file, &r->source, &r->want, &r->scan, &r->err);
	if (status == 0)
		r->text = pq_text_new(r->scan, r->schema.root.count, PQ_TEXT_JSON, false);
	return status;
}

static inline void end(struct scan_reading *r)
{
	pq_text_free(r->text);
	pq_scan_free(r->scan);
	pq_file_free(r->file);
	schema_release(&r->schema);
	strbuf_release(&r->bytes);
	strbuf_release(&r->out);
	strbuf_release(&r->err);
}

/* Append the rows of the batch. */
static inline int put_batch(struct scan_reading *r)
{
	uint32_t rows[PQ_BATCH_ROWS];
	for (uint32_t i = 0; i < r->scan->rows; i++)
		rows[i] = i;
	int n = 0;
	for (size_t done = 0; n >= 0 && done < r->scan->rows; done += (size_t)n) {
		const char *text;
		size_t len;
		n = pq_text_rows(r->text, rows + done, r->scan->rows - done, &text, &len, &r->err);
		if (n > 0)
			strbuf_add(&r->out, text, len);
	}
	return n < 0 ? n : 0;
}

static inline int read_all(struct scan_reading *r)
{
	int status = 0;
	for (size_t g = 0; status == 0 && g < r->file->groups; g++) {
		status = pq_scan_group(r->scan, g, NULL, &r->err);
		while (status == 0 && (status = pq_scan_next(r->scan, &r->err)) > 0)
			status = put_batch(r);
	}
	return status;
}

#define COLUMNS                                                                                                 \
	"n bigint not null, s string, d double, tags array<string>, g struct<x int, m map<string,array<int>>>," \
	" dec decimal(30,2), day date, ts timestamp"

/* N rows; s repeats itself, and row I has I % 4 tags. */
static inline void make_rows(size_t n, struct strbuf *ret)
{
	for (size_t i = 0; i < n; i++) {
		strbuf_addf(ret, "{\"n\":%zu", i);
		if (i % 7)
			strbuf_addf(ret, ",\"s\":\"user %zu\"", i % 50);
		if (i % 11)
			strbuf_addf(ret, ",\"d\":%zu.5", i);
		if (i % 5) {
			strbuf_addstr(ret, ",\"tags\":[");
			for (size_t k = 0; k < i % 4; k++)
				strbuf_addf(ret, "%s%s", k ? "," : "", k == 1 ? "null" : "\"a\\\"b\"");
			strbuf_addch(ret, ']');
		}
		if (i % 3)
			strbuf_addf(ret, ",\"g\":{\"x\":%zu,\"m\":{\"k\":[%zu,null],\"e\":[]}}", i, i);
		strbuf_addf(ret, ",\"dec\":%zu.05,\"day\":\"2026-11-%02zu\"", i, i % 28 + 1);
		strbuf_addf(ret, ",\"ts\":\"2026-11-22T10:00:%02zu.250Z\"}\n", i % 60);
	}
}

#endif
