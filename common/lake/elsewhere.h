/*
 * Where a file is that the log of a Delta table names: in the table, or, as in a shallow clone, in another one.
 *
 * Layer: lake (uses snapshot, store).  By PROTOCOL.md a path of an action may be an absolute URI.  Such files are read
 * where they are in a store of the table's kind on the same server, with the same options; nothing is ever written or
 * removed there.  In HDFS the server is one of the table's if it has the name of one, whatever the port.
 */
#ifndef WEIR_LAKE_ELSEWHERE_H
#define WEIR_LAKE_ELSEWHERE_H

#include "common/lake/snapshot.h"

#define ELSEWHERE_STORES 4 /* so many stay open */

struct elsewhere {
	struct store *table;                 /* borrowed */
	const struct store_options *options; /* of the table; borrowed; NULL: only what is in the table is read */
	struct elsewhere_store {
		char *url; /* owned; NULL: none */
		struct store *store;
		uint64_t used;
	} other[ELSEWHERE_STORES];
	uint64_t uses;
};

void elsewhere_release(struct elsewhere *e);

/* Whether URI, of an action, is absolute. */
bool elsewhere_is(const char *uri);

/*
 * The store of URI, which is absolute, and its path there, appended to PATH.  *RET is valid until as many
 * other places as stay open were asked for.
 * -EBADMSG: it is not such a URI; -ENOTSUP: it is not read, as of another server; errors of store_open(); all with ERR.
 */
int elsewhere_find(
	struct elsewhere *e, const char *uri, struct store **ret, struct strbuf *path, struct strbuf *err) MUST_CHECK;

/*
 * A file that is named by an absolute URI is in another table, or in this one, under whatever name that has.  So before
 * anything is removed from the table, the names that the file of URI may have, decoded and as it is written, are noted
 * in NAMES, an object; elsewhere_spares() says whether PATH, of a file of the table, ends with one of them.
 */
void elsewhere_spare(json_t *names, const char *uri);
bool elsewhere_spares(const json_t *names, const char *path);

/* As snapshot_file(), and *RET_STORE is the store in which the file is; errors of elsewhere_find(), too. */
int elsewhere_file(struct elsewhere *e, json_t *add, struct snapshot_file *ret, struct store **ret_store,
	struct strbuf *err) MUST_CHECK;

#endif
