/*
 * Where the text of an expression, of a list of fields or of metrics is from: the command line, or a file.
 *
 * Layer: data (uses base, io).
 */
#ifndef WEIR_DATA_EXPR_SOURCE_H
#define WEIR_DATA_EXPR_SOURCE_H

#include "common/base/strbuf.h"

/*
 * Append to RET, which is empty, TEXT; or, when that is @FILE, what the file has, at most 1 MiB without NULs.
 * -EINVAL with the reason in ERR.
 */
int expr_source(const char *text, struct strbuf *ret, struct strbuf *err) MUST_CHECK;

#endif
