/* For unit tests that read Parquet files: files in memory, made of records. */
#ifndef WEIR_TESTS_PQ_WRITTEN_H
#define WEIR_TESTS_PQ_WRITTEN_H

#include "common/data/schema_text.h"
#include "common/parquet/shred.h"
#include "common/parquet/writer.h"
#include "tests/unit/check.h"

static inline int to_strbuf(void *self, const void *data, size_t len, struct strbuf *err)
{
	(void)err;
	strbuf_add(self, data, len);
	return 0;
}

static inline void parse(struct schema *s, const char *text)
{
	struct strbuf err = STRBUF_INIT;
	schema_init(s);
	CHECK_INT(schema_parse_text(s, text, strlen(text), &err), 0);
	strbuf_release(&err);
}

/*
 * A file with the columns of TEXT and one row for each of LINES; GROUP rows per row group; pages of 3 entries, when
 * GIVEN, of which the codec is not used, do not say otherwise.
 */
static inline void write_file(
	const char *text, const char *lines, unsigned group, const struct pq_settings *given, struct strbuf *ret)
{
	struct strbuf err = STRBUF_INIT;
	const struct pq_codec_spec spec = {.kind = PQ_SNAPPY};
	struct pq_settings settings = given ? *given : (struct pq_settings){.page_entries = 3};
	struct pq_columns *columns = NULL;
	const struct pq_result *result;
	struct shred *shred = NULL;
	struct schema schema;
	const char *rec;
	size_t len;
	parse(&schema, text);
	CHECK_INT(pq_codec_new(&spec, &settings.codec, &err), 0);
	CHECK_INT(pq_columns_new(&schema, &settings, &columns, &err), 0);
	CHECK_INT(shred_new(&schema, SHRED_NEW_FAIL, &shred), 0);
	struct pq_writer *writer = pq_writer_new(columns, to_strbuf, ret);
	shred_span(shred, lines, strlen(lines), '\n');
	for (unsigned n = 1; shred_next(shred, &rec, &len) > 0; n++) {
		CHECK_INT(shred_put(shred, columns, &err), 0);
		if (n % group == 0)
			CHECK_INT(pq_writer_flush(writer, columns, &err), 0);
	}
	CHECK_INT(pq_writer_flush(writer, columns, &err), 0);
	CHECK_INT(pq_writer_finish(writer, NULL, 0, &result, &err), 0);
	CHECK_STR(err.s, "");
	pq_writer_free(writer);
	shred_free(shred);
	pq_columns_free(columns);
	pq_codec_free(settings.codec);
	schema_release(&schema);
	strbuf_release(&err);
}

#endif
