/*
 * Names of one struct that are alike.
 *
 * Layer: data (uses base, schema, schema_name).
 */
#ifndef WEIR_DATA_SCHEMA_CLASH_H
#define WEIR_DATA_SCHEMA_CLASH_H

#include "common/base/diag.h"
#include "common/base/strbuf.h"
#include "common/data/schema.h"

/* Are names of children of PARENT equal, or equal but for case?  0, or -EEXIST and two of them in ERR. */
int schema_clash(const struct schema_field *parent, struct strbuf *err) MUST_CHECK;

#endif
