/*
 * The cooldown of a key: the times of its last alarms.
 *
 * A single time is not enough: after a late alarm the earlier ones still count, and an alarm dated in the future must
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

/* There is an alarm at MS.  Returns whether it is within COOLDOWN_MS after another one; if not, it is remembered. */
bool alarms_suppress(struct alarms *a, int64_t ms, int64_t cooldown_ms) MUST_CHECK;

/* Save and load A. It may be NULL; then nothing is written, and what is read is dropped.  0 or -EBADMSG. */
void alarms_save(const struct alarms *a, struct strbuf *out);
int alarms_load(struct alarms *a, struct stat_in *in) MUST_CHECK;

#endif
