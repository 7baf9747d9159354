/*
 * The files of a table at the head of its log, of both kinds of tables.
 */
#ifndef WEIR_LAKE_COMPACT_LIVE_H
#define WEIR_LAKE_COMPACT_LIVE_H

#include "common/lake/log.h"

/*
 * The add actions of all files at LOG's head, by their paths, in the order of the commits; owned by the caller.  The
 * log of a raw table may go on to a newer head.  -EBADMSG with the reason in ERR, errors of snapshot_read() and of
 * checkpoints.  *RET is NULL after an error.
 */
int live_files(struct log *log, json_t **ret, struct strbuf *err) MUST_CHECK;

#endif
