/*
 * Values of partition columns, which a Delta table's log has as texts, as values of records.
 *
 * Layer: lake (uses schema, value, transform of data).  By PROTOCOL.md, "Partition Value Serialization": numbers,
 * `true`, dates and times as texts, times without an offset in UTC; bytes as the characters with their numbers; null
 * and the empty text are null.
 */
#ifndef WEIR_LAKE_DELTA_VALUE_H
#define WEIR_LAKE_DELTA_VALUE_H

#include "common/base/strbuf.h"
#include "common/data/schema.h"
#include "common/data/value.h"

struct delta_value {
	struct value v;     /* as a reader of JSON would give it */
	struct strbuf text; /* its JSON */
	struct strbuf s;    /* of a string: its text */
};

/*
 * Set RET, which delta_value_init() has made, to TEXT (NULL: null), a value of FIELD.  -EBADMSG with ERR: it is not
 * one. Release RET in any case.
 */
int delta_value_read(
	const struct schema_field *field, const char *text, struct delta_value *ret, struct strbuf *err) MUST_CHECK;
void delta_value_init(struct delta_value *v);
void delta_value_release(struct delta_value *v);

#endif
