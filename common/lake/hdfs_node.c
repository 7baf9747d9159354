/* Which name node to ask, and the client's identity: name nodes and tickets.  See hdfs.h. */
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/io/uri.h"
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

const char *hdfs_query(const struct remote_call *call)
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
	strbuf_addf(ret, "%s%s?%s%s", hdfs->place.bases[hdfs->active], call->path, hdfs_query(call), hdfs->auth);
}

void hdfs_move_on(struct store_hdfs *hdfs, const char *url)
{
	const char *base = hdfs->place.bases[hdfs->active];
	size_t n = strlen(base);
	if (strncmp(url, base, n) == 0 && url[n] == '/') /* otherwise another call has already moved on */
		hdfs->active = (hdfs->active + 1) % hdfs->place.nbases;
}

/* --- who asks ----------------------------------------------------------------------------------------------------- */

bool hdfs_wants_ticket(struct store_hdfs *hdfs, const struct http_answer *answer)
{
	if (hdfs->has_ticket || hdfs->has_token || !hdfs_ticket_wanted(answer))
		return false;
	hdfs->has_ticket = true;
	free(hdfs->auth); /* a name would have to be the one in the ticket */
	hdfs->auth = xstrdup("");
	return true;
}

int hdfs_add_ticket(const struct store_hdfs *hdfs, const char *url, struct strbuf *fields, struct strbuf *err)
{
	/* A URL with which a name node redirects to a data node has a token for that. */
	return hdfs->has_ticket && !strstr(url, "&delegation=") ? hdfs_ticket_add(url, fields, err) : 0;
}

static int sign_once(void *ctx, bool renew, struct strbuf *fields, struct strbuf *err)
{
	const struct once *once = ctx;
	(void)renew;
	return hdfs_add_ticket(once->hdfs, once->url, fields, err);
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
