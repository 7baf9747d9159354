/* Where reading begins: see starts.h. */
#include "common/stream/starts.h"

int64_t start_place(const struct start_facts *f, const struct where *w)
{
	if (w->kind == WHERE_TIME)
		return f->timed < 0 ? f->hi : f->timed; /* no record is that late */
	if (w->kind == WHERE_STORED)
		return f->stored;
	return where_offset(w, f->lo, f->hi);
}

int64_t start_of(const struct start_facts *f, enum start_by *ret)
{
	if (f->held && f->sink >= 0) {
		*ret = START_BY_SINK;
		return f->sink;
	}
	/*
	 * A table that has no position would lack all records before the group's position.  So for a table the group's
	 * position is used only when the user asks for it.
	 */
	if (!f->held && !f->reset && f->stored >= 0) {
		*ret = START_BY_GROUP;
		return f->stored;
	}
	if (f->later) {
		*ret = START_BY_LATER;
		return f->lo;
	}
	*ret = START_BY_FROM;
	return start_place(f, f->from);
}

int32_t start_parts(const struct topic_facts *t)
{
	if (t->recorded >= 0)
		return t->recorded;
	return t->matched && t->elsewhere ? 0 : t->at_start;
}
