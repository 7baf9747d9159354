/*
 * Names of one struct that clash: equal names, or names that differ only in case.
 *
 * Layer: data (uses base, schema, schema_name).
 */
#ifndef WEIR_DATA_SCHEMA_CLASH_H
#define WEIR_DATA_SCHEMA_CLASH_H

#include "common/base/diag.h"
#include "common/base/strbuf.h"
#include "common/data/schema.h"

/*
 * Check that no two names of PARENT's children are equal or differ only in case.  0, or -EEXIST and two such names in
 * ERR.
 */
int schema_clash(const struct schema_field *parent, struct strbuf *err) MUST_CHECK;

#endif
