/* The schema under which lake-put writes to a Delta table. */
#ifndef WEIR_LAKE_PUT_DELTA_OPEN_H
#define WEIR_LAKE_PUT_DELTA_OPEN_H

#include "common/data/schema.h"
#include "table_ops.h"

struct delta_schema {
	struct schema all;       /* of the table, as in the log */
	struct schema files;     /* the same, of the files that are being written; borrowed by their writers */
	struct schema rows;      /* of records: without the partition columns that are made (delta_parts.h) */
	json_t *protocol, *meta; /* actions that the next commit must contain, owned; NULL: those of the table remain */
	int64_t version;         /* the version in struct log_delta when this was read */
};

/*
 * Get the schema of the table in PLACE or, if the table is new, the one GIVEN.  If both exist they must agree, and the
 * partition columns must agree with --partition-by.  GIVEN has no columns when no schema was given.  0; or, with ERR,
 * -EINVAL and errors of delta_meta_schema() and delta_meta_new().  Release RET in any case.
 */
int delta_schema_open(const struct table_place *place, const struct schema *given, struct delta_schema *ret,
	struct strbuf *err) MUST_CHECK;

/*
 * Add the columns of SEEN that S lacks (schema_extend()), and print each.  Returns how many there were; if any,
 * *RET_ROWS is the new schema of rows.  -EINVAL with ERR when such columns are impossible; S is then unchanged.
 */
int delta_schema_extend(const struct table_place *place, struct delta_schema *s, const struct schema *seen,
	struct schema *ret_rows, struct strbuf *err) MUST_CHECK;

/* Append the name of the table in PLACE, as the beginning of a message, if it is one of many. */
void delta_name_table(const struct table_place *place, struct strbuf *out);

void delta_schema_release(struct delta_schema *schema);

#endif
