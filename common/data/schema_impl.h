/*
 * Private to schema*.c: building schemas.
 */
#ifndef WEIR_DATA_SCHEMA_IMPL_H
#define WEIR_DATA_SCHEMA_IMPL_H

#include "common/data/schema.h"

/* DST, whose contents do not count, becomes a copy of SRC with all below it. */
void schema_field_copy(struct schema_field *dst, const struct schema_field *src);

/* A new last child of PARENT, zeroed; valid until the next one is made. */
struct schema_field *schema_field_append(struct schema_field *parent);

/* Give ids above *LAST_ID to the fields below F that have none (0), depth first. */
void schema_give_ids(struct schema_field *f, int *last_id);

/* S->last_id becomes the greatest id of a field.  Returns an id that two fields have; 0: there is none. */
int schema_take_ids(struct schema *s) MUST_CHECK;

/* The fields below F. */
size_t schema_field_count(const struct schema_field *f);

/* Levels: 1 for a field without children. */
int schema_field_depth(const struct schema_field *f);

#endif
