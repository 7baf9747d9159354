/* The files of a version that is to be read: see feed_impl.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/lake/aside.h"
#include "common/lake/delta_snapshot.h"
#include "common/lake/elsewhere.h"
#include "common/lake/feed_impl.h"
#include "common/lake/json_in.h"
#include "common/lake/snapshot.h"

/* Whether there is a file PATH of SIZE bytes: 1 or 0. */
static int is_there(const struct feed *f, const char *path, uint64_t size, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	uint64_t is = 0;
	int r = store_size(f->log.store, path, &is, &text);
	bool there = r == 0 && is == size;
	if (r < 0 && r != -ENOENT)
		strbuf_addstr(err, text.s);
	strbuf_release(&text);
	return r < 0 && r != -ENOENT ? r : there;
}

/*
 * Whether the file of ADD is published, or was: a compaction of a raw table sets it aside.  1; or 0, with its path in
 * PATH.
 */
static int is_published(const struct feed *f, json_t *add, struct strbuf *path, struct strbuf *err)
{
	struct snapshot_file file;
	if (f->log.kind == TABLE_DELTA && elsewhere_is(text_in(add, "path")))
		return 1; /* whoever reads it sees whether it is there */
	int r = snapshot_file(add, &file, err);
	if (r < 0)
		return r;
	r = is_there(f, file.path, file.size, err);
	char *aside = r == 0 && f->log.kind == TABLE_RAW ? aside_name(file.path) : NULL;
	if (aside)
		r = is_there(f, aside, file.size, err);
	if (aside && r == 0) /* it may just have been taken back */
		r = is_there(f, file.path, file.size, err);
	if (r == 0)
		strbuf_addstr(path, file.path);
	free(aside);
	free(file.path);
	return r;
}

int feed_complete(const struct feed *f, json_t *adds, struct strbuf *path, struct strbuf *err)
{
	size_t i;
	json_t *add;
	int r = 1;
	json_array_foreach(adds, i, add)
	{
		r = is_published(f, add, path, err);
		if (r <= 0)
			break;
	}
	return r;
}

int feed_missing(const struct feed *f, int64_t version, const char *path, struct strbuf *err)
{
	uint64_t size;
	const char *url = f->log.store->url;
	bool newest = f->log.kind == TABLE_RAW && log_entry_size(&f->log, version + 1, &size) == -ENOENT;
	if (newest)
		strbuf_addf(err,
			"'%s' of version %" PRId64 " of '%s' is not published yet: its writer does that, or the next "
			"one, or `weir lake-check --repair`",
			path, version, url);
	else
		strbuf_addf(err,
			"'%s', which version %" PRId64
			" of '%s' adds, is gone: what that version added cannot be read any more",
			path, version, url);
	return newest ? 0 : -EBADMSG;
}

void feed_version_release(struct feed_version *v)
{
	json_decref(v->adds);
	json_decref(v->meta);
	if (v->snapshot)
		delta_snapshot_release(v->snapshot);
	free(v->snapshot);
	v->adds = v->meta = NULL;
	v->snapshot = NULL;
}

int feed_version_next(struct feed_version *v, json_t **ret_add, struct strbuf *err)
{
	if (v->snapshot)
		return delta_snapshot_next(v->snapshot, ret_add, err);
	if (v->next == json_array_size(v->adds))
		return 0;
	*ret_add = json_incref(json_array_get(v->adds, v->next++));
	return 1;
}
