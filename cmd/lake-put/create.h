/* lake-put --create: a Delta table without records. */
#ifndef WEIR_LAKE_PUT_CREATE_H
#define WEIR_LAKE_PUT_CREATE_H

#include "table_ops.h"

/*
 * Create the table in PLACE with the columns of --schema.  One that is there has to agree with them, or gets those that
 * are missing (--on-new-field add).  The exit status, after messages.
 */
int create_table(const struct table_place *place) MUST_CHECK;

#endif
