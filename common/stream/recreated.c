/* Topics that are recreated: see recreated.h. */
#include "common/stream/recreated.h"

bool recreated_asks(const struct cursor *c, int64_t *ret_ms)
{
	if (!c->assigned || !c->anchor.known || c->before.known || c->anchor_max_ms < 0 ||
		c->last.offset <= c->anchor.offset)
		return false;
	*ret_ms = c->anchor_max_ms + 1;
	return true;
}

bool recreated_decide(struct cursor *c, int64_t answer)
{
	if (answer < 0 || answer > c->anchor.offset || answer == c->checked)
		return false;
	c->checked = answer;
	c->before = c->anchor;
	return true;
}

void recreated_remember(struct cursors *t, bool first)
{
	for (size_t i = 0; i < t->count; i++) {
		struct cursor *c = t->items[i];
		if (!c->last.known || c->before.known || (first && c->anchor.known))
			continue;
		c->anchor = c->last;
		c->anchor_max_ms = c->max_ms;
	}
}
