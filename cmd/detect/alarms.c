/* The cooldown of a key: see alarms.h. */
#include "cmd/detect/alarms.h"

#include <errno.h>
#include <string.h>

void alarms_init(struct alarms *a)
{
	for (int i = 0; i < ALARMS; i++)
		a->at_ms[i] = NO_ALARM;
}

bool alarms_suppress(struct alarms *a, int64_t ms, int64_t cooldown_ms)
{
	for (int i = 0; i < ALARMS; i++)
		if (ms >= a->at_ms[i] && ms - a->at_ms[i] < cooldown_ms)
			return true;
	memmove(a->at_ms + 1, a->at_ms, (ALARMS - 1) * sizeof *a->at_ms);
	a->at_ms[0] = ms;
	return false;
}

/* How many, then their times. */
void alarms_save(const struct alarms *a, struct strbuf *out)
{
	uint64_t n = 0;

	while (a && n < ALARMS && a->at_ms[n] != NO_ALARM)
		n++;
	stat_put_u64(out, n);
	for (uint64_t i = 0; i < n; i++)
		stat_put_i64(out, a->at_ms[i]);
}

int alarms_load(struct alarms *a, struct stat_in *in)
{
	uint64_t n;
	int64_t ms;

	if (stat_get_u64(in, &n) < 0 || n > ALARMS)
		return -EBADMSG;
	for (uint64_t i = 0; i < n; i++) {
		if (stat_get_i64(in, &ms) < 0)
			return -EBADMSG;
		if (a)
			a->at_ms[i] = ms;
	}
	return 0;
}
