/*
 * Which files the versions of a log need, and until when those needed that were removed since.
 */
#ifndef WEIR_LAKE_COMPACT_NEEDED_H
#define WEIR_LAKE_COMPACT_NEEDED_H

#include "common/lake/log.h"

struct needed {
	json_t *now;   /* path: true, of the files of the head, their deletion vectors and stages */
	json_t *until; /* path, or hidden name: when it was removed, in ms since the epoch */
	json_t *names; /* name: true, of files that the head names by absolute URIs */
};

/*
 * Read all of LOG that is kept, up to its head.  -EBADMSG when a part cannot be read: nothing may be removed then;
 * errors of live_files().  Release RET in any case.
 */
int needed_read(struct log *log, struct needed *ret, struct strbuf *err) MUST_CHECK;
void needed_release(struct needed *needed);

/* Whether the head needs PATH. */
bool needed_now(const struct needed *needed, const char *path);

/* Whether an entry that is kept has removed PATH: *RET_MS is when the last of them did. */
bool needed_until(const struct needed *needed, const char *path, int64_t *ret_ms);

#endif
