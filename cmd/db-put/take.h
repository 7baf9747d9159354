/*
 * Makes rows of records: the value of each field becomes the cell of its column.
 *
 * Fields of JSON are found by the columns' names, those of TSV and CSV by the names in a header, or by the order of the
 * columns.
 */
#ifndef WEIR_DB_PUT_TAKE_H
#define WEIR_DB_PUT_TAKE_H

#include "take_impl.h"

/*
 * Set T, which is as TAKE_INIT, for the table of STATE and the columns of CHOICE, which may be chosen afterwards.  All
 * pointers are borrowed.  Release T in any case.
 */
void take_init(struct take *t, struct db_state *state, struct columns_choice *choice, struct rejects *rejects);

/* The columns are chosen, or t->later is set.  An exit status, after a message unless it is EXIT_OK. */
int take_open(struct take *t) MUST_CHECK;
void take_release(struct take *t);

/* The callbacks `span` and `end` of struct sink_ops. */
int take_span(struct take *t, struct sink_place *place, const char *s, size_t len, struct flow *flow,
	struct strbuf *err) MUST_CHECK;
int take_end(struct take *t, struct sink_place *place, struct flow *flow, struct strbuf *err) MUST_CHECK;

/* The run has ended: say what could not be decided. */
void take_report(const struct take *t);

#endif
