/*
 * How a table is partitioned, and how the directories of its files are named: COLUMN=VALUE, as in Hive.
 *
 * Layer: lake (uses base; template, time and partition_by of data).  Two kinds of text say how.  A pattern,
 * region={.region}/dt=%Y-%m-%d, has a column and how to make its value, of fields and of the time of a record, in each
 * part between slashes.  A list, day(ts), region, names columns of a table with a schema (partition_by.h); the values
 * are made by whoever has the schema.  Unusual bytes in a directory are %XX, so that no value leads to another
 * directory.  Times are in UTC, or in the zone of time_zone_set().
 */
#ifndef WEIR_LAKE_LAYOUT_H
#define WEIR_LAKE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "common/base/strbuf.h"
#include "common/data/partition_by.h"
#include "common/data/template.h"
#include "common/data/time.h"

/* The directory for null in Hive's layout; as a value it stands for null. */
#define LAYOUT_NULL "__HIVE_DEFAULT_PARTITION__"

/* How a pattern makes the value of a column. */
struct layout_part {
	struct template value;
	struct time_pattern *times; /* one for each piece of it, unused for fields */
};

/* A field that a pattern names; borrowed from its template. */
struct layout_field {
	const struct expr_field *field;
	char *name; /* as written, owned */
	int slot;   /* where its value is: set by the user before the first record */
};

struct layout {
	char **columns; /* names, owned */
	size_t count;   /* 0: not partitioned */
	char *text;     /* the whole pattern or list, owned; NULL: not partitioned */
	struct partition_by by;
	/* Of a pattern; NULL and 0 of a list. */
	struct layout_part *parts;
	struct layout_field *fields;
	size_t nfields;
	struct time_pattern *finest; /* the one whose name changes most often; NULL: times do not matter */
};

/* Compile PATTERN, NULL for no partitions.  -EINVAL with the reason in ERR; LAYOUT can be released in any case. */
int layout_init(struct layout *layout, const char *pattern, struct strbuf *err) MUST_CHECK;

/* The same with LIST, for which partition_by_is() is true. */
int layout_init_by(struct layout *layout, const char *list, struct strbuf *err) MUST_CHECK;
void layout_release(struct layout *layout);

/* A number that is equal for two times only if they are in the same partition, as far as times matter. */
int64_t layout_unit(const struct layout *layout, const struct timespec *t);

/*
 * Set KEY to a text that is the same for two records only if a pattern puts them into the same partition.  T and
 * VALUES, by the slots of the fields, are a record's.  -EINVAL, with the reason in WHY: a field's value cannot be a
 * name.
 */
int layout_key(const struct layout *layout, const struct timespec *t, const struct value *values, struct strbuf *key,
	struct strbuf *why) MUST_CHECK;

/*
 * The values of all columns by a pattern, for T and VALUES (NULL: there are no fields), which layout_key() accepted; a
 * value is null if one of its fields is null.  Each string and the array are freed by layout_free_values().
 */
char **layout_values(struct layout *layout, const struct timespec *t, const struct value *values);

/* The values of a partition in which all columns are VALUE (NULL for LAYOUT_NULL). */
char **layout_constant(const struct layout *layout, const char *value);
char **layout_copy_values(const struct layout *layout, char *const *values);
void layout_free_values(const struct layout *layout, char **values);

/*
 * Append the directory of VALUES and a '/', or nothing when there are no columns.  -ENAMETOOLONG when a part is too
 * long for file systems.
 */
int layout_dir(const struct layout *layout, char *const *values, struct strbuf *ret) MUST_CHECK;

/* Append what is wrong with the directory DIR, for which layout_dir() returned an error. */
void layout_too_long(const char *dir, struct strbuf *err);

#endif
