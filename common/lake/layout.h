/*
 * How a table is partitioned: makes the directories of its files from a pattern like dt=%Y-%m-%d/hour=%H.
 *
 * Layer: lake (uses base, data/time).  Each part between slashes is COLUMN=PATTERN, as in Hive.  A directory is
 * COLUMN=VALUE, with unusual bytes of VALUE written as %XX, so that no value can lead to another directory.  Times are
 * in UTC, or in the zone of time_zone_set().
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
	size_t finest; /* the pattern whose value changes most often */
	bool by_time;  /* a pattern has a conversion */
	char *text;    /* the whole pattern, owned; NULL: not partitioned */
};

/* Compile PATTERN, NULL for no partitions.  -EINVAL with the reason in ERR; LAYOUT may be released in any case. */
int layout_init(struct layout *layout, const char *pattern, struct strbuf *err) MUST_CHECK;
void layout_release(struct layout *layout);

/* A number that is the same for two times only if they are in the same partition. */
int64_t layout_unit(const struct layout *layout, const struct timespec *t);

/* The values of all columns at the time T; layout_free_values() frees the array and its strings. */
char **layout_values(struct layout *layout, const struct timespec *t);

/* The values of a partition in which all columns are VALUE (NULL for LAYOUT_NULL). */
char **layout_constant(const struct layout *layout, const char *value);
void layout_free_values(const struct layout *layout, char **values);

/*
 * Append the directory of VALUES and a '/', or nothing when there are no columns.
 * -ENAMETOOLONG when a part is too long for file systems.
 */
int layout_dir(const struct layout *layout, char *const *values, struct strbuf *ret) MUST_CHECK;

#endif
