/* Checking Parquet files: see parquet_check.h. */
#include "common/lake/parquet_check.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "common/parquet/chunk_rows.h"

#define MEMORY (256u << 20) /* for the pages of a column */

/* A file that is being checked. */
struct checking {
	struct store *store;
	const char *path;
	struct pq_source source;
	struct pq_file *file;
	struct strbuf unread; /* what is not read here, the first of it */
	struct strbuf *err;
};

static int damaged(const struct checking *c, const char *why)
{
	strbuf_addf(c->err, "'%s' is damaged: %s", c->path, why);
	return -EBADMSG;
}

static int read_at(void *arg, uint64_t at, void *to, size_t n, struct strbuf *err)
{
	const struct checking *c = arg;
	char *p = to;
	while (n) {
		int some = store_read(c->store, c->path, NULL, at, p, n < INT_MAX ? n : INT_MAX, err);
		if (some == 0)
			strbuf_addstr(err, "it has become shorter");
		if (some <= 0)
			return some < 0 ? some : -EBADMSG;
		p += some;
		at += (uint64_t)some;
		n -= (size_t)some;
	}
	return 0;
}

/* Reading the file has failed with R because of WHY, whether that is its contents or the store. */
static int failed(const struct checking *c, int r, const struct strbuf *why)
{
	if (r == -EBADMSG || r == -EFBIG)
		return damaged(c, why->s);
	strbuf_addstr(c->err, why->s);
	return r;
}

static int open_file(struct checking *c)
{
	struct strbuf why = STRBUF_INIT;
	int r = pq_source_open(&c->source, &c->file, &why);
	if (r < 0)
		r = failed(c, r, &why);
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

/* Decode a chunk.  -ENOTSUP, with the reason in WHY: it is not read here. */
static int check_chunk(const struct checking *c, size_t group, size_t leaf, struct strbuf *why)
{
	uint64_t rows;
	int r = pq_chunk_rows(c->file, &c->source, group, leaf, MEMORY, &rows, why);
	if (r == 0 && rows != (uint64_t)c->file->group[group].rows) {
		strbuf_addf(why, "column '%s' does not have as many rows as its row group", c->file->leaf[leaf].path);
		r = -EBADMSG;
	}
	if (r == -EFBIG)
		return -ENOTSUP;
	return r < 0 && r != -ENOTSUP ? failed(c, r, why) : r;
}

/* Decode all chunks that are read here, except those of the columns DECODED. */
static int check_chunks(struct checking *c, const struct parquet_decoded *decoded)
{
	bool some = decoded && decoded->leaf && decoded->leaves == c->file->leaves;
	struct strbuf why = STRBUF_INIT;
	int r = 0;
	for (size_t i = 0; r == 0 && i < c->file->groups; i++) {
		for (size_t j = 0; r == 0 && j < c->file->leaves; j++) {
			if (some && decoded->leaf[j])
				continue;
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

int parquet_check(struct store *store, const char *path, uint64_t size, struct parquet_spared spared,
	struct parquet_checked *ret, struct strbuf *err)
{
	struct checking c = {.store = store, .path = path, .unread = STRBUF_INIT, .err = err};
	c.source = (struct pq_source){.read = read_at, .arg = &c, .size = size};
	int r = open_file(&c);
	if (r == 0)
		r = check_groups(&c);
	if (r == 0 && !spared.pages)
		r = check_chunks(&c, spared.decoded);
	if (r == 0) {
		*ret = (struct parquet_checked){.rows = c.file->rows,
			.ours = c.file->created_by && strncmp(c.file->created_by, "weir ", 5) == 0,
			.partly = c.unread.len};
		strbuf_addstr(err, c.unread.s);
	}
	pq_file_free(c.file);
	strbuf_release(&c.unread);
	return r;
}
