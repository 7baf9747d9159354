/* The operations of store.h, for the stores that are reached over HTTP; a part of remote.h. */
#ifndef WEIR_LAKE_REMOTE_OPERATIONS_H
#define WEIR_LAKE_REMOTE_OPERATIONS_H

#include "common/lake/housekeeping.h"
#include "common/lake/store.h"

struct remote_ahead;

/* The table of all that follows. */
extern const struct store_ops remote_operations;
extern const struct housekeeping remote_housekeeping;

int remote_get(struct store *, const char *path, uint64_t max, struct strbuf *ret, struct strbuf *err);
int remote_read(
	struct store *, const char *path, const char *tag, uint64_t pos, void *buf, size_t size, struct strbuf *err);
void remote_ahead_free(struct remote_ahead *ahead);
int remote_size(struct store *, const char *path, uint64_t *ret, struct strbuf *err);
int remote_list(struct store *, const char *dir, struct names *ret, struct strbuf *err);
int remote_put(struct store *, const char *path, const struct strbuf *data, struct strbuf *err);
int remote_put_if_absent(struct store *, const char *path, const struct strbuf *data, struct strbuf *err);
int remote_remove(struct store *, const char *path, struct strbuf *err);
int remote_stage_open(struct store *, const char *path, struct stage **ret, struct strbuf *err);
int remote_stage_in_place(struct store *, const char *path, struct stage **ret, struct strbuf *err);
int remote_append(struct store *, struct stage *, const void *data, size_t len, struct strbuf *err);
int remote_seal(struct store *, struct stage *, struct strbuf *err);
int remote_sync(struct store *, struct strbuf *err);
int remote_wait_beside(struct store *, int fd, int timeout_ms);
void remote_stage_free(struct stage *);
int remote_publish(struct store *, const char *path, uint64_t size, const char *tag, struct strbuf *err);
int remote_discard(struct store *, const char *tag, struct strbuf *err);

#endif
