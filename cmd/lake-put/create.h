/* lake-put --create: a Delta table without records. */
#ifndef WEIR_LAKE_PUT_CREATE_H
#define WEIR_LAKE_PUT_CREATE_H

#include "table_ops.h"

/*
 * Create the table in PLACE with the columns of --schema.  A table that exists must agree with them, or gets the
 * missing ones (--on-new-field add).  Returns the exit status, after messages.
 */
int create_table(const struct table_place *place) MUST_CHECK;

#endif
