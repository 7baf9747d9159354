/* Sorted stretches of items in a file, and merging them: see stretches.h. */
#include "common/io/stretches.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/io/file.h"
#include "common/io/sorter_item.h"

#define READ_MIN ((size_t)4 << 10) /* bytes of each stretch that are read at once */
#define READ_MAX ((size_t)1 << 20)

void stretches_init(struct stretches *s)
{
	*s = (struct stretches){.fd = -1};
}

void stretches_release(struct stretches *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->items[i].buf);
	if (s->fd >= 0) {
		outbuf_release(&s->out);
		close(s->fd);
	}
	free(s->items);
	free(s->heap);
	stretches_init(s);
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static int open_file(struct stretches *s)
{
	int fd = file_unnamed("weir-sort");
	if (fd < 0)
		return fd;
	s->fd = fd;
	outbuf_init(&s->out, fd, "a file in $TMPDIR");
	return 0;
}

int stretches_begin(struct stretches *s)
{
	int r = s->fd < 0 ? open_file(s) : 0;
	if (r < 0)
		return r;
	if (s->count == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 16;
		s->items = xreallocarray(s->items, s->cap, sizeof *s->items);
	}
	s->items[s->count] = (struct stretch){.at = s->written, .number = s->count};
	s->count++;
	return 0;
}

int stretches_put(struct stretches *s, const char *item)
{
	size_t len = item_len(item);
	s->written += len;
	return outbuf_write(&s->out, item, len);
}

int stretches_end(struct stretches *s)
{
	s->items[s->count - 1].end = s->written;
	return outbuf_flush(&s->out);
}

/* --- merging ------------------------------------------------------------------------------------------------------ */

/* Have at least NEED bytes of the rest of ST in memory: 0; -EIO: there are fewer. */
static int fill(const struct stretches *s, struct stretch *st, size_t need)
{
	memmove(st->buf, st->buf + st->pos, st->len - st->pos);
	st->len -= st->pos;
	st->pos = 0;
	if (need > st->cap) {
		st->buf = xreallocarray(st->buf, need, 1);
		st->cap = need;
	}
	while (st->len < need) {
		size_t room = st->cap - st->len;
		uint64_t left = st->end - st->at;
		ssize_t n = pread(s->fd, st->buf + st->len, left < room ? (size_t)left : room, (off_t)st->at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		st->len += (size_t)n;
		st->at += (uint64_t)n;
	}
	return 0;
}

/* Have the next item of ST in memory as a whole: 1; 0 at its end. */
static int next_of(const struct stretches *s, struct stretch *st)
{
	if (st->pos == st->len && st->at == st->end)
		return 0;
	int r = st->len - st->pos < sizeof(struct sorter_head) ? fill(s, st, sizeof(struct sorter_head)) : 0;
	if (r < 0)
		return r;
	size_t len = item_len(st->buf + st->pos);
	if (st->len - st->pos < len)
		r = fill(s, st, len);
	return r < 0 ? r : 1;
}

static bool is_before(const struct stretch *a, const struct stretch *b)
{
	int r = item_compare(a->buf + a->pos, b->buf + b->pos);
	return r ? r < 0 : a->number < b->number;
}

/* Move the stretch at I of the heap down to where it belongs. */
static void sink(struct stretches *s, size_t i)
{
	for (size_t child; (child = 2 * i + 1) < s->heaped; i = child) {
		if (child + 1 < s->heaped && is_before(s->heap[child + 1], s->heap[child]))
			child++;
		if (!is_before(s->heap[child], s->heap[i]))
			return;
		struct stretch *st = s->heap[i];
		s->heap[i] = s->heap[child];
		s->heap[child] = st;
	}
}

int stretches_merge(struct stretches *s, size_t memory)
{
	size_t each = memory / s->count;
	each = each < READ_MIN ? READ_MIN : each > READ_MAX ? READ_MAX : each;
	s->heap = xcalloc(s->count, sizeof *s->heap);
	for (size_t i = 0; i < s->count; i++) {
		struct stretch *st = &s->items[i];
		st->buf = xmalloc(each);
		st->cap = each;
		int r = next_of(s, st);
		if (r < 0)
			return r;
		s->heap[s->heaped++] = st;
	}
	for (size_t i = s->heaped / 2; i-- > 0;)
		sink(s, i);
	return 0;
}

/* Go on to the item after the first one of the heap. */
static int pass(struct stretches *s)
{
	struct stretch *st = s->heap[0];
	st->pos += item_len(st->buf + st->pos);
	int r = next_of(s, st);
	if (r == 0)
		s->heap[0] = s->heap[--s->heaped];
	if (r >= 0)
		sink(s, 0);
	return r < 0 ? r : 0;
}

int stretches_next(struct stretches *s, const char **ret)
{
	int r = s->begun && s->heaped ? pass(s) : 0;
	if (r < 0 || !s->heaped)
		return r;
	s->begun = true;
	*ret = s->heap[0]->buf + s->heap[0]->pos;
	return 1;
}
