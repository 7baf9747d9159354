/* Which data node has a file, or accepts it: the first step of reading and writing.  See hdfs.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/io/uri.h"
#include "common/lake/hdfs.h"

/* A question to a name node where the file of CALL is read or written. */
struct question {
	const struct remote_call *call;
	const char *without; /* HOST:PORT of a data node that must not be chosen, encoded; "": any may be chosen */
	struct http_call *asked;
	struct strbuf url; /* the call of the last try */
};

static int sign_question(void *ctx, bool renew, struct strbuf *fields, struct strbuf *err)
{
	struct question *q = ctx;
	struct store_hdfs *hdfs = store_hdfs(q->call->remote);
	bool wanted = renew && hdfs_wants_ticket(hdfs, http_answer(q->asked));
	if (http_tries(q->asked) && !wanted)
		hdfs_move_on(hdfs, q->url.s);
	strbuf_clear(&q->url);
	hdfs_url(q->call, &q->url);
	strbuf_addstr(&q->url, "&noredirect=true");
	if (*q->without)
		strbuf_addf(&q->url, "&excludedatanodes=%s", q->without);
	return hdfs_add_ticket(hdfs, q->url.s, fields, err);
}

static void route_question(void *ctx, unsigned tries, struct strbuf *url)
{
	const struct question *q = ctx;
	(void)tries;
	strbuf_add(url, q->url.s, q->url.len);
}

/*
 * The URL at the data node, from the answer of the name node.  Only host and parameters are used, because a name node
 * converts the path to another normal form of Unicode.
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

/* Ask a name node (which one is found out by trying) for a data node other than WITHOUT.  1: it names only that one. */
static int ask(struct remote_call *call, const char *without, struct strbuf *err)
{
	struct question q = {call, without, NULL, STRBUF_INIT};
	struct strbuf url = STRBUF_INIT, why = STRBUF_INIT;
	hdfs_url(call, &url);
	struct http_call *asked = q.asked = http_start(call->remote->http,
		&(struct http_request){.method = call->method,
			.url = url.s,
			.max = 1 << 16,
			.sign = sign_question,
			.inner = true,
			/* without that data node there may be none left, so ask again without excluding any */
			.classify = *without ? hdfs_classify_names : hdfs_classify,
			.route = route_question,
			.ctx = &q});
	int r = http_wait(asked, &why);
	if (*without && r == 0 && http_answer(asked)->status >= 400)
		r = 1;
	else if (r < 0 && !http_answer(asked)->status)
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

int hdfs_find_data(struct remote_call *call, bool again, struct strbuf *err)
{
	struct strbuf silent = STRBUF_INIT;
	const char *base = store_hdfs(call->remote)->place.bases[store_hdfs(call->remote)->active];
	if (again && call->url && !http_answer(call->http)->status && strncmp(call->url, base, strlen(base)) != 0) {
		const char *host = strstr(call->url, "://") + 3;
		uri_encode(&silent, host, strcspn(host, "/"), false);
	}
	int r = ask(call, silent.len ? silent.s : "", err);
	if (r == 1)
		r = ask(call, "", err);
	strbuf_release(&silent);
	return r;
}
