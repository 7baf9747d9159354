/*
 * The schema that records show.
 *
 * Layer: data (uses json, value, schema).  A column is what all its values can be converted to (convert.h) without
 * loss, and nothing smaller:
 *
 *     true, false                           boolean
 *     whole numbers                         bigint; decimal(38,0) when some are beyond it and have up to 38 digits
 *     numbers with a fraction or exponent   double, also when others are whole
 *     strings                               timestamp when each is RFC 3339 with an offset, date when each is a date
 *                                           alone, else string
 *     objects, arrays                       struct, array; of what their members and elements are
 *     values of different kinds             string, which takes any value as its JSON
 *     nothing but null, {}                  string
 *     nothing but []                        array<string>
 *
 * Fields stand in the order in which they are seen first, and all may be null.
 */
#ifndef WEIR_DATA_SCHEMA_INFER_H
#define WEIR_DATA_SCHEMA_INFER_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"
#include "common/data/json.h"
#include "common/data/schema.h"
#include "common/data/value.h"

struct schema_infer;

/* 0 or -ENOMEM. */
int schema_infer_new(struct schema_infer **ret) MUST_CHECK;
void schema_infer_free(struct schema_infer *in);

/*
 * Look at a record, LEN bytes of JSON at S without delimiter.  Returns 0; -EBADMSG: it is not JSON; -EINVAL: it is not
 * an object; -E2BIG: there are more than SCHEMA_MAX_FIELDS fields; or -EMSGSIZE, -ENOMEM as json_read().  After
 * -EBADMSG and -EINVAL the record does not count.
 */
int schema_infer_json(struct schema_infer *in, const char *s, size_t len) MUST_CHECK;

/* What is wrong with the record for which -EBADMSG was returned. */
const struct json_error *schema_infer_error(const struct schema_infer *in);

/*
 * Look at a record of TSV or CSV, of COUNT columns; NAMES may differ from record to record.  What the text of a number
 * of JSON or true or false is, a column of such texts is; 007 is a string.  0 or -E2BIG.
 */
int schema_infer_columns(
	struct schema_infer *in, const char *const *names, const struct value *values, size_t count) MUST_CHECK;

/* The records that count. */
uint64_t schema_infer_records(const struct schema_infer *in);

/*
 * What was seen, into RET; lines for people into NOTES: columns that are strings because nothing or no one thing was
 * seen, and the like.  Returns 0; -ENODATA: no record had a field; -EINVAL: there can be no such schema (names equal
 * but for case, or empty).  Then the reason is in ERR, and RET is untouched.
 */
int schema_infer_end(
	const struct schema_infer *in, struct schema *ret, struct strbuf *notes, struct strbuf *err) MUST_CHECK;

/*
 * The same without fields of which no value but null, {} or [] was seen, so that what they are is unknown; RET may be
 * without columns.  For fields that are added to a table that exists, by schema_extend(): what they become, they stay.
 */
int schema_infer_known(
	const struct schema_infer *in, struct schema *ret, struct strbuf *notes, struct strbuf *err) MUST_CHECK;

#endif
