/* Fields of records for which a Delta table has no columns: --on-new-field add. */
#ifndef WEIR_LAKE_PUT_DELTA_FIELDS_H
#define WEIR_LAKE_PUT_DELTA_FIELDS_H

#include "delta_open.h"

/*
 * RECORDS is LEN bytes of records that each end with DELIM.  Add to S the columns for new fields of the first record.
 * The records after it are examined, too: they show more values of the new fields, and often further new fields, so
 * that a commit needs fewer files.  Returns like delta_schema_extend().
 */
int delta_fields_add(const struct table_place *place, struct delta_schema *s, const char *records, size_t len,
	char delim, struct schema *ret_rows, struct strbuf *err) MUST_CHECK;

#endif
