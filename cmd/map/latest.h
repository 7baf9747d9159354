/*
 * The last value of each key, in bounded memory, and how they are saved and loaded.
 *
 * When there is no room for another key, the one that was not set for the longest time is forgotten.  What is forgotten
 * depends only on the calls, so that a batch that is repeated has the same results.
 */
#ifndef WEIR_CMD_MAP_LATEST_H
#define WEIR_CMD_MAP_LATEST_H

#include <stdbool.h>

#include "common/data/groups.h"
#include "common/data/value.h"
#include "common/stream/checkpoint_file.h"

struct latest {
	struct groups groups; /* struct latest_entry by key */
	uint64_t limit, used; /* bytes */
	uint32_t oldest, newest;
	uint64_t saves;   /* since the beginning */
	uint64_t evicted; /* keys that were forgotten because of the limit */
};

/* Keep at most LIMIT bytes, but one key in any case.  Returns 0, or -errno of getrandom(2). */
int latest_init(struct latest *l, uint64_t limit) MUST_CHECK;
void latest_release(struct latest *l);

/* The value of the LEN bytes at KEY, as latest_set() got it; false: there is none.  Valid until the next change. */
bool latest_find(const struct latest *l, const char *key, size_t len, const char **ret_s, size_t *ret_len);

/* The value of KEY is now the VALUE_LEN bytes (below 4 GiB) at VALUE. */
void latest_set(struct latest *l, const char *key, size_t len, const char *value, size_t value_len);

/* As the callbacks of checkpoint.h say: all keys, or with FULL false those that were set since the last time. */
void latest_save(struct latest *l, bool full, struct checkpoint_out *out);
/*
 * 0, or -EBADMSG: these bytes are not of latest_save(), or IS_VALUE (NULL: all are) says of one of the values that it
 * is none, and L is of no use.
 */
int latest_load(struct latest *l, bool full, const char *s, size_t len,
	bool (*is_value)(void *self, const char *s, size_t len), void *self) MUST_CHECK;

#endif
