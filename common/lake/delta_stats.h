/*
 * The statistics of a file in the log of a Delta table: JSON in `add.stats`.
 *
 * Layer: lake (uses writer of parquet, schema and time of data; jansson).  By PROTOCOL.md, "Per-file Statistics": the
 * number of records and, by column, nested as in the schema, the number of nulls, the least and the greatest value.
 * Bounds that readers could wrongly take for exact are left out: numbers of a column that holds a NaN, infinities,
 * booleans, binary, decimals of more digits than a double has, and everything in lists and maps.  Bounds of timestamps
 * are rounded to milliseconds, as in other writers: down for the least and up for the greatest value.
 */
#ifndef WEIR_LAKE_DELTA_STATS_H
#define WEIR_LAKE_DELTA_STATS_H

#include "common/data/schema.h"
#include "common/parquet/writer.h"

/* Append the statistics of a file with SCHEMA. */
void delta_stats(const struct schema *schema, const struct pq_result *result, struct strbuf *out);

#endif
