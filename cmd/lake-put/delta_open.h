/* The schema under which lake-put writes to a Delta table. */
#ifndef WEIR_LAKE_PUT_DELTA_OPEN_H
#define WEIR_LAKE_PUT_DELTA_OPEN_H

#include "common/data/schema.h"
#include "table_ops.h"

struct delta_schema {
	struct schema all;       /* with the partition columns, as in the log */
	struct schema rows;      /* of records and files: without the partition columns, which the log has */
	json_t *protocol, *meta; /* that the next commit has to contain, owned; NULL: those of the table remain */
	int64_t version;         /* of struct log_delta, when this was read */
};

/*
 * The schema of the table in PLACE, or the one GIVEN (without columns: none was) if it is new; both have to agree, and
 * the partition columns with --partition-by.  0; -EINVAL and errors of delta_meta_schema() and delta_meta_new(), with
 * ERR.  Release RET in any case.
 */
int delta_schema_open(const struct table_place *place, const struct schema *given, struct delta_schema *ret,
	struct strbuf *err) MUST_CHECK;

/*
 * Add the columns that SEEN has more than S (schema_extend()): how many there were, each of which is printed, and the
 * schema of rows is in *RET_ROWS, when there were any.  -EINVAL with ERR when there can be no such columns; S is as
 * before then.
 */
int delta_schema_extend(const struct table_place *place, struct delta_schema *s, const struct schema *seen,
	struct schema *ret_rows, struct strbuf *err) MUST_CHECK;
void delta_schema_release(struct delta_schema *schema);

#endif
