/* Bytes that wait to be sent: see backlog.h. */
#include "common/io/backlog.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/io/file.h"

#define BLOCK   (64u << 10)
#define IN_FILE (UINT32_C(1) << 31) /* set in the number of a block that lies in the file */

/* Numbers that are free again. */
struct numbers {
	uint32_t *items;
	size_t count, cap;
};

struct backlog_pool {
	char **memory; /* the blocks in memory, by number */
	uint32_t in_memory, max_memory;
	uint32_t in_file;
	struct numbers free_memory, free_file;
	int fd; /* descriptor of the file; -1: not needed yet */
};

struct backlog_pool *backlog_pool_new(uint64_t memory)
{
	struct backlog_pool *pool = xcalloc(1, sizeof *pool);
	uint64_t max = memory / BLOCK;
	pool->max_memory = max < IN_FILE ? (uint32_t)max : IN_FILE - 1;
	pool->memory = xcalloc(pool->max_memory ? pool->max_memory : 1, sizeof *pool->memory);
	pool->fd = -1;
	return pool;
}

void backlog_pool_free(struct backlog_pool *pool)
{
	if (!pool)
		return;
	for (uint32_t i = 0; i < pool->in_memory; i++)
		free(pool->memory[i]);
	free(pool->memory);
	free(pool->free_memory.items);
	free(pool->free_file.items);
	if (pool->fd >= 0)
		close(pool->fd);
	free(pool);
}

static void number_add(struct numbers *n, uint32_t number)
{
	if (n->count == n->cap) {
		n->cap = n->cap ? 2 * n->cap : 64;
		n->items = xreallocarray(n->items, n->cap, sizeof *n->items);
	}
	n->items[n->count++] = number;
}

/* A block, in memory if there is room.  0 or -errno. */
static int block_get(struct backlog_pool *pool, uint32_t *ret)
{
	if (pool->free_memory.count) {
		*ret = pool->free_memory.items[--pool->free_memory.count];
		return 0;
	}
	if (pool->in_memory < pool->max_memory) {
		pool->memory[pool->in_memory] = xmalloc(BLOCK);
		*ret = pool->in_memory++;
		return 0;
	}
	if (pool->fd < 0 && (pool->fd = file_unnamed("weir-backlog")) < 0) {
		int r = pool->fd;
		pool->fd = -1;
		return r;
	}
	if (pool->free_file.count)
		*ret = pool->free_file.items[--pool->free_file.count];
	else if (pool->in_file == IN_FILE - 1)
		return -EFBIG;
	else
		*ret = IN_FILE | pool->in_file++;
	return 0;
}

static uint64_t place_of(uint32_t block, size_t at)
{
	return (uint64_t)(block & ~IN_FILE) * BLOCK + at;
}

/* Write LEN bytes to BLOCK after the AT bytes that it has. */
static int block_write(struct backlog_pool *pool, uint32_t block, size_t at, const char *s, size_t len)
{
	if (!(block & IN_FILE)) {
		memcpy(pool->memory[block] + at, s, len);
		return 0;
	}
	return file_write_at(pool->fd, s, len, place_of(block, at));
}

static int block_read(struct backlog_pool *pool, uint32_t block, size_t at, char *s, size_t len)
{
	if (!(block & IN_FILE)) {
		memcpy(s, pool->memory[block] + at, len);
		return 0;
	}
	int r = file_read_at(pool->fd, s, len, place_of(block, at));
	return r == -ENODATA ? -EIO : r;
}

/* Give B room for another block. */
static int add_block(struct backlog *b)
{
	uint32_t block;
	int r = block_get(b->pool, &block);
	if (r < 0)
		return r;
	if (b->count == b->cap) {
		b->cap = b->cap ? 2 * b->cap : 16;
		b->blocks = xreallocarray(b->blocks, b->cap, sizeof *b->blocks);
	}
	b->blocks[b->count++] = block;
	return 0;
}

int backlog_append(struct backlog *b, const void *data, size_t len, struct strbuf *err)
{
	const char *s = data;
	while (len) {
		size_t at = b->len % BLOCK, n = BLOCK - at < len ? BLOCK - at : len;
		int r = b->len / BLOCK < b->count ? 0 : add_block(b);
		if (r == 0)
			r = block_write(b->pool, b->blocks[b->len / BLOCK], at, s, n);
		if (r < 0) {
			const char *dir = getenv("TMPDIR");
			strbuf_addf(err, "cannot keep what is to be uploaded in a file in '%s': %s",
				dir && *dir ? dir : "/tmp", diag_strerror(r));
			return r;
		}
		b->len += n;
		s += n;
		len -= n;
	}
	return 0;
}

int backlog_read(const struct backlog *b, uint64_t pos, void *buf, size_t size)
{
	char *s = buf;
	if (pos > b->len || size > b->len - pos)
		return -EINVAL;
	while (size) {
		size_t at = pos % BLOCK, n = BLOCK - at < size ? BLOCK - at : size;
		int r = block_read(b->pool, b->blocks[pos / BLOCK], at, s, n);
		if (r < 0)
			return r;
		pos += n;
		s += n;
		size -= n;
	}
	return 0;
}

void backlog_release(struct backlog *b)
{
	for (size_t i = 0; i < b->count; i++)
		number_add(b->blocks[i] & IN_FILE ? &b->pool->free_file : &b->pool->free_memory, b->blocks[i]);
	free(b->blocks);
	*b = (struct backlog){.pool = b->pool};
}
