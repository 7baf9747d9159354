/*
 * Records that are not rows but say what happened to one: change events (--unwrap) and tombstones.  See take.h.
 */
#ifndef WEIR_DB_PUT_TAKE_CHANGE_H
#define WEIR_DB_PUT_TAKE_CHANGE_H

#include "take_impl.h"

/* Begin, for records of JSON.  -ENOMEM. */
int take_change_open(struct take *t) MUST_CHECK;
void take_change_release(struct take *t);

/* Whether the options ask for tombstones to be known, and whether they are left out. */
bool take_change_knows_envelope(void);
bool take_change_skips(void);

/* What reads the records: the reader of rows, or that of events, in which the rows are. */
struct members *take_change_reader(struct take *t);

/*
 * The values for the columns of the object REC of LEN bytes, which was read into t->members; t->asked has what
 * --delete-on asks for.
 */
const struct value *take_change_values(struct take *t, const char *rec, size_t len);

/* Whether the record that was read is such a one. */
bool take_change_is_one(const struct take *t);

/* The table lacks columns for a field: they are to be added, and the record is to be read again. */
#define TAKE_GROW 1

/*
 * The record REC has the field t->other, which is not a column.  0: it is left out; TAKE_GROW: columns are to be
 * inferred from the LEN bytes at S; -EINVAL with the reason in WHY.
 */
int take_change_other(struct take *t, const char *rec, const char *s, size_t len, struct strbuf *why) MUST_CHECK;

/*
 * Put the row that it takes away into t->before, and the one that it puts into t->row; each stays empty if there is
 * none.  REC is the record.  0, TAKE_GROW, or -EINVAL with the reason in WHY.
 */
int take_change(struct take *t, const char *rec, struct strbuf *why) MUST_CHECK;

#endif
