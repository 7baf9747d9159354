/*
 * What the files of columns.h share: a record of TSV or CSV that is one line without quotes or escapes, of which all
 * columns are wanted (columns_line.c).
 */
#ifndef WEIR_DATA_COLUMNS_IMPL_H
#define WEIR_DATA_COLUMNS_IMPL_H

#include "common/data/columns.h"

/*
 * Read the line of LINE bytes at S, where ROOM bytes are, LINE and more, as columns_read() does.  False: it is another
 * record, or a long one, or it has more columns than C knows; c->values are then undefined.
 */
bool columns_read_line(struct columns *c, const char *s, size_t line, size_t room) MUST_CHECK;

#endif
