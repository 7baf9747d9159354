/*
 * What the log of a Delta table says of a column of a file: its partition value, or its statistics.
 *
 * Layer: lake (uses delta_columns; prune of parquet; jansson).  By PROTOCOL.md, "Per-file Statistics": `minValues`,
 * `maxValues` and `nullCount` have the columns' physical names.  Strings may be cut, so they are bounds only, and times
 * have been cut to milliseconds.  Whatever is missing, or is not of the column's type, is not known.
 */
#ifndef WEIR_LAKE_DELTA_FACTS_H
#define WEIR_LAKE_DELTA_FACTS_H

#include <jansson.h>

#include "common/lake/delta_columns.h"
#include "common/parquet/prune.h"

/* An add action that is asked about several columns. */
struct delta_file_facts {
	const struct delta_columns *columns; /* borrowed */
	const json_t *add;                   /* borrowed */
	json_t *stats;                       /* owned; NULL: there are none */
};

void delta_facts_begin(struct delta_file_facts *f, const struct delta_columns *columns, const json_t *add);
void delta_facts_end(struct delta_file_facts *f);

/* What is known of FIELD, a column that is not a struct, a list or a map.  Strings belong to the add action, and to F.
 */
void delta_facts_of(const struct delta_file_facts *f, const struct schema_field *field, struct prune_facts *ret);

/* The same for a field within structs: the STEPS fields of WAY lead there, from the column on. */
void delta_facts_within(
	const struct delta_file_facts *f, const struct schema_field *const *way, size_t steps, struct prune_facts *ret);

/*
 * Whether the file of ADD may have rows for which PRED is true, of whose columns the numbers are those of WANT, copies
 * of columns of the table.
 */
bool delta_facts_may(const struct delta_columns *columns, const struct schema *want, const struct prune *pred,
	const json_t *add) MUST_CHECK;

#endif
