/* Listings of directories in HDFS: see hdfs.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/uri.h"
#include "common/lake/hdfs.h"

/* A walk through directories. */
struct hdfs_walk {
	struct store_hdfs *hdfs;
	const char *dir; /* the directory that is being read, as a path in the table */
	bool deep;
	remote_each *each;
	void *arg;
	struct names dirs; /* directories that are still to be read */
	struct strbuf path;
};

static int hand_out(void *arg, const char *name, const struct hdfs_status *status)
{
	struct hdfs_walk *w = arg;
	strbuf_clear(&w->path);
	strbuf_addf(&w->path, "%s%s%s", w->dir, *w->dir ? "/" : "", name);
	if (status->is_dir && w->deep) {
		names_add(&w->dirs, w->path.s);
		return 0;
	}
	return w->each(w->arg, w->path.s, status->is_dir, status->size, status->is_dir ? 0 : status->modified_ms);
}

/*
 * Read the part of the directory after the name LAST ("": from the beginning).  Returns 1 when there is more; LAST is
 * then the name after which it begins.
 */
static int read_page(struct hdfs_walk *w, struct strbuf *last, struct strbuf *err)
{
	struct remote_call *call;
	struct strbuf query = STRBUF_INIT;
	char name[64];
	strbuf_addstr(&query, "op=LISTSTATUS_BATCH&startAfter=");
	uri_encode(&query, last->s, last->len, false);
	int r = hdfs_run(w->hdfs, "GET", w->dir, query.s, 0, &call, err);
	if (r == 0 && remote_good(call)) {
		const struct strbuf *body = &remote_answer(call)->body;
		strbuf_clear(last);
		r = hdfs_read_listing(body->s, body->len, hand_out, w, last);
		if (r == -EBADMSG)
			r = hdfs_fail(call, "list", w->dir, err);
	} else if (r == 0) {
		hdfs_exception(remote_answer(call), name, sizeof name);
		if (strcmp(name, "FileNotFoundException") != 0) /* otherwise there is nothing to list */
			r = hdfs_fail(call, "list", w->dir, err);
	}
	remote_call_free(call);
	strbuf_release(&query);
	return r;
}

static int read_dir(struct hdfs_walk *w, struct strbuf *err)
{
	struct strbuf before = STRBUF_INIT, last = STRBUF_INIT;
	int r;
	do {
		strbuf_clear(&before);
		strbuf_add(&before, last.s, last.len);
		r = read_page(w, &last, err);
		if (r == 1)
			r = remote_list_goes_on(&w->hdfs->remote, &before, &last, err);
	} while (r == 1);
	strbuf_release(&before);
	strbuf_release(&last);
	return r;
}

int hdfs_list(struct remote *remote, const char *dir, bool deep, remote_each *each, void *arg, struct strbuf *err)
{
	struct hdfs_walk w = {.hdfs = store_hdfs(remote), .deep = deep, .each = each, .arg = arg, .path = STRBUF_INIT};
	int r = 0;
	names_add(&w.dirs, dir);
	while (r == 0 && w.dirs.count) {
		char *next = w.dirs.items[--w.dirs.count];
		w.dir = next;
		r = read_dir(&w, err);
		free(next);
	}
	names_release(&w.dirs);
	strbuf_release(&w.path);
	return r;
}
