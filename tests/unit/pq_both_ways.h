/* For unit tests of Parquet files: a file in memory that is written and opened again. */
#ifndef WEIR_TESTS_PQ_BOTH_WAYS_H
#define WEIR_TESTS_PQ_BOTH_WAYS_H

#include <stdio.h>
#include <string.h>

#include "common/data/schema_text.h"
#include "common/parquet/reader.h"
#include "common/parquet/writer.h"
#include "tests/unit/check.h"

/* A file in memory on its way out and back. */
struct both_ways {
	struct schema schema;
	struct pq_settings settings;
	struct pq_columns *c;
	struct pq_writer *w;
	const struct pq_result *result;
	struct strbuf bytes, err;
	struct pq_file *file;
};

static inline int keep(void *self, const void *data, size_t len, struct strbuf *err)
{
	(void)err;
	strbuf_add(self, data, len);
	return 0;
}

static inline void begin(struct both_ways *b, const char *text, enum pq_codec_kind kind)
{
	const struct pq_codec_spec spec = {kind, kind == PQ_NONE || kind == PQ_SNAPPY ? 0 : 1};
	strbuf_init(&b->bytes);
	strbuf_init(&b->err);
	schema_init(&b->schema);
	CHECK_INT(schema_parse_text(&b->schema, text, strlen(text), &b->err), 0);
	CHECK_INT(pq_codec_new(&spec, &b->settings.codec, &b->err), 0);
	CHECK_INT(pq_columns_new(&b->schema, &b->settings, &b->c, &b->err), 0);
	b->w = pq_writer_new(b->c, keep, &b->bytes);
}

static inline void row(struct both_ways *b)
{
	CHECK_INT(pq_columns_end_row(b->c, &b->err), 0);
}

static inline void finish(struct both_ways *b)
{
	CHECK_INT(pq_writer_flush(b->w, b->c, &b->err), 0);
	CHECK_INT(pq_writer_finish(b->w, NULL, 0, &b->result, &b->err), 0);
	CHECK_INT(b->result->bytes, b->bytes.len);
	CHECK_INT(pq_file_open(b->bytes.s, b->bytes.len, &b->file, &b->err), 0);
	CHECK_STR(b->err.s, "");
}

static inline void end(struct both_ways *b)
{
	pq_file_free(b->file);
	pq_writer_free(b->w);
	pq_columns_free(b->c);
	pq_codec_free(b->settings.codec);
	schema_release(&b->schema);
	strbuf_release(&b->bytes);
	strbuf_release(&b->err);
}

/* Row I of a file with the columns s, l and f: mostly new strings, so that the dictionary overflows. */
static inline void put_row(struct both_ways *b, size_t i)
{
	char text[32];
	int len = snprintf(text, sizeof text, "value %zu", i * 7919 % 4000);
	pq_put_bytes(&b->c->leaf[0], text, (size_t)len, 0);
	if (i % 3)
		pq_put_i64(&b->c->leaf[1], (int64_t)i % 100 - 50, 0);
	else
		pq_put_null(&b->c->leaf[1], 0, 0);
	pq_put_bool(&b->c->leaf[2], i % 7 == 0, 0);
}

#endif
