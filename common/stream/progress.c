/* Batches in flight: see progress.h. */
#include "common/stream/progress.h"

#include <stdlib.h>

#include "common/base/alloc.h"

static void forget_first(struct progress *p)
{
	struct batch_in_flight *b = p->first;
	p->first = b->next;
	p->last = p->first ? p->last : NULL;
	free(b->ends);
	free(b);
}

void progress_release(struct progress *p)
{
	while (p->first)
		forget_first(p);
}

void progress_expect(struct progress *p, const struct cursors *t, uint64_t number)
{
	struct batch_in_flight *b = xcalloc(1, sizeof *b);
	*b = (struct batch_in_flight){
		.number = number, .epoch = t->epoch, .ends = xcalloc(t->assigned + 1, sizeof *b->ends)};
	for (size_t i = 0; i < t->count; i++)
		if (t->items[i]->assigned)
			b->ends[b->count++] = (struct batch_end){t->items[i], t->items[i]->next};
	if (p->last)
		p->last->next = b;
	else
		p->first = b;
	p->last = b;
}

bool progress_acked(struct progress *p, const struct cursors *t, uint64_t done)
{
	if (done <= p->done)
		return false;
	p->done = done;
	while (p->first && p->first->number < done) {
		const struct batch_in_flight *b = p->first;
		for (size_t i = 0; i < b->count && b->epoch == t->epoch; i++) {
			struct cursor *c = b->ends[i].cursor;
			if (b->ends[i].to > c->acked)
				c->acked = b->ends[i].to;
		}
		forget_first(p);
	}
	return true;
}

bool progress_due(const struct cursor *c)
{
	return c->assigned && c->acked > c->committed;
}
