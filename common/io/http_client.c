/* The client: see http.h and http_parts.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/hash.h"
#include "common/base/whole.h"
#include "common/io/http_parts.h"

enum {
	HTTP_SLICE_MS = 200, /* a wait checks at least this often whether it must end or be reported */
};

/* --- begin and end ---------------------------------------------------------------------------------------------- */

static char *copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static const char *ca_file(const struct http_config *config)
{
	const char *file = config->ca_file ? config->ca_file : getenv("SSL_CERT_FILE");
	return file && *file ? file : getenv("CURL_CA_BUNDLE");
}

static void set_config(struct http *http, const struct http_config *config)
{
	struct http_config *own = &http->config;
	*own = *config;
	own->connect_ms = config->connect_ms ? config->connect_ms : 10000;
	own->stall_ms = config->stall_ms ? config->stall_ms : 30000;
	own->call_ms = config->call_ms ? config->call_ms : 120000;
	own->connections = config->connections ? config->connections : 8;
	own->ca_file = copy(ca_file(config));
	own->proxy = copy(config->proxy);
	own->trace = copy(config->trace);
	http_rate_init(&http->rate, config->rate, clock_ms());
}

/* 0, or -errno with ERR. */
static int open_files(struct http *http, struct strbuf *err)
{
	const struct http_config *config = &http->config;
	int r = config->ca_file ? whole_check(config->ca_file) : 0;
	if (r < 0) {
		strbuf_addf(err, "cannot read the certificates in '%s': %s", config->ca_file, whole_strerror(r));
		return r;
	}
	if (!config->trace)
		return 0;
	/* A FIFO must have its reader already, because a trace is not worth waiting for. */
	http->trace = open(config->trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
	if (http->trace >= 0)
		return 0;
	r = -errno;
	strbuf_addf(err, "cannot open '%s': %s", config->trace, diag_strerror(r));
	return r;
}

static int open_multi(struct http *http)
{
	struct hash_seed seed;
	int r = hash_seed_random(&seed);
	if (r < 0)
		return r;
	http->seed = seed.k[0];
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return -ENOMEM;
	http->multi = curl_multi_init();
	if (!http->multi) {
		curl_global_cleanup();
		return -ENOMEM;
	}
	CURLMcode m = curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	if (m == CURLM_OK)
		m = curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)http->config.connections);
	return m == CURLM_OK ? 0 : -ENOMEM;
}

int http_new(const struct http_config *config, struct http **ret, struct strbuf *err)
{
	struct http *http = xcalloc(1, sizeof *http);
	http->trace = -1;
	http->date_ms = -1;
	set_config(http, config);
	int r = open_multi(http);
	if (r < 0)
		strbuf_addf(err, "cannot prepare requests: %s", diag_strerror(r));
	else
		r = open_files(http, err);
	if (r < 0)
		http_free(http);
	else
		*ret = http;
	return r;
}

void http_free(struct http *http)
{
	if (!http)
		return;
	while (http->first)
		http_call_end(http->first, -ECANCELED);
	if (http->multi) {
		curl_multi_cleanup(http->multi); /* fails only for handles of other kinds */
		curl_global_cleanup();
	}
	if (http->trace >= 0)
		close(http->trace);
	free(http->sockets);
	free((char *)(uintptr_t)http->config.ca_file);
	free((char *)(uintptr_t)http->config.proxy);
	free((char *)(uintptr_t)http->config.trace);
	free(http);
}

const struct http_counters *http_counters(const struct http *http)
{
	return &http->counters;
}

/* --- moving on -------------------------------------------------------------------------------------------------- */

/*
 * Whether CALL waits only for its time.  A body that grows is not sent again before it is whole.  While a `sign`
 * function runs, only calls go on whose own headers need no further call.
 */
static bool may_begin(const struct http *http, const struct http_call *call)
{
	if (call->state != HTTP_WAITING || http->running >= http->config.connections)
		return false;
	if (call->tries && !http_bytes_whole(call))
		return false;
	return !http->signing || !call->request.sign || call->request.inner;
}

