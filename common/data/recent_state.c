/* Saving and loading the keys that were seen: see recent.h. */
#include <errno.h>
#include <string.h>

#include "common/data/recent.h"

/* The header before the keys. */
struct recent_head {
	struct hash_seed seed[2];
	int64_t now_ms;
	uint64_t evicted, added;
	uint64_t count; /* keys that are kept */
	uint64_t news;  /* keys that follow: the newest of them, or all */
};

void recent_save(struct recent *r, bool full, struct checkpoint_out *out)
{
	uint64_t news = r->added - r->saved;
	if (full || news > r->count)
		news = r->count;
	struct recent_head head = {
		.seed = {r->seed[0], r->seed[1]},
		.now_ms = r->now_ms,
		.evicted = r->evicted,
		.added = r->added,
		.count = r->count,
		.news = news,
	};
	checkpoint_put(out, &head, sizeof head);
	size_t from = (r->head + r->count - (size_t)news) & (r->cap - 1);
	size_t first = r->cap - from < news ? r->cap - from : (size_t)news;
	checkpoint_put(out, r->queue + from, first * sizeof *r->queue);
	checkpoint_put(out, r->queue, ((size_t)news - first) * sizeof *r->queue);
	r->saved = r->added;
}

static void clear(struct recent *r)
{
	memset(r->table, 0, r->cap * 2 * sizeof *r->table);
	r->head = r->count = 0;
}

/* The limit may be lower than when it was saved: the oldest keys are dropped, and count as evicted. */
int recent_load(struct recent *r, bool full, const char **s, const char *end)
{
	struct recent_head head;
	if ((size_t)(end - *s) < sizeof head)
		return -EBADMSG;
	memcpy(&head, *s, sizeof head);
	*s += sizeof head;
	if (head.news > (size_t)(end - *s) / sizeof(struct recent_entry) || head.news > head.count)
		return -EBADMSG;
	if (full) {
		clear(r);
		memcpy(r->seed, head.seed, sizeof r->seed);
		r->now_ms = INT64_MIN;
	}
	for (uint64_t i = 0; i < head.news; i++, *s += sizeof(struct recent_entry)) {
		struct recent_entry e;
		memcpy(&e, *s, sizeof e);
		if (!recent_has(r, e.key, e.ms))
			recent_add(r, e.key, e.ms);
	}
	while (r->count > head.count)
		recent_forget(r);
	r->evicted = head.evicted + (head.count - r->count);
	r->now_ms = head.now_ms > r->now_ms ? head.now_ms : r->now_ms;
	r->added = r->saved = head.added;
	return 0;
}
