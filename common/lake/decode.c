/* Reading data files: see decode.h. */
#include "common/lake/decode.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/count.h"
#include "common/io/unpack.h"

#define PIECE (1u << 20) /* bytes that are read and passed on at once */

struct decoder {
	struct store *store; /* borrowed */
	char *path, *tag;    /* owned; TAG may be NULL */
	uint64_t size;       /* by the log */
	uint64_t pos;        /* bytes that were read */
	bool ended;
	struct unpack *unpack; /* owned; NULL: the file is not compressed */
	struct strbuf *err;    /* of the call that is being made */
};

static ssize_t read_some(void *arg, void *buf, size_t size)
{
	struct decoder *d = arg;
	int r = store_read(d->store, d->path, d->tag, d->pos, buf, size, d->err);
	d->pos += r > 0 ? (uint64_t)r : 0;
	d->ended |= r == 0;
	return r == -ENOENT ? -EBADMSG : r;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

static enum unpack_kind kind_of(const char *path)
{
	return ends_with(path, ".gz") ? UNPACK_GZIP : ends_with(path, ".zst") ? UNPACK_ZSTD : UNPACK_NONE;
}

/* Decide what is wrong with a file of which a piece was read with the result R, 0 or negative. */
static ssize_t judge(const struct decoder *d, ssize_t r)
{
	const char *why = d->unpack ? unpack_why(d->unpack) : "";
	if ((r == 0 || *why) && d->ended && d->pos != d->size) {
		strbuf_addf(d->err, "'%s' has %" PRIu64 " bytes, but the log says %" PRIu64, d->path, d->pos, d->size);
		return -EBADMSG;
	}
	if (*why)
		strbuf_addf(d->err, "'%s' is damaged: %s", d->path, why);
	return r;
}

int decode_open(
	struct store *store, const char *path, const char *tag, uint64_t size, struct decoder **ret, struct strbuf *err)
{
	enum unpack_kind kind = kind_of(path);
	struct decoder *d = xcalloc(1, sizeof *d);
	int r = kind == UNPACK_NONE ? 0 : unpack_new(kind, read_some, d, &d->unpack);
	if (r < 0) {
		strbuf_addstr(err, "no memory to decompress");
		free(d);
		return r;
	}
	d->store = store;
	d->path = xstrdup(path);
	d->tag = tag ? xstrdup(tag) : NULL;
	d->size = size;
	*ret = d;
	return 0;
}

void decode_close(struct decoder *d)
{
	if (!d)
		return;
	unpack_free(d->unpack);
	free(d->path);
	free(d->tag);
	free(d);
}

ssize_t decode_read(struct decoder *d, void *buf, size_t size, struct strbuf *err)
{
	d->err = err;
	ssize_t n = d->unpack ? unpack_read(d->unpack, buf, size) : read_some(d, buf, size);
	return n > 0 ? n : judge(d, n);
}

int decode_file(struct store *store, const char *path, const char *tag, uint64_t size, decode_sink *sink, void *arg,
	struct strbuf *err)
{
	struct decoder *d;
	ssize_t n = 0;
	int r = decode_open(store, path, tag, size, &d, err);
	if (r < 0)
		return r;
	char *out = xmalloc(PIECE);
	while (r == 0 && (n = decode_read(d, out, PIECE, err)) != 0)
		r = n < 0 ? (int)n : sink(arg, out, (size_t)n);
	free(out);
	decode_close(d);
	return r;
}

void decode_count_begin(struct decode_count *count)
{
	count->records = 0;
	count->whole = true;
}

int decode_count_add(void *arg, const char *data, size_t len)
{
	struct decode_count *count = arg;
	count->records += count_bytes(data, len, count->delim);
	count->whole = data[len - 1] == count->delim;
	return 0;
}

int decode_count_check(const struct decode_count *count, const char *path, int64_t records, struct strbuf *err)
{
	if (count->whole && (records < 0 || (uint64_t)records == count->records))
		return 0;
	if (count->whole)
		strbuf_addf(
			err, "'%s' has %" PRIu64 " records, but the log says %" PRId64, path, count->records, records);
	else
		strbuf_addf(err, "'%s' ends in the middle of a record, after %" PRIu64, path, count->records);
	return -EBADMSG;
}
