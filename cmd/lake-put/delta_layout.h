/* How an existing Delta table is partitioned: lake-put without --partition-by. */
#ifndef WEIR_LAKE_PUT_DELTA_LAYOUT_H
#define WEIR_LAKE_PUT_DELTA_LAYOUT_H

#include "common/lake/layout.h"
#include "common/lake/log.h"

/*
 * The layout of the table whose log is LOG: the list with which it was created or, if another program created it, its
 * partition columns.  Without columns for a new table, one that is not partitioned, and one by a pattern of times, for
 * which --time is needed.  -EINVAL with the reason in ERR; RET may be released in any case.
 */
int delta_layout_of(const struct log *log, struct layout *ret, struct strbuf *err) MUST_CHECK;

#endif
