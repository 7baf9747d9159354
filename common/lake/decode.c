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

/* A file while it is being read. */
struct reading {
	struct store *store;
	const char *path, *tag;
	uint64_t pos;
	bool ended;
	struct strbuf *err;
};

static ssize_t read_some(void *arg, void *buf, size_t size)
{
	struct reading *in = arg;
	int r = store_read(in->store, in->path, in->tag, in->pos, buf, size, in->err);
	in->pos += r > 0 ? (uint64_t)r : 0;
	in->ended |= r == 0;
	return r == -ENOENT ? -EBADMSG : r;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

/* Pass on all of IN, decompressed by U if that is not NULL. */
static int hand_out(struct reading *in, struct unpack *u, decode_sink *sink, void *arg)
{
	char *out = xmalloc(PIECE);
	ssize_t n;
	int r = 0;
	while (r == 0 && (n = u ? unpack_read(u, out, PIECE) : read_some(in, out, PIECE)) != 0)
		r = n < 0 ? (int)n : sink(arg, out, (size_t)n);
	free(out);
	return r;
}

static enum unpack_kind kind_of(const char *path)
{
	return ends_with(path, ".gz") ? UNPACK_GZIP : ends_with(path, ".zst") ? UNPACK_ZSTD : UNPACK_NONE;
}

/* Decide what is wrong with a file for which hand_out() has returned R; by the log it has SIZE bytes. */
static int judge(const struct reading *in, const struct unpack *u, int r, uint64_t size)
{
	const char *why = u ? unpack_why(u) : "";
	if ((r == 0 || *why) && in->ended && in->pos != size) {
		strbuf_addf(in->err, "'%s' has %" PRIu64 " bytes, but the log says %" PRIu64, in->path, in->pos, size);
		return -EBADMSG;
	}
	if (*why)
		strbuf_addf(in->err, "'%s' is damaged: %s", in->path, why);
	return r;
}

int decode_file(struct store *store, const char *path, const char *tag, uint64_t size, decode_sink *sink, void *arg,
	struct strbuf *err)
{
	struct reading in = {.store = store, .path = path, .tag = tag, .err = err};
	struct unpack *u = NULL;
	enum unpack_kind kind = kind_of(path);
	int r = kind == UNPACK_NONE ? 0 : unpack_new(kind, read_some, &in, &u);
	if (r < 0)
		strbuf_addstr(err, "no memory to decompress");
	else
		r = judge(&in, u, hand_out(&in, u, sink, arg), size);
	unpack_free(u);
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
