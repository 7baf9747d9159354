/* What the places share that are asked for keys: see aws_creds_impl.h. */
#include <errno.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/patience.h"
#include "common/data/time.h"
#include "common/lake/aws_creds_impl.h"
#include "common/lake/secret.h"

enum {
	ANSWER_MAX = 65536,       /* bytes of an answer with keys */
	NEARBY_TRIES = 3,         /* as the AWS tools have it for containers */
	NEARBY_CONNECT_MS = 1000, /* a service beside the program connects at once or is not there */
	NEARBY_CALL_MS = 3000,    /* a try with its answer */
	NEARBY_PAUSE_MS = 100,    /* between two tries */
	NEARBY_SLICE_MS = 200,    /* how often the clock is read */
};

/* Keep what CALL answers. */
static void keep(
	const struct http_call *call, const struct http_answer *answer, const char *into, struct aws_answer *ret)
{
	char *code, *text;
	ret->status = answer->status;
	if (answer->status == 200) {
		secret_add(&ret->body, into, (size_t)answer->length);
		return;
	}
	aws_error_xml(answer->body.s, answer->body.len, &code, &text);
	http_describe(call, *code ? code : NULL, *text ? text : NULL, &ret->said);
	free(code);
	free(text);
}

/* Wait for CALL, and say so after a second of the whole PATIENCE: the client keeps silent. */
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

/* One call.  PATIENCE: of all tries nearby; NULL: the client makes the tries and the messages. */
static int ask_once(struct http *http, const struct aws_ask *ask, const struct http_config *config,
	struct patience *patience, struct aws_answer *ret, struct strbuf *err)
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
	int r = patience ? wait_for(http, call, config, ask->what, patience, err) : http_wait(call, err);
	if (r == 0)
		keep(call, http_answer(call), into, ret);
	else if (r == -EMSGSIZE)
		r = -EBADMSG;
	http_call_free(call);
	OPENSSL_cleanse(into, ANSWER_MAX);
	free(into);
	return r;
}

static void clear(struct aws_answer *answer)
{
	*answer = (struct aws_answer){0, STRBUF_INIT, STRBUF_INIT};
}

void aws_answer_release(struct aws_answer *answer)
{
	secret_release(&answer->body);
	strbuf_release(&answer->said);
}

/* Make the client *http, unless it is there; NEARBY as aws_creds_impl.h says. */
static int need_client(struct aws_lookup *lookup, struct http **http, bool nearby, struct strbuf *err)
{
	struct http_config config = *lookup->config;
	if (!config.ca_file)
		config.ca_file = lookup->ca_file;
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
static bool may_pass(int result, const struct aws_answer *answer)
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

int aws_ask_nearby(struct aws_lookup *lookup, const struct aws_ask *ask, struct aws_answer *ret, struct strbuf *err)
{
	struct patience patience = {0};
	struct strbuf why = STRBUF_INIT;
	clear(ret);
	int r = need_client(lookup, &lookup->nearby, true, &why);
	for (unsigned tries = 0; lookup->nearby && tries < NEARBY_TRIES; tries++) {
		strbuf_clear(&why);
		if (tries > 0 && (r = pause_between(lookup->config)) < 0)
			break;
		aws_answer_release(ret);
		r = ask_once(lookup->nearby, ask, lookup->config, &patience, ret, &why);
		if (!may_pass(r, ret))
			break;
	}
	if (r < 0)
		strbuf_addstr(err, why.len ? why.s : diag_strerror(r));
	strbuf_release(&why);
	return r;
}

int aws_ask_sts(struct aws_lookup *lookup, const struct aws_ask *ask, struct aws_answer *ret, struct strbuf *err)
{
	clear(ret);
	int r = need_client(lookup, &lookup->sts, false, err);
	return r < 0 ? r : ask_once(lookup->sts, ask, lookup->config, NULL, ret, err);
}

int aws_refuse_expired(struct aws_keys *keys, const char *what, struct strbuf *err)
{
	char text[TIME_RFC3339_SIZE];
	if (keys->expires_ms > clock_epoch_ms())
		return 0;
	struct timespec t = {keys->expires_ms / 1000, 0};
	time_write_rfc3339(&t, text);
	strbuf_addf(err, "the keys that %s gives have expired, at %s by this machine's clock", what, text);
	aws_keys_release(keys);
	return -EBADMSG;
}

int aws_read_token(const char *path, const char *what, size_t max, struct strbuf *ret, struct strbuf *err)
{
	size_t before = ret->len;
	int r = secret_read(path, max, ret);
	if (r < 0) {
		const char *why = r == -EINVAL ? "not a regular file" : r == -EMSGSIZE ? "too long" : diag_strerror(r);
		strbuf_addf(err, "cannot read %s from '%s': %s", what, path, why);
		return r == -EINVAL || r == -EMSGSIZE ? -EBADMSG : r;
	}
	while (ret->len > before && strchr(" \t\r\n", ret->s[ret->len - 1]))
		strbuf_setlen(ret, ret->len - 1);
	for (size_t i = before; i < ret->len; i++) {
		if ((unsigned char)ret->s[i] <= ' ' || ret->s[i] == 0x7f)
			before = ret->len;
	}
	if (ret->len > before)
		return 0;
	strbuf_addf(err, "%s in '%s' is empty, or has blanks or control characters", what, path);
	return -EBADMSG;
}
