/*
 * Files beside the entries of a log: they hold data that would make each entry long, and entries name them.
 *
 * Layer: lake (uses store, uuid, jansson, zlib).  Such a file is called `KIND-%020d-UUID`: the number is the version of
 * the entry for which it was written, the UUID is new for each try, so no name is ever used twice.  It never changes,
 * and it is durable before an entry names it.  Entries name it by a reference:
 *     {"name":NAME,"size":BYTES,"crc":"8 hex"}
 * so that a file that was changed or exchanged is detected.
 */
#ifndef WEIR_LAKE_SIDE_H
#define WEIR_LAKE_SIDE_H

#include <jansson.h>

#include "common/lake/store.h"

#define SIDE_IDS       "ids"
#define SIDE_INVENTORY "files"
#define SIDE_POSITIONS "positions"
#define SIDE_META      "meta"

/*
 * Write TEXT as a file of KIND (lower-case letters) into the directory DIR of the log, for the entry VERSION.  *RET_REF
 * is the reference to it, owned by the caller.  Errors of store_put_if_absent() and of uuid_new().
 */
int side_write(struct store *store, const char *dir, const char *kind, int64_t version, const struct strbuf *text,
	json_t **ret_ref, struct strbuf *err) MUST_CHECK;

/*
 * Read the whole file that REF names; it replaces the contents of RET.  -EBADMSG when the file is gone or does not
 * match REF; or an error of the store.
 */
int side_read(struct store *store, const char *dir, json_t *ref, struct strbuf *ret, struct strbuf *err) MUST_CHECK;

/* Report that the file of REF does not agree with the log: puts its name and WHAT into ERR, and returns -EBADMSG. */
int side_damaged(
	const struct store *store, const char *dir, json_t *ref, const char *what, struct strbuf *err) MUST_CHECK;

/* Whether REF is a reference to a file of KIND: no other file is ever opened. */
bool side_is_ref(json_t *ref, const char *kind);

/* The version in the name of such a file, of any kind; -1: NAME is not one. */
int64_t side_version(const char *name);

#endif
