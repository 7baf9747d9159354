/*
 * Bytes that wait to be sent to a slower place: in memory while there is room, then in a file without a name in
 * $TMPDIR.
 *
 * Layer: io (uses base, file).  Many backlogs share a pool, which has one budget of memory and one file, however many
 * backlogs there are.  The bytes are kept in blocks, which become free again when their backlog is released.
 */
#ifndef WEIR_IO_BACKLOG_H
#define WEIR_IO_BACKLOG_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

struct backlog_pool;

/* Bytes of one backlog, in order.  A zeroed one without its pool is not valid. */
struct backlog {
	struct backlog_pool *pool; /* borrowed */
	uint32_t *blocks;
	size_t count, cap;
	uint64_t len;
};

/* A pool that holds about MEMORY bytes in memory; freed after all backlogs are released. */
struct backlog_pool *backlog_pool_new(uint64_t memory);
void backlog_pool_free(struct backlog_pool *pool);

/* Append LEN bytes.  0, or -errno of the file (-ENOSPC …) with ERR; then B keeps what was appended before. */
int backlog_append(struct backlog *b, const void *data, size_t len, struct strbuf *err) MUST_CHECK;

/* Copy SIZE bytes, from POS on, to BUF; B must have them.  0 or -errno; -EIO: another process has truncated the file.
 */
int backlog_read(const struct backlog *b, uint64_t pos, void *buf, size_t size) MUST_CHECK;

/* Give the blocks back; B is empty then, and may be used again. */
void backlog_release(struct backlog *b);

#endif
