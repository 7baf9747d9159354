/*
 * What a database remembers of commits: the positions of topics in `weir_positions`, and ids in `weir_ids`, two tables
 * beside the one that is written.  They change in the transaction of the rows.
 *
 * Layer: db (uses db; cut, chain, mark_offsets of stream).  Positions belong to the object of a table (struct db_table)
 * and not to its name, so a table that was dropped and made again is found out.  Within a transaction the order is
 * db_state_begin(), then db_state_move() or db_state_add_id(), and then the rows: a writer that has lost its partitions
 * finds that out before it writes a row, and one that waits for another holds nothing yet.
 */
#ifndef WEIR_DB_STATE_H
#define WEIR_DB_STATE_H

#include "common/base/uuid.h"
#include "common/db/db.h"
#include "common/stream/chain.h"

struct db_state {
	struct db *db;
	struct db_table *table;
	bool also_group; /* a second group may hold a topic */
	bool adopt;      /* the positions of a table of this name that is no longer there are those of the table */
	bool made;       /* the two tables are there */
	bool has_id;     /* the table has an id: it is table_id */
	bool tagged;     /* the transaction that was begun last has given the table its object */
	char table_id[UUID_LEN + 1];  /* "": the table has none yet */
	char commit_id[UUID_LEN + 1]; /* of the transaction that was begun last */
};

/*
 * Find out what is remembered of TABLE, which has to stay where it is, like DB.  If it is only of another table of that
 * name, -EPERM with ERR; with ADOPT it is of TABLE from now on.  Errors of queries (db.h), here and below.
 */
int db_state_open(struct db_state *st, struct strbuf *err) MUST_CHECK;

/* Whether there are positions of GROUP: 1 or 0. */
int db_state_knows_group(struct db_state *st, const char *group, struct strbuf *err) MUST_CHECK;

/* Set what is remembered of GROUP for each of RANGES, as the callback `locate` of struct sink_ops says. */
int db_state_locate(struct db_state *st, const char *group, struct mark_ranges *ranges, struct strbuf *err) MUST_CHECK;

/* Whether ID is committed: 1 or 0. */
int db_state_has_id(struct db_state *st, const char *id, struct strbuf *err) MUST_CHECK;

/*
 * In a transaction: make the two tables if they are missing, give the table an object if it has none, and check that it
 * is still the same: -ESTALE with ERR.
 */
int db_state_begin(struct db_state *st, struct strbuf *err) MUST_CHECK;

/*
 * In a transaction: move COUNT positions, and check that the STAY after them are where they should be.  -ESTALE with
 * ERR: one is elsewhere; -EPERM: another group holds the topic.
 */
int db_state_move(struct db_state *st, const struct position *positions, size_t count, size_t stay,
	struct strbuf *err) MUST_CHECK;

/* In a transaction: remember ID.  -EALREADY with ERR: it is committed. */
int db_state_add_id(struct db_state *st, const char *id, struct strbuf *err) MUST_CHECK;

/* The transaction that was begun last is committed: what it has made stays. */
void db_state_committed(struct db_state *st);

/* Whether the transaction that was begun last, and whose commit got no answer, is committed: 1 or 0. */
int db_state_is_committed(struct db_state *st, struct strbuf *err) MUST_CHECK;

#endif
