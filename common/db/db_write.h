/*
 * Cells with texts, in the forms that several databases read.
 *
 * Layer: db (uses data, db_cell).  Functions return 0; -ENODATA: the value is null, and nothing was appended; -EINVAL
 * or -ERANGE with a text for messages in *WHY, and nothing appended.
 */
#ifndef WEIR_DB_WRITE_H
#define WEIR_DB_WRITE_H

#include "common/db/db.h"

/* The text of V, without a NUL and of at most LENGTH characters (0: any number); a slice of V. */
int db_write_text(
	const struct value *v, uint32_t length, const char **ret, size_t *ret_len, const char **why) MUST_CHECK;

/* The bytes that V has in base64. */
int db_write_binary(const struct value *v, struct strbuf *out, const char **why) MUST_CHECK;

/*
 * The value of a column of the kind DB_TEXT, DB_DECIMAL, DB_DATE, DB_TIMESTAMP, DB_TIMESTAMP_NTZ, DB_JSON or DB_UUID as
 * text: a decimal with all digits of its scale, a date as 2026-11-22, a time in UTC as 2026-11-22 10:00:59.999 with a
 * fraction only where there is one, so that the order of texts is the order of times; JSON as it is.
 */
int db_write_as_text(struct db_column *c, const struct value *v, struct strbuf *out, const char **why) MUST_CHECK;

#endif
