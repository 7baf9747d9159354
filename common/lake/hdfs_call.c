/* Requests to HDFS: see hdfs.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/io/uri.h"
#include "common/lake/beneath.h"
#include "common/lake/hdfs.h"

struct store_hdfs *store_hdfs(const struct remote *remote)
{
	return (struct store_hdfs *)(uintptr_t)remote;
}

/* --- URLs --------------------------------------------------------------------------------------------------------- */

void hdfs_path(const struct remote *remote, const char *path, struct strbuf *ret)
{
	const char *root = store_hdfs(remote)->place.root;
	strbuf_addstr(ret, HDFS_API);
	uri_encode(ret, root, strlen(root), true);
	if (path && *path) {
		strbuf_addch(ret, '/');
		uri_encode(ret, path, strlen(path), true);
	}
}

void hdfs_add_path(const struct store_hdfs *hdfs, const char *name, const char *path, struct strbuf *query)
{
	struct strbuf full = STRBUF_INIT;
	strbuf_addf(&full, "%s/%s", hdfs->place.root, path);
	strbuf_addf(query, "&%s=", name);
	uri_encode(query, full.s, full.len, false);
	strbuf_release(&full);
}

/*
 * The operation of CALL.  Data nodes sync each block of a file before they say that they have it (SYNC_BLOCK); what is
 * created here is never there already.
 */
static const char *query_of(const struct remote_call *call)
{
	if (call->query)
		return call->query;
	return strcmp(call->method, "GET") == 0   ? "op=OPEN"
	       : strcmp(call->method, "PUT") == 0 ? "op=CREATE&overwrite=false&createflag=CREATE,SYNC_BLOCK"
						  : "op=DELETE&recursive=false";
}

void hdfs_url(const struct remote_call *call, struct strbuf *ret)
{
	const struct store_hdfs *hdfs = store_hdfs(call->remote);
	strbuf_addf(ret, "%s%s?%s&%s", hdfs->place.bases[hdfs->active], call->path, query_of(call), hdfs->auth);
}

/* A try that went to BASE has failed: the next one goes to another name node, if there is one. */
static void move_on(struct store_hdfs *hdfs, const char *url)
{
	const char *base = hdfs->place.bases[hdfs->active];
	size_t n = strlen(base);
	if (strncmp(url, base, n) == 0 && url[n] == '/') /* else another call has moved on already */
		hdfs->active = (hdfs->active + 1) % hdfs->place.nbases;
}

/* --- the name node's step ----------------------------------------------------------------------------------------- */

/* Asks where the file of CALL is read or written. */
struct question {
	const struct remote_call *call;
	struct strbuf url; /* of the last try */
};

static void route_question(void *ctx, unsigned tries, struct strbuf *url)
{
	struct question *q = ctx;
	if (tries)
		move_on(store_hdfs(q->call->remote), q->url.s);
	strbuf_clear(&q->url);
	hdfs_url(q->call, &q->url);
	strbuf_addstr(&q->url, "&noredirect=true");
	strbuf_add(url, q->url.s, q->url.len);
}

/*
 * The URL at the data node, from what the name node says.  Only host and parameters are taken: a name node puts the
 * path into another normal form of Unicode.
 */
static int where(const struct remote_call *call, struct http_call *asked, char **ret, struct strbuf *err)
{
	const struct http_answer *answer = http_answer(asked);
	struct strbuf location = STRBUF_INIT, url = STRBUF_INIT;
	const char *field = http_field(answer, "Location");
	bool tls = strncmp(store_hdfs(call->remote)->place.bases[0], "https:", 6) == 0;
	if (answer->status == 307 && field)
		strbuf_addstr(&location, field);
	else if (answer->status != 200 || hdfs_read_location(answer->body.s, answer->body.len, &location) < 0)
		strbuf_clear(&location);
	const char *host = strstr(location.s, "://"), *query = strchr(location.s, '?');
	if (!host || !query || host > query || (tls && strncmp(location.s, "https:", 6) != 0)) {
		http_describe(asked, NULL, NULL, err);
		strbuf_addstr(err, "; that does not say where the data are: check host and port");
		strbuf_release(&location);
		return -EINVAL;
	}
	strbuf_add(&url, location.s, (size_t)(host - location.s) + 3 + strcspn(host + 3, "/?"));
	strbuf_addstr(&url, call->path);
	strbuf_addstr(&url, query);
	strbuf_release(&location);
	free(*ret);
	*ret = strbuf_detach(&url);
	return 0;
}

