/* What the files of the feed share; private to feed*.c.  See feed.h. */
#ifndef WEIR_LAKE_FEED_IMPL_H
#define WEIR_LAKE_FEED_IMPL_H

#include "common/lake/feed.h"

/* feed_check.c: whether R, an error of reading the entry VERSION, means that it was removed or emptied. */
bool feed_is_gone(const struct feed *f, int64_t version, int r);

/* feed_version.c: feed_next() after the first rows, those of the whole table. */
int feed_next_version(struct feed *f, struct feed_version *ret, struct strbuf *err) MUST_CHECK;

/* --- feed_delta.c: a Delta table, whoever has written it --- */

/* Go to the newest version of the table.  Errors of delta_snapshot_open(). */
int feed_delta_newest(struct feed *f, struct strbuf *err) MUST_CHECK;

/* The same; *RET are all rows that it has then: 1. */
int feed_delta_all(struct feed *f, struct feed_version *ret, struct strbuf *err) MUST_CHECK;

/* ENTRY, the next one, may have changed what readers need: -ENOTSUP when that is not known here. */
int feed_delta_adopt(struct feed *f, const struct entry *entry, struct strbuf *err) MUST_CHECK;

/* --- feed_files.c --- */

/*
 * Whether all files of ADDS, add actions, are published: 1; or 0, and the path of the first one that is not is appended
 * to PATH.  Errors of snapshot_file() and store_size().
 */
int feed_complete(const struct feed *f, json_t *adds, struct strbuf *path, struct strbuf *err) MUST_CHECK;

/*
 * PATH, a file of VERSION, is not there, and ERR gets a text about that.  0 when it may still come, because VERSION is
 * the newest one of a raw table, whose writer has not published it yet; else -EBADMSG.
 */
int feed_missing(const struct feed *f, int64_t version, const char *path, struct strbuf *err) MUST_CHECK;

#endif
