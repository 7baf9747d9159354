/*
 * Infers a schema from records.
 *
 * Layer: data (uses json, value, schema).  The type of a column is the smallest one to which all its values can be
 * converted (convert.h) without loss:
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
 * Fields are in the order in which they were first seen, and all may be null.
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
 * From now on ignore records of JSON with names that cannot be those of columns: they are empty, have a NUL or one of
 * the bytes REFUSED (borrowed), or differ only in case from a name in the same struct, of this record or of one before.
 * Then -EINVAL of schema_infer_end() is impossible.
 */
void schema_infer_check_names(struct schema_infer *in, const char *refused);

/*
 * Examine a record, LEN bytes of JSON at S without delimiter.  Returns 0; -EBADMSG: it is not JSON; -EINVAL: it is not
 * an object; -ERANGE: it has a number beyond double that no decimal(38,0) can be, or a string with half of a surrogate
 * pair, so that it may fit into no column, or a name as schema_infer_check_names() says (schema_infer_misfit());
 * -E2BIG: there are more than SCHEMA_MAX_FIELDS fields; or -EMSGSIZE, -ENOMEM as json_read().  After -EBADMSG, -EINVAL
 * and -ERANGE the record is ignored.
 */
int schema_infer_json(struct schema_infer *in, const char *s, size_t len) MUST_CHECK;

/* What is wrong with the record for which -EBADMSG was returned. */
const struct json_error *schema_infer_error(const struct schema_infer *in);

/* The same for -ERANGE: "column a.b: 1e400 is larger than any double". */
const char *schema_infer_misfit(const struct schema_infer *in);

/*
 * Examine a record of TSV or CSV with COUNT columns; NAMES may differ from record to record.  A text that is a number
 * in JSON, or true or false, has that type; 007 and 1e400 are strings.  0 or -E2BIG.
 */
int schema_infer_columns(
	struct schema_infer *in, const char *const *names, const struct value *values, size_t count) MUST_CHECK;

/* How many records were examined and not ignored. */
uint64_t schema_infer_records(const struct schema_infer *in);

/*
 * Set RET to the schema that was inferred, and append notes for people to NOTES, a line each: for example, columns that
 * are strings because no value or values of different kinds were seen.  Returns 0; or, with the reason in ERR and RET
 * untouched, -ENODATA: no record had a field; -EINVAL: the names cannot be a schema's (they are empty, or differ only
 * in case).
 */
int schema_infer_end(
	const struct schema_infer *in, struct schema *ret, struct strbuf *notes, struct strbuf *err) MUST_CHECK;

/*
 * The same without fields of which only null, {} or [] was seen, so that their types are unknown; RET may be without
 * columns.  For schema_extend(), which adds fields to an existing table: a type that is chosen there cannot be changed
 * later.
 */
int schema_infer_known(
	const struct schema_infer *in, struct schema *ret, struct strbuf *notes, struct strbuf *err) MUST_CHECK;

#endif
