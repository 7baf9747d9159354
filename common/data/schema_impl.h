/*
 * Private to schema*.c: building schemas.
 */
#ifndef WEIR_DATA_SCHEMA_IMPL_H
#define WEIR_DATA_SCHEMA_IMPL_H

#include "common/data/schema.h"

/* Make DST, whose contents are overwritten, a copy of SRC and everything below it. */
void schema_field_copy(struct schema_field *dst, const struct schema_field *src);

/* Add a new last child, zeroed, to PARENT; valid until the next one is added. */
struct schema_field *schema_field_append(struct schema_field *parent);

/* Give ids above *LAST_ID to the fields below F that have none (0), depth first. */
void schema_give_ids(struct schema_field *f, int *last_id);

/* Set S->last_id to the greatest id of a field.  Returns an id that two fields share; 0: there is none. */
int schema_take_ids(struct schema *s) MUST_CHECK;

/* The number of fields below F. */
size_t schema_field_count(const struct schema_field *f);

/* The number of levels from F down: 1 for a field without children. */
int schema_field_depth(const struct schema_field *f);

#endif