/* Ask a name node; whom to ask is found out by trying. */
static int ask(struct remote_call *call, struct strbuf *err)
{
	struct question q = {call, STRBUF_INIT};
	struct strbuf url = STRBUF_INIT, why = STRBUF_INIT;
	hdfs_url(call, &url);
	struct http_call *asked = http_start(call->remote->http, &(struct http_request){.method = call->method,
									 .url = url.s,
									 .max = 1 << 16,
									 .classify = hdfs_classify,
									 .route = route_question,
									 .ctx = &q});
	int r = http_wait(asked, &why);
	if (r < 0 && !http_answer(asked)->status)
		strbuf_addstr(err, why.s);
	else if (r == 0 && http_answer(asked)->status < 400)
		r = where(call, asked, &call->url, err);
	else if (r != -EINTR)
		r = hdfs_refusal(asked, http_answer(asked), err);
	http_call_free(asked);
	strbuf_release(&q.url);
	strbuf_release(&url);
	strbuf_release(&why);
	return r;
}

/* --- tries -------------------------------------------------------------------------------------------------------- */

char *hdfs_created(const struct remote_call *call)
{
	struct strbuf tag = STRBUF_INIT;
	strbuf_addf(&tag, REMOTE_STAGES "%s", strrchr(call->path, '/'));
	return strbuf_detach(&tag);
}

/* Forget what the last try of CALL may have left, and take a new name: nothing that is still on its way has that. */
static void rename_try(struct remote_call *call)
{
	struct remote *remote = call->remote;
	struct strbuf ignored = STRBUF_INIT, url = STRBUF_INIT, tag = STRBUF_INIT;
	const struct store_hdfs *hdfs = store_hdfs(remote);
	strbuf_addf(&url, "%s%s?op=DELETE&recursive=false&%s", hdfs->place.bases[hdfs->active], call->path, hdfs->auth);
	struct http_call *removal =
		http_start(remote->http, &(struct http_request){.method = "DELETE", .url = url.s, .once = true});
	if (http_wait(removal, &ignored) < 0)
		strbuf_clear(&ignored); /* lake-check --clean finds it */
	http_call_free(removal);
	remote_next_tag(remote, &tag);
	free(call->path);
	strbuf_clear(&url);
	hdfs_path(remote, tag.s, &url);
	call->path = strbuf_detach(&url);
	strbuf_release(&tag);
	strbuf_release(&ignored);
}

int hdfs_sign(struct remote_call *call, bool renew, struct strbuf *fields, struct strbuf *err)
{
	struct store_hdfs *hdfs = store_hdfs(call->remote);
	bool writes = strncmp(query_of(call), "op=CREATE", 9) == 0, again = http_tries(call->http) > 0;
	(void)renew;
	if (!beneath_ok(call->path + 1)) {
		strbuf_addstr(err, "the path leads out of the table");
		return -EBADMSG;
	}
	if (writes || strncmp(query_of(call), "op=OPEN", 7) == 0) {
		if (writes) /* HttpFS insists */
			strbuf_addstr(fields, "Content-Type: application/octet-stream\n");
		if (writes && again)
			rename_try(call);
		return ask(call, err);
	}
	struct strbuf url = STRBUF_INIT;
	if (again)
		move_on(hdfs, call->url);
	hdfs_url(call, &url);
	free(call->url);
	call->url = strbuf_detach(&url);
	return 0;
}

int hdfs_run(struct store_hdfs *hdfs, const char *method, const char *path, const char *query, struct remote_call **ret,
	struct strbuf *err)
{
	size_t before = err->len;
	int r = remote_run(&hdfs->remote,
		&(struct remote_request){.method = method, .path = path, .query = query, .late = true}, ret, err);
	if (r == -ETIMEDOUT && remote_status(*ret)) { /* the caller says it better */
		strbuf_setlen(err, before);
		r = 0;
	}
	return r;
}
