/* Small files in HDFS, and the compare-and-swap of the log: see hdfs.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/lake/hdfs.h"

enum { RENAMES = 6 }; /* how often to try, while others create a file there or remove a directory */

int hdfs_look(struct store_hdfs *hdfs, const char *path, struct hdfs_status *ret, struct strbuf *err)
{
	struct remote_call *call;
	char name[64];
	int r = hdfs_run(hdfs, "GET", path, "op=GETFILESTATUS", 0, &call, err);
	if (r == 0 && remote_good(call)) {
		const struct strbuf *body = &remote_answer(call)->body;
		if (hdfs_read_status(body->s, body->len, ret) < 0)
			r = hdfs_fail(call, "examine", path, err);
	} else if (r == 0) {
		hdfs_exception(remote_answer(call), name, sizeof name);
		r = strcmp(name, "FileNotFoundException") == 0 ? -ENOENT : hdfs_fail(call, "examine", path, err);
	}
	remote_call_free(call);
	return r;
}

int hdfs_size(struct store *store, const char *path, uint64_t *ret, struct strbuf *err)
{
	struct hdfs_status status;
	int r = hdfs_look(store_hdfs(remote_of(store)), path, &status, err);
	if (r == 0 && status.is_dir) {
		strbuf_addf(err, "'%s/%s' is not a regular file", store->url, path);
		return -EBADMSG;
	}
	if (r == 0)
		*ret = status.size;
	return r;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* A file in `_weir_stage/` that will get its final name. */
struct temp {
	char *tag;
	int64_t id; /* -1: for a hint, which need not be distinguished from that of another writer */
};

/* Write DATA to RET, whose tag the caller frees in any case. */
static int write_temp(
	struct store_hdfs *hdfs, const char *path, const struct strbuf *data, struct temp *ret, struct strbuf *err)
{
	struct strbuf tag = STRBUF_INIT;
	struct remote_call *call;
	hdfs_look_around(hdfs);
	remote_next_tag(&hdfs->remote, &tag);
	int r = remote_run(&hdfs->remote,
		&(struct remote_request){.method = "PUT", .path = tag.s, .data = data->s, .len = data->len}, &call,
		err);
	if (r == 0 && !remote_good(call))
		r = hdfs_fail(call, "write", path, err);
	*ret = (struct temp){hdfs_created(call), -1};
	remote_call_free(call);
	strbuf_release(&tag);
	return r == -ENOENT || r == -EEXIST ? -EIO : r; /* these errors would seem to be about PATH */
}

/* Check that TEMP has SIZE bytes, and note its id. */
static int check_temp(struct store_hdfs *hdfs, struct temp *temp, uint64_t size, struct strbuf *err)
{
	struct hdfs_status status = {0};
	int r = hdfs_look(hdfs, temp->tag, &status, err);
	if (r == 0 && (status.size != size || status.file_id < 0 || status.is_dir)) {
		strbuf_addf(err, "cannot write '%s/%s': it has %" PRIu64 " bytes of %" PRIu64, hdfs->remote.base.url,
			temp->tag, status.size, size);
		r = -EIO;
	} else if (r == -ENOENT) {
		strbuf_addf(err, "cannot write '%s/%s': it is gone at once", hdfs->remote.base.url, temp->tag);
		r = -EIO;
	}
	temp->id = status.file_id;
	return r;
}

void hdfs_rename_query(const struct store_hdfs *hdfs, const char *path, const char *options, struct strbuf *ret)
{
	strbuf_addf(ret, "op=RENAME&renameoptions=%s", options);
	hdfs_add_path(hdfs, "destination", path, ret);
}

/*
 * Rename TEMP to PATH.  1: it was done; 0: check whether it was; errors of hdfs_fail() and http_wait(): it may have
 * been done.
 */
static int rename_temp(
	struct store_hdfs *hdfs, const struct temp *temp, const char *path, const char *options, struct strbuf *err)
{
	struct strbuf query = STRBUF_INIT;
	struct remote_call *call;
	size_t before = err->len;
	/* An entry so old that it could be taken for abandoned is not committed; hints have no such limit. */
	int64_t by_ms = temp->id < 0 ? 0 : hdfs->remote.base.put_by_ms;
	hdfs_rename_query(hdfs, path, options, &query);
	int r = hdfs_run(hdfs, "PUT", temp->tag, query.s, by_ms, &call, err);
	if (r == 0 && remote_good(call)) {
		const struct strbuf *body = &remote_answer(call)->body; /* no problem: the server supports the option */
		r = body->len == 0 || (temp->id < 0 && hdfs_read_boolean(body->s, body->len) == 1);
	} else if (r == 0) {
		r = hdfs_fail(call, "create", path, err);
		if (hdfs_is_about_names(call, r)) {
			strbuf_setlen(err, before);
			r = 0;
		}
	}
	remote_call_free(call);
	strbuf_release(&query);
	return r;
}

/*
 * What is at PATH.  0: TEMP, by its id; -EEXIST: something else; -EISDIR: a directory; 1: nothing, and TEMP still
 * exists; -ENOENT: neither exists.
 */
static int settle(struct store_hdfs *hdfs, const struct temp *temp, const char *path, struct strbuf *err)
{
	struct hdfs_status status;
	int r = temp->id < 0 ? hdfs_look(hdfs, temp->tag, &status, err) : 0;
	if (r < 0)
		return r == -ENOENT ? 0 : r; /* a hint that was renamed */
	r = hdfs_look(hdfs, path, &status, err);
	if (r == 0)
		return status.is_dir ? -EISDIR : status.file_id == temp->id ? 0 : -EEXIST;
	if (r == -ENOENT)
		r = hdfs_look(hdfs, temp->tag, &status, err);
	return r == 0 ? 1 : r;
}

/* DELETE.  1: it existed; 0: it did not; or an error. */
static int remove_file(struct store_hdfs *hdfs, const char *path, struct strbuf *err)
{
	struct remote_call *call;
	int r = hdfs_run(hdfs, "DELETE", path, "op=DELETE&recursive=false", 0, &call, err);
	if (r == 0 && !remote_good(call))
		r = hdfs_fail(call, "remove", path, err);
	else if (r == 0)
		r = hdfs_read_boolean(remote_answer(call)->body.s, remote_answer(call)->body.len);
	remote_call_free(call);
	return r;
}

/*
 * Rename TEMP to PATH, even if its directory disappears meanwhile.  0 or -EEXIST, like settle(); -EISDIR; other errors,
 * with ERR: it may have been done or not.
 */
static int move(struct store_hdfs *hdfs, const struct temp *temp, const char *path, bool overwrite, struct strbuf *err)
{
	for (int i = 0; i < RENAMES; i++) {
		int r = rename_temp(hdfs, temp, path, overwrite ? "OVERWRITE" : "NONE", err);
		if (r != 0)
			return r == 1 ? 0 : r;
		r = settle(hdfs, temp, path, err);
		if (r == 1)
			r = hdfs_make_parent(hdfs, path, err);
		else if (r == -EEXIST &&
			 overwrite) /* HttpFS never overwrites; readers of hints can do without one for a moment */
			r = remove_file(hdfs, path, err);
		else
			return r;
		if (r < 0)
			return r;
	}
	strbuf_addf(err, "cannot create '%s/%s': others remove its directory", hdfs->remote.base.url, path);
	return -EAGAIN;
}

/* A directory has the name of PATH: HttpFS has moved TEMP into it. */
static int in_the_way(struct store_hdfs *hdfs, const struct temp *temp, const char *path, struct strbuf *err)
{
	struct strbuf inside = STRBUF_INIT, ignored = STRBUF_INIT;
	strbuf_addf(&inside, "%s%s", path, strrchr(temp->tag, '/'));
	if (remove_file(hdfs, inside.s, &ignored) <= 0 && remove_file(hdfs, temp->tag, &ignored) < 0)
		strbuf_clear(&ignored); /* lake-check --clean finds it */
	strbuf_addf(err, "'%s/%s' is a directory", hdfs->remote.base.url, path);
	strbuf_release(&inside);
	strbuf_release(&ignored);
	return -EBADMSG;
}

int hdfs_put(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err)
{
	struct store_hdfs *hdfs = store_hdfs(remote_of(store));
	struct temp temp;
	int r = write_temp(hdfs, path, data, &temp, err);
	if (r == 0)
		r = move(hdfs, &temp, path, true, err);
	if (r == -EISDIR)
		r = in_the_way(hdfs, &temp, path, err);
	free(temp.tag);
	return r;
}

/*
 * Renaming TEMP has failed with R, but it may have been done, or may still happen.  Without TEMP it cannot happen, so
 * TEMP is removed; after that the contents of PATH are certain.
 */
static int give_up(struct store_hdfs *hdfs, const struct temp *temp, const char *path, int r)
{
	struct strbuf ignored = STRBUF_INIT;
	int removed = remove_file(hdfs, temp->tag, &ignored), at = removed == 1 ? -ENOENT : STORE_UNKNOWN;
	if (removed == 0)
		at = settle(hdfs, temp, path, &ignored);
	strbuf_release(&ignored);
	return at == 0 || at == -EEXIST ? at : at == -ENOENT ? r : STORE_UNKNOWN;
}

int hdfs_put_if_absent(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err)
{
	struct store_hdfs *hdfs = store_hdfs(remote_of(store));
	struct strbuf ignored = STRBUF_INIT;
	struct temp temp;
	int r = write_temp(hdfs, path, data, &temp, err);
	if (r == 0)
		r = check_temp(hdfs, &temp, data->len, err);
	if (r == 0) {
		KILL_POINT("entry-written");
		r = move(hdfs, &temp, path, false, err);
		if (r == -EISDIR)
			r = in_the_way(hdfs, &temp, path, err);
		else if (r < 0 && r != -EEXIST)
			r = give_up(hdfs, &temp, path, r);
	}
	if (r == -EEXIST) {
		strbuf_addf(err, "%s'%s/%s' exists already", err->len ? "; " : "", store->url, path);
		if (remove_file(hdfs, temp.tag, &ignored) < 0)
			strbuf_clear(&ignored); /* lake-check --clean finds it */
	}
	strbuf_release(&ignored);
	free(temp.tag);
	return r;
}
