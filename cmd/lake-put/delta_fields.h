/* Fields of records that a Delta table has no columns for: --on-new-field add. */
#ifndef WEIR_LAKE_PUT_DELTA_FIELDS_H
#define WEIR_LAKE_PUT_DELTA_FIELDS_H

#include "delta_open.h"

/*
 * Add to S the columns that the first of the records at RECORDS, LEN bytes that end with DELIM each, has more.  Those
 * that follow are looked at, too: they show new fields in more of their values, and often further ones, so that the
 * files of a commit are few.  Returns as delta_schema_extend().
 */
int delta_fields_add(const struct table_place *place, struct delta_schema *s, const char *records, size_t len,
	char delim, struct schema *ret_rows, struct strbuf *err) MUST_CHECK;

#endif
