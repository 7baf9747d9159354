/*
 * The tables of a stream that has many (route.h): which are open, and what each has of the commit that is prepared.
 *
 * On a marked stream they are the tables of the topics that Q has named, on a plain one of the values that came.  They
 * share the memory of --memory, and stay open until the end, --max-tables of them at most.
 */
#ifndef WEIR_LAKE_PUT_MANY_H
#define WEIR_LAKE_PUT_MANY_H

#include "opened.h"
#include "route.h"
#include "share.h"

struct many_table {
	struct opened opened;
	char *name;          /* owned */
	uint64_t rows;       /* since its last commit */
	uint64_t batch_rows; /* of these, of the running batch */
	bool stored;         /* its log has the id of --id: records for it are left out */
	/* The commit that is prepared: */
	bool due; /* there are rows, or a position moves */
	struct share share;
	struct sink_commit commit;
	bool committed; /* and not published yet */
	/* Since the start, for --stats: */
	uint64_t total_rows, total_bytes;
};

struct many {
	const struct route *route;        /* borrowed, as is `common` */
	const struct table_place *common; /* what is the same for all tables */
	uint64_t max;                     /* tables */
	uint64_t expected;                /* tables, between which the memory is divided */
	void *pool;                       /* of struct table_ops; NULL: no table is open yet */
	struct many_table **items, *last; /* by name; the one that was found last */
	size_t count, cap;
	struct http_counters counters; /* of all stores, as of the last many_counters() */
};

void many_release(struct many *many);

/* The open table NAME of LEN bytes, or NULL. */
struct many_table *many_find(struct many *many, const char *name, size_t len);

/* Open the table NAME, which has passed route_check() and is not open: EXIT_OK, or a status after a message. */
int many_open(struct many *many, const char *name, struct many_table **ret) MUST_CHECK;

/* Whether one of the existing tables has positions of GROUP.  Errors of store_list(), store_open(), log_open().
 */
int many_knows_group(const struct many *many, const char *group, bool *ret, struct strbuf *err) MUST_CHECK;

/* The same for the id ID of --id; also errors of log_has_id(). */
int many_knows_id(const struct many *many, const char *id, bool *ret, struct strbuf *err) MUST_CHECK;

/* Put the table's URL before the message ERR, unless it is in there. */
void many_name(const struct many_table *t, struct strbuf *err);

/* What was sent to the stores of all tables, and received; NULL: they are directories. */
const struct http_counters *many_counters(struct many *many);

#endif
