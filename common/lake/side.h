/*
 * Files beside the entries of a log: what would make each entry long lies in one, and the entries name it.
 *
 * Layer: lake (uses store, uuid, jansson, zlib).  Such a file is called `KIND-%020d-UUID`: the number is the version of
 * the entry that it was written for, the UUID is new with each try, so no name is ever used twice.  It never changes,
 * and it is durable before an entry names it.  What the entry says of it is a reference:
 *     {"name":NAME,"size":BYTES,"crc":"8 hex"}
 * so that one that was changed, or exchanged, is found out.
 */
#ifndef WEIR_LAKE_SIDE_H
#define WEIR_LAKE_SIDE_H

#include <jansson.h>

#include "common/lake/store.h"

#define SIDE_IDS       "ids"
#define SIDE_INVENTORY "files"
#define SIDE_POSITIONS "positions"

/*
 * Write TEXT as a file of KIND (lower case letters) into the directory DIR of the log, for the entry VERSION; the
 * reference to it goes into *RET_REF, owned by the caller.  Errors of store_put_if_absent() and of uuid_new().
 */
int side_write(struct store *store, const char *dir, const char *kind, int64_t version, const struct strbuf *text,
	json_t **ret_ref, struct strbuf *err) MUST_CHECK;

/* The whole file that REF names, in place of what RET holds; -EBADMSG when it is gone, or is not what REF says; or of
 * the store. */
int side_read(struct store *store, const char *dir, json_t *ref, struct strbuf *ret, struct strbuf *err) MUST_CHECK;

/* Whether REF is a reference to a file of KIND: nothing else is ever opened. */
bool side_is_ref(json_t *ref, const char *kind);

/* The version in the name of such a file, of whatever kind; -1: it is none. */
int64_t side_version(const char *name);

#endif
