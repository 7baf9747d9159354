/*
 * The cooldown of a key: when its last alarms were.
 *
 * One time would not do: after a late alarm those of before still count, and one that is dated into the future must not
 * stand for those of today.
 */
#ifndef WEIR_DETECT_ALARMS_H
#define WEIR_DETECT_ALARMS_H

#include <stdbool.h>

#include "common/stat/bytes.h"

#define ALARMS   8
#define NO_ALARM (INT64_MIN / 2)

struct alarms {
	int64_t at_ms[ALARMS]; /* the newest first; NO_ALARM: there were no more */
};

void alarms_init(struct alarms *a);

/* One more at MS: is it within COOLDOWN_MS after another one?  If not, it counts from now on. */
bool alarms_suppress(struct alarms *a, int64_t ms, int64_t cooldown_ms) MUST_CHECK;

/* A may be NULL: nothing is written; what is read is forgotten.  0 or -EBADMSG. */
void alarms_save(const struct alarms *a, struct strbuf *out);
int alarms_load(struct alarms *a, struct stat_in *in) MUST_CHECK;

#endif
