/*
 * An older version of a table, by its number or by a time.
 *
 * Layer: lake (uses log; time of data).
 */
#ifndef WEIR_LAKE_AS_OF_H
#define WEIR_LAKE_AS_OF_H

#include "common/lake/log.h"

struct as_of {
	int64_t version; /* -1: the newest one */
	int64_t time_ms; /* with version -1: the newest one that is not later; INT64_MIN: none is given */
};
#define AS_OF_NOW ((struct as_of){.version = -1, .time_ms = INT64_MIN})

static inline bool as_of_is_now(const struct as_of *as_of)
{
	return as_of->version < 0 && as_of->time_ms == INT64_MIN;
}

/*
 * Parse the value of an option (struct opt's parse) into DEST, a struct as_of: digits are a version, anything else a
 * time: RFC 3339, or -DURATION before now, perhaps after an '@'.
 */
int as_of_parse(const char *value, void *dest, struct strbuf *err) MUST_CHECK;

/*
 * The newest of the versions FIRST to LAST of LOG, all of which exist, whose commit is not later than TIME_MS: by its
 * in-commit timestamp, or the time of its writer's clock.  Times are taken to ascend, so few entries are read.  -ENOENT
 * with ERR: all are later; -EAGAIN: others have cleaned an entry of a Delta table away meanwhile; errors of
 * log_read_known().
 */
int as_of_search(const struct log *log, int64_t first, int64_t last, int64_t time_ms, int64_t *ret,
	struct strbuf *err) MUST_CHECK;

/*
 * Go back from the head of LOG, the reader of a raw table, to the version that AS_OF says.  -ENOENT with ERR: there is
 * no such version, or its entry was emptied; errors of log_read().
 */
int as_of_go(struct log *log, const struct as_of *as_of, struct strbuf *err) MUST_CHECK;

#endif
