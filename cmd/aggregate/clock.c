/* The time of a record: see clock.h. */
#include "cmd/aggregate/clock.h"

#include "common/data/time.h"

static struct accum_time of_us(int64_t us)
{
	int64_t ms = us / 1000 - (us % 1000 < 0);

	return (struct accum_time){.ms = ms, .ns = (uint32_t)(us - ms * 1000) * 1000};
}

int clock_read(struct clock_field *c, const struct value *values, struct accum_time *ret)
{
	const struct value *v = c->expr ? expr_value(c->expr, values) : &values[c->slot];
	struct timespec t;

	if (v->type == VALUE_TIME) {
		*ret = of_us(v->i);
		return 0;
	}
	int r = value_time(v, &c->times, &t);
	if (r == 0)
		*ret = (struct accum_time){
			.ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000, .ns = (uint32_t)(t.tv_nsec % 1000000)};
	return r;
}
