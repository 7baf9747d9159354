/* Requests to HDFS: see hdfs.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/io/uri.h"
#include "common/lake/beneath.h"
#include "common/lake/hdfs.h"
#include "common/lake/hdfs_ticket.h"

/* A single try of a request: for sign_once(). */
struct once {
	const struct store_hdfs *hdfs;
	const char *url;
};

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
	strbuf_addf(ret, "%s%s?%s%s", hdfs->place.bases[hdfs->active], call->path, query_of(call), hdfs->auth);
}

/* A try that went to BASE has failed: the next one goes to another name node, if there is one. */
static void move_on(struct store_hdfs *hdfs, const char *url)
{
	const char *base = hdfs->place.bases[hdfs->active];
	size_t n = strlen(base);
	if (strncmp(url, base, n) == 0 && url[n] == '/') /* else another call has moved on already */
		hdfs->active = (hdfs->active + 1) % hdfs->place.nbases;
}

/* --- who asks ----------------------------------------------------------------------------------------------------- */

bool hdfs_wants_ticket(struct store_hdfs *hdfs, const struct http_answer *answer)
{
	if (hdfs->has_ticket || hdfs->has_token || !hdfs_ticket_wanted(answer))
		return false;
	hdfs->has_ticket = true;
	free(hdfs->auth); /* a name would have to be that of the ticket */
	hdfs->auth = xstrdup("");
	return true;
}

/* What proves to the server of URL who asks, if `auth` does not. */
static int add_ticket(const struct store_hdfs *hdfs, const char *url, struct strbuf *fields, struct strbuf *err)
{
	/* That a name node sends to a data node has a token for it. */
	return hdfs->has_ticket && !strstr(url, "&delegation=") ? hdfs_ticket_add(url, fields, err) : 0;
}

static int sign_once(void *ctx, bool renew, struct strbuf *fields, struct strbuf *err)
{
	const struct once *once = ctx;
	(void)renew;
	return add_ticket(once->hdfs, once->url, fields, err);
}

int hdfs_try(struct store_hdfs *hdfs, const char *method, const char *url)
{
	struct strbuf whole = STRBUF_INIT, ignored = STRBUF_INIT;
	bool again = false;
	int status;
	do {
		strbuf_clear(&whole);
		strbuf_addf(&whole, "%s%s", url, hdfs->auth);
		struct once once = {hdfs, whole.s};
		struct http_call *call = http_start(hdfs->remote.http, &(struct http_request){.method = method,
									       .url = whole.s,
									       .sign = sign_once,
									       .inner = true,
									       .ctx = &once,
									       .once = true});
		status = http_wait(call, &ignored) < 0 ? 0 : http_answer(call)->status;
		again = status == 401 && hdfs_wants_ticket(hdfs, http_answer(call));
		http_call_free(call);
	} while (again);
	strbuf_release(&whole);
	strbuf_release(&ignored);
	return status;
}

/* --- the name node's step ----------------------------------------------------------------------------------------- */

/* Asks where the file of CALL is read or written. */
struct question {
	const struct remote_call *call;
	struct http_call *asked;
	struct strbuf url; /* of the last try */
};

static int sign_question(void *ctx, bool renew, struct strbuf *fields, struct strbuf *err)
{
	struct question *q = ctx;
	struct store_hdfs *hdfs = store_hdfs(q->call->remote);
	bool wanted = renew && hdfs_wants_ticket(hdfs, http_answer(q->asked));
	if (http_tries(q->asked) && !wanted)
		move_on(hdfs, q->url.s);
	strbuf_clear(&q->url);
	hdfs_url(q->call, &q->url);
	strbuf_addstr(&q->url, "&noredirect=true");
	return add_ticket(hdfs, q->url.s, fields, err);
}

static void route_question(void *ctx, unsigned tries, struct strbuf *url)
{
	const struct question *q = ctx;
	(void)tries;
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
	struct question q = {call, NULL, STRBUF_INIT};
	struct strbuf url = STRBUF_INIT, why = STRBUF_INIT;
	hdfs_url(call, &url);
	struct http_call *asked = q.asked =
		http_start(call->remote->http, &(struct http_request){.method = call->method,
						       .url = url.s,
						       .max = 1 << 16,
						       .sign = sign_question,
						       .inner = true,
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
	struct strbuf url = STRBUF_INIT, tag = STRBUF_INIT;
	struct store_hdfs *hdfs = store_hdfs(remote);
	strbuf_addf(&url, "%s%s?op=DELETE&recursive=false", hdfs->place.bases[hdfs->active], call->path);
	(void)hdfs_try(hdfs, "DELETE", url.s); /* else lake-check --clean finds it */
	remote_next_tag(remote, &tag);
	free(call->path);
	strbuf_clear(&url);
	hdfs_path(remote, tag.s, &url);
	call->path = strbuf_detach(&url);
	strbuf_release(&tag);
}

/* Where CALL goes, which needs no data node. */
static void choose_node(struct remote_call *call, bool another)
{
	struct strbuf url = STRBUF_INIT;
	if (another)
		move_on(store_hdfs(call->remote), call->url);
	hdfs_url(call, &url);
	free(call->url);
	call->url = strbuf_detach(&url);
}

int hdfs_sign(struct remote_call *call, bool renew, struct strbuf *fields, struct strbuf *err)
{
	struct store_hdfs *hdfs = store_hdfs(call->remote);
	bool writes = strncmp(query_of(call), "op=CREATE", 9) == 0, again = http_tries(call->http) > 0;
	bool wanted = renew && hdfs_wants_ticket(hdfs, http_answer(call->http));
	int r = 0;
	if (!beneath_ok(call->path + 1)) {
		strbuf_addstr(err, "the path leads out of the table");
		return -EBADMSG;
	}
	if (writes || strncmp(query_of(call), "op=OPEN", 7) == 0) {
		if (writes) /* HttpFS insists */
			strbuf_addstr(fields, "Content-Type: application/octet-stream\n");
		if (writes && again)
			rename_try(call);
		r = ask(call, err);
	} else {
		choose_node(call, again && !wanted);
	}
	return r < 0 ? r : add_ticket(hdfs, call->url, fields, err);
}

int hdfs_run(struct store_hdfs *hdfs, const char *method, const char *path, const char *query, int64_t by_ms,
	struct remote_call **ret, struct strbuf *err)
{
	size_t before = err->len;
	int r = remote_run(&hdfs->remote,
		&(struct remote_request){.method = method, .path = path, .query = query, .late = true, .by_ms = by_ms},
		ret, err);
	if (r == -ETIMEDOUT && remote_status(*ret)) { /* the caller says it better */
		strbuf_setlen(err, before);
		r = 0;
	}
	return r;
}
