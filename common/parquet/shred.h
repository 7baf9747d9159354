/*
 * Shredding: JSON, TSV and CSV records go, value by value, into the leaf columns of a row group, without a row in
 * between.
 *
 * Layer: parquet (uses column; json_tokens, convert, schema of data).  A shredder belongs to a schema, and may fill any
 * number of struct pq_columns of that schema, one for each open file.  Code that partitions records looks at a record's
 * values first, and then decides where the record goes.
 *
 *     shred_span(sh, s, len, '\n');
 *     while ((r = shred_next(sh, &rec, &len)) != 0)
 *             r = r > 0 ? shred_put(sh, columns_for(shred_values(sh)), &err) : r;
 *
 * convert.h says which values can be converted to the type of a column, and how.  Missing members are null.  Of several
 * members with the same name the last one counts.  A record that does not fit leaves nothing behind in any column.
 *
 * Members are found by guessing: they mostly come in the same order as in the record before.  So each name is compared
 * with the one that came next last time, and is looked up only if that fails.
 */
#ifndef WEIR_PARQUET_SHRED_H
#define WEIR_PARQUET_SHRED_H

#include "common/data/json.h"
#include "common/data/schema.h"
#include "common/parquet/column.h"

/* What to do with members that the schema does not have. */
enum shred_new {
	SHRED_NEW_FAIL,   /* -ENOENT */
	SHRED_NEW_IGNORE, /* they are ignored */
	/*
	 * -ENOENT; but values that show no type, such as null, [] and {}, are ignored, because there is no type to add
	 */
	SHRED_NEW_ADD,
};

struct shred;

/*
 * A shredder for SCHEMA, which is borrowed and must not change before shred_free().  0, or -ENOMEM or -errno when the
 * kernel has no random numbers.
 */
int shred_new(const struct schema *schema, enum shred_new on_new, struct shred **ret) MUST_CHECK;
void shred_free(struct shred *sh);

/*
 * With SHRED_NEW_IGNORE call IGNORED for each name that is ignored (`geo.city`), once until shred_forget(); after some
 * thousands of names, not for further ones.
 */
void shred_on_ignored(struct shred *sh, void (*ignored)(void *arg, const char *path), void *arg);
void shred_forget(struct shred *sh);

/*
 * Column NR of the schema, from 0, has the value *V in each record instead of what the record says; V, which may change
 * from record to record, is borrowed.  Records may have a member of that name if they are KNOWN to, and it is not
 * looked at; otherwise it makes them bad, or is ignored.  Before the first record.
 */
void shred_give(struct shred *sh, size_t nr, const struct value *v, bool known);

/* --- JSON --------------------------------------------------------------------------------------------------------- */

/*
 * Ask for the value at PATH, so that the caller can look at it before it decides where a record goes.  Returns its
 * index in shred_values(), which has the values of the record that shred_next() found.
 */
int shred_want(struct shred *sh, const struct path *path);
const struct value *shred_values(const struct shred *sh);

/*
 * Go through a span of records, like json_span() and json_next(): 1, 0, -EBADMSG (shred_error()), -EMSGSIZE, -ENOMEM.
 * Without shred_want(), only shred_put() finds out that a record is not JSON.
 */
void shred_span(struct shred *sh, const char *s, size_t len, char delim);
int shred_next(struct shred *sh, const char **ret_rec, size_t *ret_len) MUST_CHECK;
const struct json_error *shred_error(const struct shred *sh);

/*
 * Put the record that shred_next() found into COLUMNS, which were made for a schema equal to the shredder's (ids may
 * differ).  At most once for each record.
 *
 * Returns 0, or with the reason in ERR and nothing put
 *   -EBADMSG  the record is not JSON, which shred_next() may have reported before: "byte 5: ':' was expected"
 *   -EINVAL   it does not fit: "column geo.lat: \"x\" is not a number"
 *   -ENOENT   it has a member that the schema lacks: "field geo.city: the table has no such column"
 *   -EIO      pq_columns_end_row() has failed, and the columns can no longer be used
 */
int shred_put(struct shred *sh, struct pq_columns *columns, struct strbuf *err) MUST_CHECK;

/* --- TSV and CSV -------------------------------------------------------------------------------------------------- */

/*
 * The same for a record of TSV or CSV: VALUES are those of the top columns, in the schema's order, without the columns
 * that shred_give() supplies and that are not in records.  Returns 0, -EINVAL or -EIO.  Columns of struct, array and
 * map cannot be read from text, so anything except null is refused there.
 */
int shred_put_values(
	struct shred *sh, struct pq_columns *columns, const struct value *values, struct strbuf *err) MUST_CHECK;

#endif
