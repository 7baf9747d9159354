/* Requests to HDFS: see hdfs.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/lake/beneath.h"
#include "common/lake/hdfs.h"

/* --- tries -------------------------------------------------------------------------------------------------------- */

char *hdfs_created(const struct remote_call *call)
{
	struct strbuf tag = STRBUF_INIT;
	strbuf_addf(&tag, REMOTE_STAGES "%s", strrchr(call->path, '/'));
	return strbuf_detach(&tag);
}

void hdfs_forget(const struct remote_call *call)
{
	struct strbuf url = STRBUF_INIT;
	struct store_hdfs *hdfs = store_hdfs(call->remote);
	strbuf_addf(&url, "%s%s?op=DELETE&recursive=false", hdfs->place.bases[hdfs->active], call->path);
	(void)hdfs_try(hdfs, "DELETE", url.s);
	strbuf_release(&url);
}

/*
 * Forget what the last try of CALL may have left, and choose a new name, which no request that is still on its way can
 * have.
 */
static void rename_try(struct remote_call *call)
{
	struct strbuf path = STRBUF_INIT, tag = STRBUF_INIT;
	hdfs_forget(call);
	remote_next_tag(call->remote, &tag);
	hdfs_path(call->remote, tag.s, &path);
	free(call->path);
	call->path = strbuf_detach(&path);
	strbuf_release(&tag);
}

/* Set the URL of CALL, which needs no data node. */
static void choose_node(struct remote_call *call, bool another)
{
	struct strbuf url = STRBUF_INIT;
	if (another)
		hdfs_move_on(store_hdfs(call->remote), call->url);
	hdfs_url(call, &url);
	free(call->url);
	call->url = strbuf_detach(&url);
}

int hdfs_sign(struct remote_call *call, bool renew, struct strbuf *fields, struct strbuf *err)
{
	struct store_hdfs *hdfs = store_hdfs(call->remote);
	bool writes = strncmp(hdfs_query(call), "op=CREATE", 9) == 0, again = http_tries(call->http) > 0;
	bool wanted = renew && hdfs_wants_ticket(hdfs, http_answer(call->http));
	int r = 0;
	if (!beneath_ok(call->path + 1)) {
		strbuf_addstr(err, "the path leads out of the table");
		return -EBADMSG;
	}
	if (writes || strncmp(hdfs_query(call), "op=OPEN", 7) == 0) {
		if (writes) /* HttpFS requires this header */
			strbuf_addstr(fields, "Content-Type: application/octet-stream\n");
		if (writes && again)
			rename_try(call);
		r = hdfs_find_data(call, again, err);
	} else {
		choose_node(call, again && !wanted);
	}
	return r < 0 ? r : hdfs_add_ticket(hdfs, call->url, fields, err);
}

int hdfs_run(struct store_hdfs *hdfs, const char *method, const char *path, const char *query, int64_t by_ms,
	struct remote_call **ret, struct strbuf *err)
{
	size_t before = err->len;
	int r = remote_run(&hdfs->remote,
		&(struct remote_request){.method = method, .path = path, .query = query, .late = true, .by_ms = by_ms},
		ret, err);
	if (r == -ETIMEDOUT && remote_status(*ret)) { /* the caller has a better message */
		strbuf_setlen(err, before);
		r = 0;
	}
	return r;
}
