/* Writers of raw tables for unit tests. */
#ifndef WEIR_TESTS_LAKE_WRITER_H
#define WEIR_TESTS_LAKE_WRITER_H

#include "common/lake/decode.h"
#include "common/lake/writer.h"
#include "tests/unit/fake_store.h"

static const char ident[] = "00000000-0000-4000-8000-000000000001";
static struct strbuf why = STRBUF_INIT;

/* A writer into a table of its own. */
struct writer_setup {
	struct store *store;
	struct layout layout;
	struct writer *writer;
};

static int begin_in(
	struct writer_setup *w, struct writer_pool *pool, const char *pattern, struct codec_spec codec, uint64_t memory)
{
	struct strbuf dir = STRBUF_INIT;
	*w = (struct writer_setup){0};
	strbuf_clear(&why);
	strbuf_addf(&dir, "%s/%d", top, tables++);
	CHECK_INT(store_open(dir.s, ident, NULL, &w->store, &why), 0);
	CHECK_INT(layout_init(&w->layout, pattern, &why), 0);
	strbuf_release(&dir);
	struct writer_config config = {.store = w->store,
		.layout = &w->layout,
		.pool = pool,
		.codec = codec,
		.memory = memory,
		.uuid = ident,
		.delim = '\n'};
	return writer_new(&config, &w->writer, &why);
}

static void end(struct writer_setup *w)
{
	writer_free(w->writer);
	layout_release(&w->layout);
	store_close(w->store);
}

/* Put the record TEXT at second T. */
static int put(struct writer_setup *w, int64_t t, const char *text)
{
	struct timespec at = {.tv_sec = t};
	struct part *part;
	int r = writer_part(w->writer, &at, NULL, &part, &why);
	if (r == 0)
		r = writer_put(w->writer, part, text, strlen(text), &why);
	if (r == 0)
		part_count(part, 1);
	return r;
}

static int add_piece(void *arg, const char *s, size_t len)
{
	strbuf_add(arg, s, len);
	return 0;
}

/* The records of FILE, which is staged, or with PUBLISHED is not any more. */
static const char *contents(struct writer_setup *w, const struct lake_file *file, bool published)
{
	static struct strbuf text = STRBUF_INIT;
	strbuf_clear(&text);
	CHECK_INT(
		decode_file(w->store, file->path, published ? NULL : file->tag, file->size, add_piece, &text, &why), 0);
	CHECK_STR(why.s, "");
	return text.s;
}

#endif
