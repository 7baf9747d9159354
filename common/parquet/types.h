/*
 * How the values of a field without children are stored.
 *
 * Layer: parquet (uses data/schema, format).
 */
#ifndef WEIR_PARQUET_TYPES_H
#define WEIR_PARQUET_TYPES_H

#include <stdint.h>

#include "common/data/schema.h"
#include "common/parquet/format.h"

enum pq_physical pq_physical_of(const struct schema_field *field);

/* Bytes of a value; 0 where they differ. */
uint32_t pq_width_of(const struct schema_field *field);

#endif
