/* Waiting for an answer: see patience.h. */
#include "common/base/patience.h"

void patience_begin(struct patience *p, int64_t now_ms)
{
	if (!p->on)
		*p = (struct patience){.on = true, .since = now_ms};
}

bool patience_end(struct patience *p)
{
	bool told = p->told;
	*p = (struct patience){0};
	return told;
}

enum patience_state patience_ask(struct patience *p, int64_t limit_ms, int64_t now_ms)
{
	patience_begin(p, now_ms);
	int64_t waited = now_ms - p->since;
	if (limit_ms >= 0 && waited >= limit_ms)
		return PATIENCE_OVER;
	if (p->told || waited < PATIENCE_TELL_MS)
		return PATIENCE_WAIT;
	p->told = true;
	return PATIENCE_TELL;
}
