/* A Delta table as a source: see feed_impl.h. */
#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/lake/delta_readable.h"
#include "common/lake/delta_snapshot.h"
#include "common/lake/feed_impl.h"

/* Place F's log at the version of S, with its protocol and schema. */
static int place(struct feed *f, const struct delta_snapshot *s, struct strbuf *err)
{
	struct log log = {.store = f->log.store,
		.dir = LOG_DELTA,
		.kind = TABLE_DELTA,
		.delta = {.version = -1, .protocol = json_incref(s->protocol), .meta = json_incref(s->meta)},
		.own = json_incref(s->tail.own),
		.version = s->version};
	log_release(&f->log);
	f->log = log;
	f->last = (struct identity){0};
	int r = feed_identity(f, s->version, &f->last, err);
	return r < 0 ? r : 0;
}

int feed_delta_newest(struct feed *f, struct strbuf *err)
{
	const struct as_of now = AS_OF_NOW;
	struct delta_snapshot s;
	int r = delta_snapshot_open(&s, f->log.store, &now, err);
	if (r == 0)
		r = place(f, &s, err);
	delta_snapshot_release(&s);
	return r;
}

int feed_delta_all(struct feed *f, struct feed_version *ret, struct strbuf *err)
{
	const struct as_of now = AS_OF_NOW;
	struct delta_snapshot *s = xcalloc(1, sizeof *s);
	int r = delta_snapshot_open(s, f->log.store, &now, err);
	if (r == 0)
		r = place(f, s, err);
	if (r < 0) {
		delta_snapshot_release(s);
		free(s);
		return r;
	}
	*ret = (struct feed_version){
		.version = s->version, .id = f->last, .all = true, .meta = json_incref(s->meta), .snapshot = s};
	f->all = false;
	return 1;
}

int feed_delta_adopt(struct feed *f, const struct entry *entry, struct strbuf *err)
{
	json_t *protocol = entry->protocol ? entry->protocol : f->log.delta.protocol;
	json_t *meta = entry->meta ? entry->meta : f->log.delta.meta;
	return entry->protocol || entry->meta ? delta_readable(protocol, meta, f->log.store->url, err) : 0;
}
