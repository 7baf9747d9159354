/* Trying all operations that a writer needs: see dry_run.h. */
#include "common/lake/dry_run.h"

#include <errno.h>
#include <string.h>

#include "common/lake/housekeeping.h"
#include "common/lake/log.h"

static const char contents[] = "weir lake-put --dry-run\n";

/* Read an object that need not exist, and list a directory. */
static int try_reading(struct store *store, const char *dir, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT, why = STRBUF_INIT, hint = STRBUF_INIT;
	struct names names = {0};
	strbuf_addf(&hint, "%s/_last", dir);
	int r = store_get(store, hint.s, LOG_ENTRY_MAX, &text, &why);
	r = r == -ENOENT ? 0 : r;
	if (r < 0)
		strbuf_addstr(err, why.s);
	else
		r = store_list(store, dir, &names, err);
	names_release(&names);
	strbuf_release(&hint);
	strbuf_release(&text);
	strbuf_release(&why);
	return r;
}

/* PATH is published: check that it is what was staged. */
static int try_file(struct store *store, const char *path, struct strbuf *err)
{
	char buf[sizeof contents];
	int n = store_read(store, path, NULL, 0, buf, sizeof buf, err);
	if (n < 0)
		return n;
	if ((size_t)n == strlen(contents) && memcmp(buf, contents, (size_t)n) == 0)
		return 0;
	strbuf_addf(err, "'%s/%s' is not what was written to it", store->url, path);
	return -EIO;
}

static int try_staging(struct store *store, enum table_kind kind, const char *path, struct strbuf *err)
{
	struct stage *stage = NULL;
	struct strbuf ignored = STRBUF_INIT;
	int r = kind == TABLE_DELTA ? store_stage_in_place(store, path, &stage, err)
				    : store_stage(store, path, &stage, err);
	if (r < 0)
		return r;
	r = store_append(store, stage, contents, strlen(contents), err);
	if (r == 0)
		r = store_seal(store, stage, err);
	if (r == 0)
		r = store_sync(store, err);
	if (r == 0 && !stage->in_place)
		r = store_publish(store, path, stage->size, stage->tag, err);
	if (r == 0)
		r = store_sync(store, err);
	if (r == 0)
		r = try_file(store, path, err);
	if (r < 0 && store_discard(store, stage->tag, &ignored) < 0)
		strbuf_clear(&ignored); /* the first error is returned */
	int end = store_remove(store, path, r == 0 ? err : &ignored);
	store_stage_free(stage);
	strbuf_release(&ignored);
	return r == 0 ? end : r;
}

int dry_run(struct store *store, enum table_kind kind, const char *uuid, struct strbuf *err)
{
	struct strbuf path = STRBUF_INIT, dir = STRBUF_INIT, ignored = STRBUF_INIT;
	strbuf_addf(&dir, ".proof-%s", uuid); /* hidden from readers of the directory */
	strbuf_addf(&path, "%s/part-%s-00000.txt", dir.s, uuid);
	int r = try_reading(store, kind == TABLE_DELTA ? LOG_DELTA : LOG_RAW, err);
	if (r == 0)
		r = store_prove(store, err);
	if (r == 0)
		r = try_staging(store, kind, path.s, err);
	store_undo(store);
	if (store->ops->remote && store_remove(store, dir.s, &ignored) < 0) /* HDFS has directories */
		strbuf_clear(&ignored);
	strbuf_release(&ignored);
	strbuf_release(&path);
	strbuf_release(&dir);
	return r;
}
