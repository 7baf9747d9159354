/* Output that grows: see text_parts.h. */
#include "common/base/alloc.h"
#include "common/parquet/text_parts.h"

#define FIRST (64u << 10)

void text_out_begin(struct text_out *o, char **buf, size_t *room)
{
	if (!*buf) {
		*room = FIRST;
		*buf = xmalloc(*room + TEXT_SLACK);
	}
	*o = (struct text_out){.buf = buf, .room = room, .p = *buf, .end = *buf + *room};
}

void text_out_grow(struct text_out *o, size_t need)
{
	size_t used = (size_t)(o->p - *o->buf);
	*o->room = 2 * *o->room > used + need ? 2 * *o->room : used + need;
	*o->buf = xreallocarray(*o->buf, *o->room + TEXT_SLACK, 1);
	o->p = *o->buf + used;
	o->end = *o->buf + *o->room;
}
