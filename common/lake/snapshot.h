/*
 * What a table holds at the head of its log: the files of all commits, without those that were removed.
 *
 * Layer: lake (uses log).
 */
#ifndef WEIR_LAKE_SNAPSHOT_H
#define WEIR_LAKE_SNAPSHOT_H

#include "common/lake/log.h"

struct snapshot {
	json_t *adds; /* by URI, in the order of the commits; owned */
};

/*
 * Read LOG's inventory and the entries behind it, up to its head, which is the log's when entries that were needed have
 * gone meanwhile.  -ENOENT, -EBADMSG; release S in any case.
 */
int snapshot_read(struct snapshot *s, struct log *log, struct strbuf *err) MUST_CHECK;
void snapshot_release(struct snapshot *s);

/* A file of a snapshot; the strings belong to it, but for the path. */
struct snapshot_file {
	char *path; /* decoded; the caller frees it */
	const char *tag;
	json_t *values; /* of the partition columns, strings or null */
	uint64_t size;
	int64_t records; /* -1: not known */
};

/* Append the decoded path of an add or remove action.  -EBADMSG when there is none, or it is no place in a table. */
int snapshot_path(json_t *action, struct strbuf *ret) MUST_CHECK;

/* Take an add action apart.  -EBADMSG when path, stage or size are missing, or such that no writer writes them. */
int snapshot_file(json_t *add, struct snapshot_file *ret, struct strbuf *err) MUST_CHECK;

#endif
