/*
 * How a table is partitioned: from a pattern like dt=%Y-%m-%d/hour=%H to the directories of its files.
 *
 * Layer: lake (uses base, data/time).  Each part between slashes is COLUMN=PATTERN, as Hive has it; a
 * directory is COLUMN=VALUE with odd bytes of VALUE as %XX, so that nothing in a value can lead
 * elsewhere.  Times are in UTC, or in the zone of time_zone_set().
 */
#ifndef WEIR_LAKE_LAYOUT_H
#define WEIR_LAKE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "common/base/strbuf.h"
#include "common/data/time.h"

/* The directory for null in Hive's layout; as a value it stands for null. */
#define LAYOUT_NULL "__HIVE_DEFAULT_PARTITION__"

struct layout {
	char **columns; /* names, owned */
	struct time_pattern *patterns;
	size_t count;  /* 0: not partitioned */
	size_t finest; /* the pattern whose name changes most often */
	bool by_time;  /* a pattern has a conversion */
	char *text;    /* all of it, owned; NULL: not partitioned */
};

/* Compile PATTERN, NULL for no partitions.  -EINVAL with the reason in ERR; LAYOUT may be released in any case. */
int layout_init(struct layout *layout, const char *pattern, struct strbuf *err) MUST_CHECK;
void layout_release(struct layout *layout);

/* A number that is the same for two times only if they are in the same partition. */
int64_t layout_unit(const struct layout *layout, const struct timespec *t);

/* The values of all columns at T; each string and the array are freed by layout_free_values(). */
char **layout_values(struct layout *layout, const struct timespec *t);

/* The values of a partition of which all columns are VALUE (NULL for LAYOUT_NULL). */
char **layout_constant(const struct layout *layout, const char *value);
void layout_free_values(const struct layout *layout, char **values);

/*
 * Append the directory of VALUES with a '/' behind it, nothing when there are no columns.
 * -ENAMETOOLONG when a part is longer than file systems take.
 */
int layout_dir(const struct layout *layout, char *const *values, struct strbuf *ret) MUST_CHECK;

#endif
