/*
 * The columns of a Delta table, under the names that its files, partition values and statistics have for them.
 *
 * Layer: lake (uses schema, schema_delta of data; jansson).  By PROTOCOL.md, "Column Mapping": in the mode `name` a
 * field is found by its physical name, in the mode `id` by its field id; partition values and statistics always have
 * the physical name.
 */
#ifndef WEIR_LAKE_DELTA_COLUMNS_H
#define WEIR_LAKE_DELTA_COLUMNS_H

#include <jansson.h>

#include "common/data/schema.h"

/* The physical name of the field with this id. */
struct delta_name {
	int id;
	char *name; /* owned */
};

struct delta_columns {
	struct schema schema; /* with the ids of the mapping in the mode `id` */
	bool by_id;
	bool widened;             /* a column had another type before, which older files and their statistics have */
	struct delta_name *names; /* ascending by id; none without column mapping; owned */
	size_t count, cap;
	json_t *partition; /* the physical names of the partition columns, an array of strings; owned */
};

/*
 * Read those of the table whose metaData action is META.  -EBADMSG with ERR: it is damaged; -ENOTSUP: a column has a
 * type that is not read here.  Release RET in any case.
 */
int delta_columns_read(json_t *meta, struct delta_columns *ret, struct strbuf *err) MUST_CHECK;
void delta_columns_release(struct delta_columns *c);

/*
 * The physical name of FIELD, a field of C's schema or a copy of one; its own when there is no other.  ARG is a struct
 * delta_columns: it is a callback of struct pq_want.
 */
const char *delta_columns_name(void *arg, const struct schema_field *field);

/* Whether FIELD, a column, is a partition column. */
bool delta_columns_partitioned(const struct delta_columns *c, const struct schema_field *field);

#endif
