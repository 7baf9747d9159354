/*
 * Which Delta tables we can read.
 *
 * Layer: lake (uses jansson).  By Delta Lake's PROTOCOL.md: a reader must refuse a table that needs a feature of its
 * readers that it does not know.
 */
#ifndef WEIR_LAKE_DELTA_READABLE_H
#define WEIR_LAKE_DELTA_READABLE_H

#include <jansson.h>

#include "common/base/strbuf.h"

/*
 * Whether a table with the actions PROTOCOL and META can be read: 0; -ENOTSUP, and ERR says what of the table URL is
 * not known here; -EBADMSG: one of them is missing (NULL) or damaged.
 */
int delta_readable(json_t *protocol, json_t *meta, const char *url, struct strbuf *err) MUST_CHECK;

#endif
