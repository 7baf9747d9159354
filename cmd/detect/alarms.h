/*
 * The cooldown of a key: when its last alarms were.
 *
 * A single time would not do: after a late alarm the earlier ones still count, and an alarm dated in the future must
 * not start the cooldown for today's records.
 */
#ifndef WEIR_DETECT_ALARMS_H
#define WEIR_DETECT_ALARMS_H

#include <stdbool.h>

#include "common/stat/bytes.h"

#define ALARMS   8
#define NO_ALARM (INT64_MIN / 2)

struct alarms {
	int64_t at_ms[ALARMS]; /* the newest first; NO_ALARM: there were fewer */
};

void alarms_init(struct alarms *a);

/* There is an alarm at MS: is it within COOLDOWN_MS after another one?  If not, it is remembered. */
bool alarms_suppress(struct alarms *a, int64_t ms, int64_t cooldown_ms) MUST_CHECK;

/* A may be NULL: nothing is written, and what is read is dropped.  0 or -EBADMSG. */
void alarms_save(const struct alarms *a, struct strbuf *out);
int alarms_load(struct alarms *a, struct stat_in *in) MUST_CHECK;

#endif