/* Start from the first call each time, because `sign` may have begun and ended others. */
static void begin_due(struct http *http, int64_t now_ms)
{
	struct http_call *call;
	do {
		call = http->first;
		while (call && !(may_begin(http, call) && call->due_ms <= now_ms))
			call = call->next;
		if (call)
			http_call_begin(call);
	} while (call);
}

static void check_running(struct http *http, int64_t now_ms)
{
	for (struct http_call *call = http->first, *next; call; call = next) {
		next = call->next;
		http_call_look(call, now_ms);
		int r = call->state == HTTP_RUNNING ? http_try_check(call, now_ms) : 0;
		if (r < 0)
			http_call_tried(call, CURLE_OK, r);
	}
}

static int perform(struct http *http)
{
	int n;
	if (curl_multi_perform(http->multi, &n) != CURLM_OK)
		return -ENOMEM;
	for (CURLMsg *m; (m = curl_multi_info_read(http->multi, &n));) {
		char *call = NULL;
		if (m->msg == CURLMSG_DONE && curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &call) == CURLE_OK)
			http_call_tried((struct http_call *)(void *)call, m->data.result, 0);
	}
	return 0;
}

/* The time at which something is due even if nothing arrives. */
static int64_t due_ms(struct http *http, int64_t now_ms)
{
	int64_t due = now_ms + HTTP_SLICE_MS;
	for (const struct http_call *call = http->first; call; call = call->next) {
		int64_t its = due;
		if (may_begin(http, call))
			its = call->due_ms;
		else if (call->state == HTTP_RUNNING && call->try.held && http_bytes_ready(call))
			its = now_ms + http_rate_wait_ms(&http->rate, now_ms);
		if (its < due)
			due = its;
	}
	return due > now_ms ? due : now_ms;
}

/* Move all calls on as far as they can be without waiting. */
static int move(struct http *http, int64_t now_ms)
{
	if (http->config.stopped && http->config.stopped())
		return -EINTR;
	check_running(http, now_ms);
	begin_due(http, now_ms);
	int r = perform(http);
	if (r == 0)
		http_tell_waits(http, now_ms);
	return r;
}

/* Wait until there is something to move, or until BESIDE, N descriptors, can be read; not longer than UNTIL_MS. */
static int wait_for_news(struct http *http, struct curl_waitfd *beside, unsigned n, int64_t now_ms, int64_t until_ms)
{
	int64_t due = due_ms(http, now_ms);
	if (due > until_ms)
		due = until_ms;
	return curl_multi_poll(http->multi, beside, n, (int)(due - now_ms), NULL) == CURLM_OK ? 0 : -ENOMEM;
}

int http_pump(struct http *http, int timeout_ms)
{
	int64_t until = clock_ms() + timeout_ms;
	uint64_t ended = http->ended;
	for (;;) {
		int64_t now = clock_ms();
		int r = move(http, now);
		if (r < 0 || http->ended != ended || !http->first || now >= until)
			return r;
		r = wait_for_news(http, NULL, 0, now, until);
		if (r < 0)
			return r;
	}
}

int http_pump_beside(struct http *http, int fd, int timeout_ms)
{
	int64_t until = clock_ms() + timeout_ms;
	for (;;) {
		struct curl_waitfd beside = {.fd = fd, .events = CURL_WAIT_POLLIN};
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		int64_t now = clock_ms();
		int r = move(http, now);
		if (r < 0)
			return r;
		if (poll(&ready, 1, 0) > 0)
			return 1;
		if (now >= until)
			return 0;
		r = wait_for_news(http, &beside, 1, now, until);
		if (r < 0)
			return r;
	}
}

int http_wait(struct http_call *call, struct strbuf *err)
{
	int r = 0;
	while (r == 0 && !http_ended(call))
		r = http_pump(call->http, HTTP_SLICE_MS);
	if (r == 0)
		return http_result(call, err);
	strbuf_addf(err, "%s ", call->request.method);
	http_public_url(call->request.url, err);
	strbuf_addf(err, ": %s", diag_strerror(r));
	return r;
}
