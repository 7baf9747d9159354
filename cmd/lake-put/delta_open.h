/* The schema under which lake-put writes to a Delta table. */
#ifndef WEIR_LAKE_PUT_DELTA_OPEN_H
#define WEIR_LAKE_PUT_DELTA_OPEN_H

#include "common/data/schema.h"
#include "table_ops.h"

struct delta_schema {
	struct schema rows;      /* of records and files: without the partition columns, which the log has */
	json_t *protocol, *meta; /* of a table that is to be created, owned; NULL: it is there */
	int64_t version;         /* of struct log_delta, when this was read */
};

/*
 * The schema of the table in PLACE, or the one GIVEN (without columns: none was) if it is new; both have to agree, and
 * the partition columns with --partition-by.  0; -EINVAL and errors of delta_meta_schema() and delta_meta_new(), with
 * ERR.  Release RET in any case.
 */
int delta_schema_open(const struct table_place *place, const struct schema *given, struct delta_schema *ret,
	struct strbuf *err) MUST_CHECK;
void delta_schema_release(struct delta_schema *schema);

#endif
