/*
 * Percent-encoding: names of directories (Hive's way) and the URIs of the log.  Layer: lake (uses base).
 */
#ifndef WEIR_LAKE_PERCENT_H
#define WEIR_LAKE_PERCENT_H

#include "common/base/strbuf.h"

/* Append S with every byte except letters, digits, '-', '.', '_' and those in KEEP as %XX. */
void percent_encode(struct strbuf *out, const char *s, const char *keep);

/*
 * The same for a directory that Hive and Spark are to read: they leave what is not ASCII as it is, and would take each
 * %XX for a character of its own.
 */
void percent_encode_name(struct strbuf *out, const char *s);

/* Append S decoded.  Returns 0, or -EINVAL for a '%' without two hex digits and for %00. */
int percent_decode(struct strbuf *out, const char *s) MUST_CHECK;

#endif
