/* Parquet files: settings that do not fit, an output that fails, and damage. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "tests/unit/check.h"
#include "tests/unit/pq_both_ways.h"
#include "tests/unit/pq_chunk.h"

static void test_bad_settings(void)
{
	struct both_ways b = {0};
	const char *const none[] = {"nothing", NULL}, *const flag[] = {"f", NULL};
	struct pq_columns *c = NULL;
	begin(&b, "f boolean", PQ_ZSTD);
	b.settings.bloom = none;
	CHECK_INT(pq_columns_new(&b.schema, &b.settings, &c, &b.err), -EINVAL);
	CHECK_STR(b.err.s, "'nothing' is no field with values of its own, and cannot have a Bloom filter");
	strbuf_clear(&b.err);
	b.settings.bloom = flag;
	CHECK_INT(pq_columns_new(&b.schema, &b.settings, &c, &b.err), -EINVAL);
	CHECK_STR(b.err.s, "'f' is a boolean, and cannot have a Bloom filter");
	end(&b);
}

static int full(void *self, const void *data, size_t len, struct strbuf *err)
{
	(void)self, (void)data, (void)len;
	strbuf_addstr(err, "full");
	return -ENOSPC;
}

static void test_sink_fails(void)
{
	struct both_ways b = {0};
	begin(&b, "f boolean", PQ_ZSTD);
	struct pq_writer *w = pq_writer_new(b.c, full, NULL);
	pq_put_bool(&b.c->leaf[0], true, 0);
	row(&b);
	CHECK_INT(pq_writer_flush(w, b.c, &b.err), -ENOSPC);
	CHECK_STR(b.err.s, "full");
	pq_writer_free(w);
	end(&b);
}

/* Read all of a file that may be damaged; returns whether nothing was wrong. */
static bool all_well(const char *bytes, size_t len)
{
	struct strbuf err = STRBUF_INIT;
	struct pq_file *file;
	struct pq_values v;
	int r = pq_file_open(bytes, len, &file, &err);
	if (r == 0) {
		for (size_t g = 0; g < file->groups; g++)
			for (size_t i = 0; r == 0 && i < file->leaves; i++)
				if ((r = chunk_read(file, g, i, &v, &err)) == 0)
					chunk_release(&v);
		pq_file_free(file);
	}
	CHECK(r == 0 ? !err.len : err.len > 0);
	strbuf_release(&err);
	return r == 0;
}

/* Every byte of the pages, and every length. */
static void test_damage(void)
{
	struct both_ways b = {0};
	begin(&b, "s string not null, l bigint, f boolean", PQ_ZSTD);
	for (size_t i = 0; i < 50; i++) {
		put_row(&b, i);
		row(&b);
	}
	finish(&b);
	CHECK(all_well(b.bytes.s, b.bytes.len));
	for (size_t len = 0; len < b.bytes.len; len++) {
		char *part = xmalloc(len + 1);
		memcpy(part, b.bytes.s, len);
		CHECK(!all_well(part, len));
		free(part);
	}
	const struct pq_file_chunk *chunk = &b.file->group[0].chunks[0];
	size_t unseen = 0;
	for (int64_t at = 4; at < chunk->start + chunk->len; at++) {
		b.bytes.s[at] ^= 0x40;
		unseen += all_well(b.bytes.s, b.bytes.len);
		b.bytes.s[at] ^= 0x40;
	}
	CHECK(unseen < 8); /* in a header: the encoding of levels, of which there are none */
	end(&b);
}

int main(void)
{
	TEST(test_bad_settings);
	TEST(test_sink_fails);
	TEST(test_damage);
	return check_done();
}
