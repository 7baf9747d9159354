/*
 * A place in a partition as users write it: start, end, stored, N, +N, -N, @TIME.
 *
 * Layer: data (uses base, stream/where, time).
 */
#ifndef WEIR_DATA_WHERE_PARSE_H
#define WEIR_DATA_WHERE_PARSE_H

#include "common/base/strbuf.h"
#include "common/stream/where.h"

/*
 * Parse S.  TIME is RFC 3339, an epoch number (seconds, ms, us or ns, by its size), or -DURATION, which means this long
 * before NOW_MS.  A time before 1970 is the start.
 *
 * Returns 0, or -EINVAL or -ERANGE and a predicate ("is not …") in ERR; *ret is untouched then.
 */
int where_parse(const char *s, int64_t now_ms, struct where *ret, struct strbuf *err) MUST_CHECK;

#endif
