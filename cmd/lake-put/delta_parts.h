/*
 * The partitions of a Delta table's records: what its partition columns hold, in the names of directories, in the log
 * and in the files.
 *
 * A pattern of --partition-by makes columns of text from the times of records.  A list names columns, or transforms of
 * them (partition_by.h); what is not a column of the records themselves is made.  In the log null and an empty string
 * are one, and so they are in the files.
 */
#ifndef WEIR_LAKE_PUT_DELTA_PARTS_H
#define WEIR_LAKE_PUT_DELTA_PARTS_H

#include <time.h>

#include "common/data/schema.h"
#include "common/lake/layout.h"
#include "common/parquet/shred.h"

struct delta_part_column {
	const struct schema_field *source; /* the column that it is made of; NULL: time alone */
	size_t json, text; /* where its value is among those of the shredder, and of TSV or CSV (SIZE_MAX: nowhere) */
	struct time_cache cache;
	struct strbuf value; /* as the log has it; empty: null */
	struct value given;  /* the same for the shredder */
};

struct delta_parts {
	struct layout *layout; /* borrowed */
	struct delta_part_column *columns;
	int64_t unit; /* of the last time, for a pattern */
	bool known;   /* the values are those of a record */
};

/* Whether the partition column NR of LAYOUT is made, so that records do not have it. */
bool delta_parts_made(const struct layout *layout, size_t nr);

/*
 * What the partition column NR of LAYOUT is like in a table whose columns are those of ROOT: the type of *RET is set,
 * and its name, which is borrowed.  -EINVAL with the reason in ERR: there can be no such column.
 */
int delta_parts_column(const struct layout *layout, size_t nr, const struct schema_field *root,
	struct schema_field *ret, struct strbuf *err) MUST_CHECK;

/*
 * Begin with a table whose files have the columns FILES, and its records ROWS; SHRED, which is for FILES, is told what
 * it is given.  All are borrowed; may be called again with others.
 */
void delta_parts_begin(struct delta_parts *parts, struct layout *layout, const struct schema *files,
	const struct schema *rows, struct shred *shred);
void delta_parts_release(struct delta_parts *parts);

/*
 * Go to the partition of a record with the time T and these VALUES: of the shredder or, if TEXT, the record's in the
 * order of ROWS.  1; 0: it is that of the record before; -EINVAL with the reason in WHY: the record has none, and
 * neither have the parts now.
 */
int delta_parts_next(struct delta_parts *parts, const struct timespec *t, const struct value *values, bool text,
	struct strbuf *why) MUST_CHECK;

/* The values for layout_dir(), owned by the caller. */
char **delta_parts_values(const struct delta_parts *parts);

#endif
