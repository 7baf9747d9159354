/*
 * Schemas with fewer columns.
 *
 * Layer: data (uses schema).
 */
#ifndef WEIR_DATA_SCHEMA_REMOVE_H
#define WEIR_DATA_SCHEMA_REMOVE_H

#include "common/data/schema.h"

/* Remove the column NAME from S, if there is one. */
void schema_remove(struct schema *s, const char *name);

#endif
