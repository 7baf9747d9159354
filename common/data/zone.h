/*
 * Time zones by their names, any number of them beside each other, and times printed as clocks there show them.
 *
 * Layer: data (uses time, file of io).  Rules come from the tz database of the system (TZDIR, else
 * /usr/share/zoneinfo), in the form of RFC 8536: its table of changes, and after the last of these the rule in its
 * footer.  time.h has the one zone of the process (--tz); this is for programs that name others.
 */
#ifndef WEIR_DATA_ZONE_H
#define WEIR_DATA_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

struct zone;

/*
 * The zone whose name is the LEN bytes at NAME: Europe/Berlin, an offset +01:00, UTC; NULL: that of --tz.  0, or
 * -EINVAL: there is none, or its file is not as RFC 8536 says.  Owned by the caller.
 */
int zone_open(struct zone **ret, const char *name, size_t len) MUST_CHECK;
void zone_free(struct zone *z);

/* Whether Z was opened by this name. */
bool zone_is(const struct zone *z, const char *name, size_t len);

/* What clocks there are ahead of UTC at S (seconds since 1970), in seconds. */
int64_t zone_offset(struct zone *z, int64_t s);

/*
 * The time at which clocks there show LOCAL_US (microseconds, as if it were UTC).  Of two such times the last one that
 * is not after NOT_AFTER, else the first one; if there is none, when clocks are put forward, the moment of that.
 */
int64_t zone_utc(struct zone *z, int64_t local_us, int64_t not_after);

/* Append the time US (microseconds since 1970) by PATTERN: what time_pattern_init() takes, and %f, six digits. */
void zone_print(struct zone *z, int64_t us, const char *pattern, struct strbuf *out);

#endif
