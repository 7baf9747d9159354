/* Files that are read by a callback: see source.h. */
#include "common/parquet/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/io/file.h"

#define MAGIC_LEN  4
#define FOOTER_MAX (256u << 20)
/* The footers of most files are read by the first request, together with the length at their end. */
#define GUESS (64u << 10)

/* The last HAVE bytes of the file are at the end of BYTES: read its footer. */
static int open_footer(
	const struct pq_source *source, unsigned char *bytes, size_t have, struct pq_file **ret, struct strbuf *err)
{
	size_t len = 0;
	unsigned char *all = NULL;
	int r = pq_footer_len(bytes + have - PQ_TAIL, source->size, &len, err);
	if (r == 0 && len > FOOTER_MAX) {
		strbuf_addf(err, "the footer has %zu bytes", len);
		r = -EFBIG;
	}
	if (r < 0)
		return r;
	uint64_t before = source->size - PQ_TAIL - len;
	unsigned char *footer = bytes + have - PQ_TAIL - len;
	if (len > have - PQ_TAIL) {
		footer = all = xmalloc(len);
		r = source->read(source->arg, before, footer, len, err);
	}
	if (r == 0)
		r = pq_footer_keep(footer, len, (size_t)before, ret, err);
	free(all);
	return r;
}

int pq_source_open(const struct pq_source *source, struct pq_file **ret, struct strbuf *err)
{
	size_t have = source->size < GUESS ? (size_t)source->size : GUESS;
	if (have < MAGIC_LEN + PQ_TAIL) {
		strbuf_addstr(err, "it is not a Parquet file, or is cut");
		return -EBADMSG;
	}
	unsigned char *bytes = xmalloc(have);
	int r = source->read(source->arg, source->size - have, bytes, have, err);
	if (r == 0)
		r = open_footer(source, bytes, have, ret, err);
	free(bytes);
	return r;
}

int pq_source_pread(void *arg, uint64_t at, void *to, size_t n, struct strbuf *err)
{
	const int *fd = arg;
	int r = file_read_at(*fd, to, n, at);
	if (r < 0)
		strbuf_addstr(err, r == -ENODATA ? "the file has become shorter" : diag_strerror(r));
	return r == -ENODATA ? -EBADMSG : r;
}
