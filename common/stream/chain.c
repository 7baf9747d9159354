/* The chain of batches that a sink holds: see chain.h. */
#include "common/stream/chain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

static void forget(struct chain *chain)
{
	for (size_t i = 0; i < chain->count; i++)
		free(chain->topics[i]);
	free(chain->topics);
	free(chain->items);
	free(chain->named);
	chain->topics = NULL;
	chain->items = NULL;
	chain->named = NULL;
	chain->count = 0;
}

void chain_release(struct chain *chain)
{
	forget(chain);
	free(chain->group);
	chain->group = NULL;
}

void chain_resume(struct chain *chain, const struct mark_ranges *parts)
{
	forget(chain);
	chain->count = parts->count;
	chain->items = xcalloc(parts->count, sizeof *chain->items);
	chain->named = xcalloc(parts->count, sizeof *chain->named);
	chain->topics = xcalloc(parts->count, sizeof *chain->topics);
	for (size_t i = 0; i < parts->count; i++) {
		const struct mark_range *part = &parts->items[i];
		chain->topics[i] = xstrdup(part->topic);
		chain->items[i] = (struct position){
			.group = chain->group,
			.topic = chain->topics[i],
			.partition = part->partition,
			.was = part->was,
			.next = part->start,
			.cut = part->cut,
			.from = part->start,
			.has_parts = part->topic_parts != RANGE_NONE,
			.parts = part->topic_parts,
		};
		if (part->was >= 0 && part->start > part->was) {
			chain->items[i].lost_from = part->was;
			chain->items[i].lost_to = part->start;
		}
	}
}

/* The item of PART.  All marks list partitions in the same order, so it is usually the one at HINT. */
static struct position *find(struct chain *chain, const struct mark_range *part, size_t hint)
{
	for (size_t i = 0; i < chain->count; i++) {
		struct position *p = &chain->items[(hint + i) % chain->count];
		if (p->partition == part->partition && strcmp(p->topic, part->topic) == 0)
			return p;
	}
	return NULL;
}

int chain_extend(struct chain *chain, const struct mark_ranges *parts, uint64_t n, struct strbuf *err)
{
	uint64_t records = 0;
	for (size_t i = 0; i < parts->count; i++) {
		const struct mark_range *part = &parts->items[i];
		struct position *p = find(chain, part, i);
		if (!p || p->next != part->from) {
			strbuf_addf(err,
				"topic '%s', partition %d: a batch begins at offset %" PRId64
				", the one before it ended at %" PRId64,
				part->topic, (int)part->partition, part->from, p ? p->next : -1);
			return -ESTALE;
		}
		p->next = part->to;
		p->cut = part->cut;
		p->records += part->records;
		records += part->records;
		chain->named[p - chain->items] = true;
		if (!part->has_last)
			continue;
		p->has_last = true;
		p->last_ms = part->last_ms;
		p->last_crc = part->last_crc;
		p->last_offset = part->last_offset;
	}
	chain->changed |= n != records;
	return 0;
}

static bool is_moved(const struct chain *chain, size_t i)
{
	const struct position *p = &chain->items[i];
	return p->was < 0 ? chain->named[i] : p->next != p->was;
}

size_t chain_moves(const struct chain *chain, bool records, struct position **ret, size_t *ret_stay)
{
	struct position *moves = xcalloc(chain->count, sizeof *moves);
	size_t n = 0, stay = 0;
	for (size_t i = 0; i < chain->count; i++)
		if (is_moved(chain, i))
			moves[n++] = chain->items[i];
	for (size_t i = 0; i < chain->count; i++)
		if (!is_moved(chain, i) && chain->items[i].was >= 0)
			moves[n + stay++] = chain->items[i];
	if (!n && records) {
		n = stay;
		stay = 0;
	}
	*ret = moves;
	*ret_stay = stay;
	return n;
}

void chain_committed(struct chain *chain)
{
	for (size_t i = 0; i < chain->count; i++) {
		struct position *p = &chain->items[i];
		if (p->was < 0 && !chain->named[i])
			continue;
		p->was = p->from = p->next;
		p->records = 0;
		p->lost_from = p->lost_to = 0;
	}
	chain->changed = false;
}
