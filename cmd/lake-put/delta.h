/* A Delta table: records become rows of Parquet files by its schema, each in the partition of its time. */
#ifndef WEIR_LAKE_PUT_DELTA_H
#define WEIR_LAKE_PUT_DELTA_H

#include "table_ops.h"

extern const struct table_ops delta_table_ops;

#endif
