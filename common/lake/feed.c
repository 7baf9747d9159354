/* A table as a source: see feed.h. */
#include "common/lake/feed_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/lake/changes.h"
#include "common/lake/json_in.h"
#include "common/lake/snapshot.h"

int feed_open(struct feed *f, struct store *store, enum feed_removal removal, struct strbuf *err)
{
	*f = (struct feed){.removal = removal, .log = {.store = store, .dir = LOG_DELTA, .delta = {.version = -1}}};
	int r = log_find_kind(store, &f->log.kind, err);
	bool delta = r == 0 && f->log.kind == TABLE_DELTA;
	if (r == 0)
		r = delta ? feed_delta_newest(f, err) : log_open(&f->log, store, NULL, err);
	if (r == 0 && f->log.version < 0)
		r = log_missing(&f->log, err);
	if (r < 0)
		return r;
	const char *id = delta ? text_in(f->log.delta.meta, "id") : state_table(f->log.state);
	if (!id || !*id || strlen(id) > FEED_ID_MAX) {
		strbuf_addf(err, "the log of '%s' does not say which table it is%s", store->url,
			id && *id ? ": the id is too long" : "");
		return -EBADMSG;
	}
	f->table = xstrdup(id);
	return 0;
}

void feed_release(struct feed *f)
{
	log_release(&f->log);
	free(f->table);
	f->table = NULL;
}

int feed_newest(struct feed *f, int64_t *ret, struct strbuf *err)
{
	bool delta = f->log.kind == TABLE_DELTA;
	int r = delta ? feed_delta_newest(f, err) : log_refresh(&f->log, err);
	if (r == 0)
		*ret = f->newest = f->log.version;
	if (r == 0 && !delta)
		f->last = changes_identity(&f->log.head, f->log.version);
	return r;
}

/* --- where to begin -------------------------------------------------------------------------------------------------
 */

/* Go back to VERSION, which exists or has existed. */
static int go_back(struct feed *f, int64_t version, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	struct entry entry;
	struct log walk = {.store = f->log.store,
		.dir = f->log.dir,
		.kind = f->log.kind,
		.delta = {.version = -1,
			.protocol = json_incref(f->log.delta.protocol),
			.meta = json_incref(f->log.delta.meta)},
		.version = version};
	int r = log_read(&walk, version, &entry, &text);
	f->last = (struct identity){0};
	if (r == 0) {
		f->last = changes_identity(&entry, version);
		log_adopt_state(&walk, &entry, version);
		entry_release(&entry);
	} else if (feed_is_gone(f, version, r) || log_is_retired(&walk, version)) {
		r = 0; /* what follows it may be there */
	}
	strbuf_addstr(err, r < 0 ? text.s : "");
	strbuf_release(&text);
	if (r == 0) {
		log_release(&f->log);
		f->log = walk;
	} else {
		log_release(&walk);
	}
	return r;
}

int feed_place(struct feed *f, int64_t next, struct strbuf *err)
{
	f->all = next == 0;
	if (next == 0 || next == f->log.version + 1)
		return 0;
	if (next > f->log.version + 1) {
		strbuf_addf(err, "the newest version of '%s' is %" PRId64 ": there is no version %" PRId64 " yet",
			f->log.store->url, f->log.version, next - 1);
		return -EBADMSG;
	}
	return go_back(f, next - 1, err);
}

/* --- all rows -------------------------------------------------------------------------------------------------------
 */

static int next_all(struct feed *f, struct feed_version *ret, struct strbuf *err)
{
	struct snapshot snapshot = {0};
	struct strbuf path = STRBUF_INIT;
	const char *uri;
	json_t *add;
	int r = log_refresh(&f->log, err);
	if (r == 0)
		r = snapshot_read(&snapshot, &f->log, err);
	if (r == 0)
		r = feed_complete(f, f->log.head.adds, &path, err);
	if (r == 0)
		r = feed_missing(f, f->log.version, path.s, err);
	if (r > 0) {
		f->last = changes_identity(&f->log.head, f->log.version);
		f->all = false;
		*ret = (struct feed_version){
			.version = f->log.version, .id = f->last, .all = true, .adds = json_array()};
		json_object_foreach(snapshot.adds, uri, add)
		{
			json_array_append(ret->adds, add);
		}
		ret->empty = !json_array_size(ret->adds);
	}
	snapshot_release(&snapshot);
	strbuf_release(&path);
	return r;
}

int feed_next(struct feed *f, struct feed_version *ret, struct strbuf *err)
{
	if (!f->all)
		return feed_next_version(f, ret, err);
	return f->log.kind == TABLE_DELTA ? feed_delta_all(f, ret, err) : next_all(f, ret, err);
}
