/*
 * Local times of a time zone, by the system's tz database.
 *
 * Layer: data (uses time).  The zone is the process's (TZ of the environment, tzset(3)): a program has one.
 */
#ifndef WEIR_DATA_ZONE_H
#define WEIR_DATA_ZONE_H

#include "common/data/time.h"

/* Local times are those of NAME ("Europe/Berlin") from now on.  0, or -ENOENT when the database has no such zone. */
int zone_use(const char *name) MUST_CHECK;

/*
 * LOCAL is a time of the zone's clocks, written as if it were UTC; *ret becomes the time that it is.  Of the two that
 * an hour in autumn has the first.  0; -EINVAL when clocks never showed it (an hour in spring), -ERANGE as in time.h.
 */
int zone_to_utc(const struct timespec *local, struct timespec *ret) MUST_CHECK;

/* Does the text of a time that time_parse() takes say itself which it is?  Epoch numbers, Z and +01:00 do. */
bool zone_in_text(const char *s, size_t len);

/* Does the format make its texts say so? */
bool zone_in_format(const struct time_format *f);

#endif
