/*
 * What one of several tables has of a commit (many.h): the positions of its topic, and its rows.
 *
 * Decides only, without side effects.  A table is called like the topic whose records it has, so each position belongs
 * to one table, and a record is committed with the positions of its own partition, whatever happens between the commits
 * of two tables.  That holds as long as a row is in the table of the topic that it was made of; these functions find
 * what gives away that it is not.
 */
#ifndef WEIR_LAKE_PUT_SHARE_H
#define WEIR_LAKE_PUT_SHARE_H

#include "common/stream/sink_ops.h"

struct share {
	struct position *positions; /* as in struct sink_commit; owned; its strings are borrowed */
	size_t count, stay;
	uint64_t read; /* records that were read of its topic */
};

/* What COMMIT has for TOPIC. */
void share_take(const struct sink_commit *commit, const char *topic, struct share *ret);
void share_release(struct share *share);

/*
 * Whether ROWS can be committed to the table TOPIC with its SHARE.  -EBADMSG with the reason in ERR: no position of the
 * topic moves; or EXACT, which is that as many rows as records were read, in all tables, and there are more or fewer in
 * this one.
 */
int share_check(const struct share *share, const char *topic, uint64_t rows, bool exact, struct strbuf *err) MUST_CHECK;

/* Whether the batch with these RANGES (of a B) moves a position of TOPIC. */
bool share_moves(const struct mark_ranges *ranges, const char *topic);

#endif
