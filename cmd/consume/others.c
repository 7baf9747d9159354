/* A member without partitions: see others.h. */
#include "others.h"

#include <stddef.h>

enum {
	SETTLE_MS = 5000, /* time for another rebalance that may follow */
	LOOK_EVERY_MS = 1000,
};

void others_note(struct others *o, bool empty, int64_t now_ms)
{
	o->empty_since = empty ? now_ms : 0;
	o->moved = 0;
}

enum others_step others_next(struct others *o, int64_t now_ms)
{
	if (!o->empty_since || now_ms - o->empty_since < SETTLE_MS || now_ms < o->next_look)
		return OTHERS_WAIT;
	o->next_look = now_ms + LOOK_EVERY_MS;
	return OTHERS_LOOK;
}

enum others_step others_decide(
	struct others *o, struct session *s, int64_t session_ms, int64_t now_ms, const struct cursor **ret_behind)
{
	int64_t sum;
	*ret_behind = session_behind(s, o->all, o->count, &sum);
	if (!*ret_behind)
		return OTHERS_DONE;
	if (!o->moved || sum != o->sum) {
		o->sum = sum;
		o->moved = now_ms;
	} else if (now_ms - o->moved >= session_ms) {
		return OTHERS_STUCK;
	}
	return OTHERS_WAIT;
}
