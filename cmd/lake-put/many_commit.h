/*
 * One commit of a stream that has many tables: one after the other commits its rows with the positions of its topic.
 *
 * They are not one atomic step.  When the program dies in between, or a table refuses, what the others have committed
 * stays, and the next run goes on where each of them is.
 */
#ifndef WEIR_LAKE_PUT_MANY_COMMIT_H
#define WEIR_LAKE_PUT_MANY_COMMIT_H

#include "many.h"

/*
 * As the callback `seal` of struct sink_ops, of which the others are the counterparts, too: COMMIT is divided between
 * the tables.  -EBADMSG when a table has rows that it cannot have (share.h).
 */
int many_seal(struct many *many, struct sink_commit *commit, struct strbuf *err) MUST_CHECK;

/* Commit what was sealed.  After a failure what is committed is made visible, and named in ERR. */
int many_commit(struct many *many, struct strbuf *err) MUST_CHECK;

/* Make visible what is committed, and be ready for the next records. */
int many_publish(struct many *many, struct strbuf *err) MUST_CHECK;

/* Remove what no table has committed. */
int many_discard(struct many *many, struct strbuf *err) MUST_CHECK;

/* Append which tables COMMIT has reached: "4 files, 1234 bytes, 2 tables: 'a' version 3, 'b' version 7". */
void many_describe(const struct many *many, const struct sink_commit *commit, struct strbuf *out);

#endif
