/*
 * The contents of a table at the head of its log: the files of all commits, without those that were removed.
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
 * Read LOG's inventory and the entries after it, up to its head.  When entries that were needed have been emptied
 * meanwhile, LOG goes on to the newest head.  -ENOENT, -EBADMSG; release S in any case.
 */
int snapshot_read(struct snapshot *s, struct log *log, struct strbuf *err) MUST_CHECK;
/* The same up to LOG's version only, which need not be the head.  -ENODATA: entries that are needed were emptied. */
int snapshot_read_version(struct snapshot *s, const struct log *log, struct strbuf *err) MUST_CHECK;
void snapshot_release(struct snapshot *s);

/* A file of a snapshot, which owns the strings, except the path. */
struct snapshot_file {
	char *path; /* decoded; the caller frees it */
	const char *tag;
	json_t *values; /* values of the partition columns, strings or null */
	uint64_t size;
	int64_t records; /* -1: not known */
};

/*
 * Append the decoded path of an add or remove action.  -EBADMSG when there is none, or when it leads out of the table.
 */
int snapshot_path(json_t *action, struct strbuf *ret) MUST_CHECK;

/* Read an add action.  -EBADMSG when path, stage or size are missing, or have values that no writer writes. */
int snapshot_file(json_t *add, struct snapshot_file *ret, struct strbuf *err) MUST_CHECK;

#endif
