/* Checking Parquet files: see parquet_check.h. */
#include "common/lake/parquet_check.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/parquet/reader.h"

#define FOOTER_BYTES (64 << 20)  /* of the longest footer that is read */
#define CHUNK_BYTES  (512 << 20) /* of the longest column chunk */

/* A file that is being checked. */
struct checking {
	struct store *store;
	const char *path;
	uint64_t size;
	struct pq_file *file;
	struct strbuf unread; /* what is not read here, the first of it */
	struct strbuf *err;
};

static int damaged(const struct checking *c, const char *why)
{
	strbuf_addf(c->err, "'%s' is damaged: %s", c->path, why);
	return -EBADMSG;
}

/* Read exactly LEN bytes from POS on into BUF. */
static int read_at(const struct checking *c, uint64_t pos, void *buf, size_t len)
{
	char *to = buf;
	while (len) {
		size_t some = len < INT_MAX ? len : INT_MAX;
		int n = store_read(c->store, c->path, NULL, pos, to, some, c->err);
		if (n < 0)
			return n;
		if (n == 0)
			return damaged(c, "it has become shorter");
		to += n;
		pos += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

/* Read the footer into FOOTER, which must outlive c->file. */
static int open_file(struct checking *c, struct strbuf *footer)
{
	unsigned char end[PQ_TAIL];
	size_t len = 0;
	struct strbuf why = STRBUF_INIT;
	if (c->size < sizeof end)
		return damaged(c, "it is not a Parquet file, or is cut");
	int r = read_at(c, c->size - sizeof end, end, sizeof end);
	if (r == 0 && pq_footer_len(end, c->size, &len, &why) < 0)
		r = damaged(c, why.s);
	if (r == 0 && len > FOOTER_BYTES)
		r = damaged(c, "its footer is longer than any");
	if (r == 0) {
		r = read_at(c, c->size - PQ_TAIL - len, strbuf_grow(footer, len), len);
		strbuf_extend(footer, r == 0 ? len : 0);
	}
	if (r == 0 && pq_footer_open(footer->s, len, c->size - PQ_TAIL - len, &c->file, &why) < 0)
		r = damaged(c, why.s);
	strbuf_release(&why);
	return r;
}

static int check_groups(const struct checking *c)
{
	int64_t rows = 0;
	for (size_t i = 0; i < c->file->groups; i++) {
		int64_t n = c->file->group[i].rows;
		if (n < 0 || n > INT64_MAX - rows)
			return damaged(c, "the numbers of rows of its row groups are out of range");
		rows += n;
	}
	return rows == c->file->rows ? 0 : damaged(c, "its row groups do not have the number of rows that it says");
}

/* How many rows VALUES of LEAF begin. */
static int64_t rows_of(const struct pq_file_leaf *leaf, const struct pq_values *values)
{
	int64_t rows = 0;
	if (!leaf->max_rep)
		return (int64_t)values->entries;
	for (size_t i = 0; i < values->entries; i++)
		rows += values->rep[i] == 0;
	return rows;
}

/* Decode a chunk.  -ENOTSUP, with the reason in WHY: it is not read here. */
static int check_chunk(const struct checking *c, size_t group, size_t leaf, struct strbuf *why)
{
	const struct pq_file_chunk *chunk = &c->file->group[group].chunks[leaf];
	struct pq_values values;
	if (chunk->len > CHUNK_BYTES) {
		strbuf_addf(why, "a column chunk of %" PRId64 " bytes", chunk->len);
		return -ENOTSUP;
	}
	char *pages = xmalloc((size_t)chunk->len + 1);
	int r = read_at(c, (uint64_t)chunk->start, pages, (size_t)chunk->len);
	if (r == 0) {
		r = pq_chunk_read(c->file, group, leaf, pages, &values, why);
		if (r == 0 && rows_of(&c->file->leaf[leaf], &values) != c->file->group[group].rows) {
			strbuf_addf(why, "column '%s' does not have as many rows as its row group",
				c->file->leaf[leaf].path);
			r = -EBADMSG;
		}
		if (r == -EBADMSG)
			damaged(c, why->s);
		pq_values_release(&values);
	}
	free(pages);
	return r;
}

/* Decode all chunks that are read here. */
static int check_chunks(struct checking *c)
{
	struct strbuf why = STRBUF_INIT;
	int r = 0;
	for (size_t i = 0; r == 0 && i < c->file->groups; i++) {
		for (size_t j = 0; r == 0 && j < c->file->leaves; j++) {
			strbuf_clear(&why);
			r = check_chunk(c, i, j, &why);
			if (r != -ENOTSUP)
				continue;
			if (!c->unread.len)
				strbuf_addstr(&c->unread, why.s);
			r = 0;
		}
	}
	strbuf_release(&why);
	return r;
}

int parquet_check(struct store *store, const char *path, uint64_t size, bool footer, struct parquet_checked *ret,
	struct strbuf *err)
{
	struct checking c = {.store = store, .path = path, .size = size, .unread = STRBUF_INIT, .err = err};
	struct strbuf text = STRBUF_INIT;
	int r = open_file(&c, &text);
	if (r == 0)
		r = check_groups(&c);
	if (r == 0 && !footer)
		r = check_chunks(&c);
	if (r == 0) {
		*ret = (struct parquet_checked){.rows = c.file->rows,
			.ours = c.file->created_by && strncmp(c.file->created_by, "weir ", 5) == 0,
			.partly = c.unread.len};
		strbuf_addstr(err, c.unread.s);
	}
	pq_file_free(c.file);
	strbuf_release(&c.unread);
	strbuf_release(&text);
	return r;
}
