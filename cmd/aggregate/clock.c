/* The time of a record: see clock.h. */
#include "cmd/aggregate/clock.h"

int clock_read(struct clock *c, const struct value *values, struct accum_time *ret)
{
	struct timespec t;

	if (c->when.kind == WHEN_NOW) {
		*ret = (struct accum_time){.ms = c->now_ms};
		return 0;
	}
	int r = when_read(&c->when, values, &t);
	if (r == 0)
		*ret = (struct accum_time){
			.ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000, .ns = (uint32_t)(t.tv_nsec % 1000000)};
	return r;
}
