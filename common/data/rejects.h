/*
 * How many records may be rejected, and the options that say so and where they go.
 *
 * Layer: data (uses base, value).  The file is written by the record filter (record_filter.h), through aside.h.
 */
#ifndef WEIR_DATA_REJECTS_H
#define WEIR_DATA_REJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/opt.h"

struct rejects_opts {
	const char *path; /* NULL: they are counted only */
	struct rejects_limit {
		bool set, percent; /* not set: any number */
		uint64_t count;
		double share; /* 0 to 1, when `percent` */
	} limit;
};
/* clang-format off */
#define REJECTS_OPTIONS(r)                                                                                   \
	{ .name = "rejects", .type = OPT_STRING, .dest = &(r)->path, .arg = "FILE",                        \
	  .help = "append rejected records and why to FILE" },                                             \
	{ .name = "max-rejects", .type = OPT_CALL, .dest = &(r)->limit, .arg = "N|P%",                     \
	  .parse = rejects_parse_limit, .help = "stop when more records, or a larger share of them, are rejected" }
/* clang-format on */

/* OPT_CALL of --max-rejects: a number of records, or a percentage of 0 to 100.  -EINVAL with the reason in ERR. */
int rejects_parse_limit(const char *value, void *limit, struct strbuf *err) MUST_CHECK;

/*
 * Are REJECTED of READ records more than LIMIT allows?  A share is judged from 1000 records on, or when WHOLE: READ is
 * all that a batch or a plain stream has.
 */
bool rejects_too_many(const struct rejects_limit *limit, uint64_t rejected, uint64_t read, bool whole) MUST_CHECK;

#endif
