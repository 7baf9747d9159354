/* Requesting secrets over HTTP: see secret_ask.h. */
#include "common/lake/secret_ask.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/patience.h"
#include "common/lake/secret.h"

enum {
	ANSWER_MAX = 65536,       /* bytes of an answer with keys */
	NEARBY_TRIES = 3,         /* as in the AWS tools for containers */
	NEARBY_CONNECT_MS = 1000, /* a nearby service accepts a connection at once or does not exist */
	NEARBY_CALL_MS = 3000,    /* limit for a try with its answer */
	NEARBY_PAUSE_MS = 100,    /* pause between two tries */
	NEARBY_SLICE_MS = 200,    /* interval between readings of the clock */
};

/* Keep the answer of CALL. */
static void keep(const struct secret_asker *asker, struct http_call *call, const char *into, struct secret_answer *ret)
{
	const struct http_answer *answer = http_answer(call);
	char *code = NULL, *text = NULL;
	ret->status = answer->status;
	if (answer->status == 200) {
		secret_add(&ret->body, into, (size_t)answer->length);
		return;
	}
	if (asker->error)
		asker->error(answer->body.s, answer->body.len, &code, &text);
	http_describe(call, code && *code ? code : NULL, text && *text ? text : NULL, &ret->said);
	free(code);
	free(text);
}

/* Wait for CALL, and report that after a second of the whole PATIENCE, because the client does not. */
static int wait_for(struct http *http, struct http_call *call, const struct http_config *config, const char *what,
	struct patience *patience, struct strbuf *err)
{
	struct strbuf line = STRBUF_INIT;
	int r = 0;
	while (r == 0 && !http_ended(call)) {
		if (patience_ask(patience, -1, clock_ms()) == PATIENCE_TELL && config->tell) {
			strbuf_addf(&line, "waiting for %s", what);
			config->tell(line.s);
			strbuf_clear(&line);
		}
		r = http_pump(http, NEARBY_SLICE_MS);
	}
	if (r == 0)
		r = http_result(call, err);
	else
		strbuf_addf(err, "cannot wait for %s: %s", what, diag_strerror(r));
	if (r == 0 && patience_end(patience) && config->tell) {
		strbuf_addf(&line, "%s has answered", what);
		config->tell(line.s);
	}
	strbuf_release(&line);
	return r;
}

/*
 * Make one call.  PATIENCE is that of all tries of a nearby service; NULL: the client does the tries and the messages.
 */
static int ask_once(const struct secret_asker *asker, struct http *http, const struct secret_ask *ask,
	struct patience *patience, struct secret_answer *ret, struct strbuf *err)
{
	char *into = xmalloc(ANSWER_MAX);
	struct http_request request = {.method = ask->method,
		.url = ask->url,
		.fields = ask->fields,
		.nfields = (size_t)(ask->fields[0] ? 1 + !!ask->fields[1] : 0),
		.data = ask->body,
		.len = ask->body ? strlen(ask->body) : 0,
		.into = into,
		.max = ANSWER_MAX,
		.classify = ask->classify,
		.once = patience != NULL};
	struct http_call *call = http_start(http, &request);
	int r = patience ? wait_for(http, call, asker->config, ask->what, patience, err) : http_wait(call, err);
	if (r == 0)
		keep(asker, call, into, ret);
	else if (r == -EMSGSIZE)
		r = -EBADMSG;
	http_call_free(call);
	OPENSSL_cleanse(into, ANSWER_MAX);
	free(into);
	return r;
}

static void clear(struct secret_answer *answer)
{
	*answer = (struct secret_answer){0, STRBUF_INIT, STRBUF_INIT};
}

void secret_answer_release(struct secret_answer *answer)
{
	secret_release(&answer->body);
	strbuf_release(&answer->said);
}

/* Make the client *http, unless it exists; for NEARBY see secret_ask.h. */
static int need_client(struct secret_asker *asker, struct http **http, bool nearby, struct strbuf *err)
{
	struct http_config config = *asker->config;
	if (!config.ca_file)
		config.ca_file = asker->ca_file;
	if (nearby) {
		config.connect_ms = NEARBY_CONNECT_MS;
		config.stall_ms = config.call_ms = NEARBY_CALL_MS;
		config.proxy = ""; /* none */
		config.tell = NULL;
	}
	config.rate = 0;
	return *http ? 0 : http_new(&config, http, err);
}

/* Whether another try may give another result. */
static bool may_pass(int result, const struct secret_answer *answer)
{
	if (result == 0)
		return answer->status >= 500 || answer->status == 408 || answer->status == 429;
	return result == -ECONNREFUSED || result == -EHOSTUNREACH || result == -ETIMEDOUT || result == -ECONNRESET;
}

static int pause_between(const struct http_config *config)
{
	if (poll(NULL, 0, NEARBY_PAUSE_MS) < 0 && errno != EINTR)
		return -errno;
	return config->stopped && config->stopped() ? -EINTR : 0;
}

int secret_ask_nearby(
	struct secret_asker *asker, const struct secret_ask *ask, struct secret_answer *ret, struct strbuf *err)
{
	struct patience patience = {0};
	struct strbuf why = STRBUF_INIT;
	clear(ret);
	int r = need_client(asker, &asker->nearby, true, &why);
	for (unsigned tries = 0; asker->nearby && tries < NEARBY_TRIES; tries++) {
		strbuf_clear(&why);
		if (tries > 0 && (r = pause_between(asker->config)) < 0)
			break;
		secret_answer_release(ret);
		r = ask_once(asker, asker->nearby, ask, &patience, ret, &why);
		if (!may_pass(r, ret))
			break;
	}
	if (r < 0)
		strbuf_addstr(err, why.len ? why.s : diag_strerror(r));
	strbuf_release(&why);
	return r;
}

int secret_ask_far(
	struct secret_asker *asker, const struct secret_ask *ask, struct secret_answer *ret, struct strbuf *err)
{
	clear(ret);
	int r = need_client(asker, &asker->far, false, err);
	return r < 0 ? r : ask_once(asker, asker->far, ask, NULL, ret, err);
}

void secret_asker_release(struct secret_asker *asker)
{
	http_free(asker->nearby);
	http_free(asker->far);
	asker->nearby = asker->far = NULL;
}
