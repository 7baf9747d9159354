/* One record, whatever its format, as a row: see take.h. */
#ifndef WEIR_DB_PUT_TAKE_ROW_H
#define WEIR_DB_PUT_TAKE_ROW_H

#include "take_impl.h"

/* Set t->names. */
void take_row_names(struct take *t);

/*
 * Append the row of VALUES, for the columns that are written, in their order, to OUT; OP is DB_OP_PUT, or DB_OP_DELETE
 * or DB_OP_MOVE, for which only the key counts.  0; -EINVAL with the reason in WHY.
 */
int take_row_encode(
	struct take *t, char op, const struct value *values, struct strbuf *out, struct strbuf *why) MUST_CHECK;

/* Hold ROW, which was made of the record REC at PLACE.  0 or -errno with ERR. */
int take_row_hold(struct take *t, const struct sink_place *place, const struct strbuf *row, const char *rec, size_t len,
	struct strbuf *err) MUST_CHECK;

/*
 * The record REC has VALUES and means OP: hold the row, or refuse the record, the last one that PLACE counts.  As the
 * callback `span` of struct sink_ops.
 */
int take_row(struct take *t, char op, struct sink_place *place, const struct value *values, const char *rec, size_t len,
	struct strbuf *err) MUST_CHECK;

/* Append to WHY that the field NAME, of a record or a header, is none of the columns that are written. */
void take_row_unknown(const struct take *t, const struct strbuf *name, struct strbuf *why);

/* Whether the table has a column that NAME means, or nearly: it is in another case, or cannot be written. */
bool take_row_is_alike(const struct take *t, const struct strbuf *name);

/*
 * Whether a field NAME of LEN bytes that is not a column is nevertheless one that this program knows: --delete-on names
 * it, or, where tombstones are known, consume --envelope adds it.
 */
bool take_row_is_known(const struct take *t, const char *name, size_t len);

/* The field NAME of LEN bytes is left out: say so, once. */
void take_row_ignore(struct take *t, const char *name, size_t len);

#endif
