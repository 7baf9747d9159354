/* Staged files in HDFS: uploading them, and giving them their final names.  See hdfs.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/lake/hdfs.h"

/* --- uploading ---------------------------------------------------------------------------------------------------- */

static remote_landed created;

/*
 * A server, or a gateway before it, may take no body of unknown length: a stage that has gone up while it grew goes up
 * once more, whole, when it is sealed, and the next ones in that way only.
 */
static int send_again(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	struct remote_stage *stage = f->stage;
	struct strbuf tag = STRBUF_INIT;
	remote->not_growing = true;
	hdfs_forget(f->call);
	remote_next_tag(remote, &tag);
	free(stage->base.tag);
	stage->base.tag = strbuf_detach(&tag);
	stage->begun = false;
	if (!stage->sealed)
		return 0;
	remote_call_free(f->call);
	f->bytes = stage->bytes;
	stage->bytes = (struct backlog){.pool = remote->pool};
	f->landed = created;
	int r = remote_start(remote,
		&(struct remote_request){.method = "PUT", .path = stage->base.tag, .bytes = &f->bytes}, &f->call, err);
	return r == 0 ? 1 : r;
}

/* Check whether the file that was created is the whole stage. */
static int measured(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	struct hdfs_status status;
	const struct stage *stage = &f->stage->base;
	const struct strbuf *body = &remote_answer(f->call)->body;
	if (!remote_good(f->call) || hdfs_read_status(body->s, body->len, &status) < 0) {
		int r = hdfs_fail(f->call, "examine", stage->tag, err);
		return r == -ENOENT ? -EIO : r; /* its creation was confirmed, so it may be found at another try */
	}
	if (status.size == stage->size)
		return 0;
	if (f->stage->bytes.len)
		return send_again(remote, f, err);
	strbuf_addf(err, "cannot upload '%s/%s': it has %" PRIu64 " bytes of %" PRIu64, remote->base.url, stage->tag,
		status.size, stage->size);
	return -EIO;
}

static int created(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	struct stage *stage = &f->stage->base;
	if (!remote_good(f->call))
		return hdfs_fail(f->call, "upload", stage->tag, err);
	free(stage->tag);
	stage->tag = hdfs_created(f->call);
	remote_call_free(f->call);
	f->landed = measured;
	int r = remote_start(remote,
		&(struct remote_request){
			.method = "GET", .path = stage->tag, .query = "op=GETFILESTATUS", .late = true},
		&f->call, err);
	return r == 0 ? 1 : r;
}

int hdfs_send_whole(struct remote_stage *stage, struct strbuf *err)
{
	hdfs_look_around(store_hdfs(stage->remote));
	return remote_send(stage, &(struct remote_request){.method = "PUT", .path = stage->base.tag}, created, err);
}

/* The upload of a stage that grew has ended; it may be sealed since, or not. */
static int grown(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	return remote_good(f->call) && f->stage->sealed ? created(remote, f, err) : send_again(remote, f, err);
}

int hdfs_send_growing(struct remote_stage *stage, struct strbuf *err)
{
	hdfs_look_around(store_hdfs(stage->remote));
	return remote_send_growing(
		stage, &(struct remote_request){.method = "PUT", .path = stage->base.tag}, grown, err);
}

/* --- publishing --------------------------------------------------------------------------------------------------- */

static int gone(const struct remote *remote, const struct remote_flight *f, struct strbuf *err)
{
	strbuf_addf(
		err, "'%s/%s' is missing, and so is what was staged for it ('%s')", remote->base.url, f->path, f->tag);
	return -EBADMSG;
}

/* What is at the final name of F. 0: the file; 1: nothing; -EBADMSG: something else. */
static int is_there(struct remote *remote, const struct remote_flight *f, struct strbuf *err)
{
	struct hdfs_status status;
	int r = hdfs_look(store_hdfs(remote), f->path, &status, err);
	if (r == -ENOENT)
		return 1;
	if (r == 0 && status.is_dir) {
		strbuf_addf(err, "'%s/%s' is a directory", remote->base.url, f->path);
		return -EBADMSG;
	}
	if (r == 0 && status.size != f->size) {
		strbuf_addf(err, "'%s/%s' has %" PRIu64 " bytes, but the log says %" PRIu64, remote->base.url, f->path,
			status.size, f->size);
		return -EBADMSG;
	}
	return r;
}

/* The directory was missing; making it once is enough, unless others remove it. */
enum { RENAMES = 6 };

static int renamed(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	struct hdfs_status status;
	size_t before = err->len;
	int r;
	KILL_POINT("published");
	if (remote_good(f->call) && remote_answer(f->call)->body.len == 0)
		return 0; /* the server supports the option NONE */
	if (!remote_good(f->call)) {
		r = hdfs_fail(f->call, "publish", f->path, err);
		if (!hdfs_is_about_names(f->call, r))
			return r;
		strbuf_setlen(err, before);
	}
	r = is_there(remote, f, err);
	if (r != 1)
		return r;
	r = hdfs_look(store_hdfs(remote), f->tag, &status, err);
	if (r == -ENOENT) /* unless another process is publishing it just now */
		r = is_there(remote, f, err) == 1 ? gone(remote, f, err) : 0;
	else if (r == 0 && ++f->part < RENAMES && (r = hdfs_make_parent(store_hdfs(remote), f->path, err)) == 0) {
		remote_call_free(f->call);
		r = hdfs_start_rename(remote, f, err);
	}
	return r;
}

int hdfs_start_rename(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	struct strbuf query = STRBUF_INIT;
	hdfs_rename_query(store_hdfs(remote), f->path, "NONE", &query);
	f->landed = renamed;
	int r = remote_start(remote,
		&(struct remote_request){.method = "PUT", .path = f->tag, .query = query.s, .late = true}, &f->call,
		err);
	strbuf_release(&query);
	return r == 0 ? 1 : r;
}
