/*
 * Records of JSON into columns: an accepted record is JSON, and adds one record to each leaf; a refused one leaves
 * nothing behind.  Paths, and being in a span, make no difference.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/schema_text.h"
#include "common/parquet/shred.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char schema_text[] =
	"a int, b string, c struct<a double not null, d array<timestamp(ms)>>, m map<int, decimal(30,2)>,"
	" l array<struct<x boolean, y binary>>, n map<string, array<date>>, r string not null";

struct fuzz_table {
	struct schema schema;
	struct pq_codec *codec;
	struct pq_columns *columns;
	struct shred *sh;
};

static void ok(int r)
{
	if (r < 0)
		abort();
}

static void make(struct fuzz_table *t, enum shred_new on_new, bool paths)
{
	struct strbuf err = STRBUF_INIT;
	struct path path;

	schema_init(&t->schema);
	ok(schema_parse_text(&t->schema, schema_text, strlen(schema_text), &err));
	ok(pq_codec_new(&(struct pq_codec_spec){PQ_NONE, 0}, &t->codec, &err));
	ok(pq_columns_new(&t->schema, &(struct pq_settings){.codec = t->codec, .page_entries = 16}, &t->columns, &err));
	ok(shred_new(&t->schema, on_new, &t->sh));
	if (paths) {
		ok(path_init(&path, ".b", &err));
		(void)shred_want(t->sh, &path);
		path_release(&path);
	}
	strbuf_release(&err);
}

/* Each leaf must have as many records as there are rows, and end with a complete one. */
static void check_columns(const struct pq_columns *c, size_t records[])
{
	for (size_t i = 0; i < c->leaves; i++) {
		const struct pq_leaf *leaf = &c->leaf[i];
		size_t begun = 0;
		for (size_t e = 0; e < leaf->entries; e++)
			begun += !leaf->rep || !leaf->rep[e];
		if (begun != leaf->records)
			abort();
		records[i] = leaf->entries;
	}
}

static void run(struct fuzz_table *t, struct json *check, const char *s, size_t size)
{
	struct strbuf err = STRBUF_INIT;
	const char *rec;
	size_t len, before[32], after[32];
	int r;

	shred_span(t->sh, s, size, '\n');
	while ((r = shred_next(t->sh, &rec, &len)) != 0) {
		bool is_json = json_read(check, rec, len) == 0;
		strbuf_clear(&err);
		check_columns(t->columns, before);
		size_t rows = t->columns->rows;
		int put = shred_put(t->sh, t->columns, &err);
		if (r < 0 && put != r)
			abort();
		r = put;
		check_columns(t->columns, after);
		if ((r == -EBADMSG) == is_json || t->columns->rows != rows + (r == 0))
			abort();
		if (r < 0 && memcmp(before, after, t->columns->leaves * sizeof(*before)) != 0)
			abort();
	}
	strbuf_release(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_table tables[6]; /* made only once, because that takes longer than a record */
	static struct json *check;

	if (!check) {
		ok(json_new(&check));
		for (int i = 0; i < 6; i++)
			make(&tables[i], (enum shred_new)(i % 3), i / 3);
	}
	for (int i = 0; i < 6; i++) {
		pq_columns_reset(tables[i].columns);
		shred_forget(tables[i].sh);
		run(&tables[i], check, (const char *)data, size);
	}
	return 0;
}
