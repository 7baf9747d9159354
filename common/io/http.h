/*
 * HTTP requests, over libcurl's multi interface and in the one thread of the program.
 *
 * Layer: io (uses base).  A *client* keeps connections, limits, the trace and the counters.  A *call* is one request
 * with as many tries as it takes, and its answer.  http_start() begins a call and returns at once, http_pump() moves
 * all calls on, http_wait() pumps until one has ended.  So several uploads may be in flight while the program goes on.
 *
 * Tries: what a failed try means is decided by retry.h.  Without an answer (no connection, a reset, a stall) the
 * request is repeated, as it is when its `classify` says so.  Between two tries is a pause with full jitter: a
 * random part of 100 ms, doubled each time up to 10 s, or what the server asks for (Retry-After).  A pause that would
 * not end within the deadline ends the call instead.  A kept connection that turns out to be closed is replaced at
 * once.  Repeating is safe only for requests that give the same result twice; a caller whose request is not of that
 * kind looks at `doubtful`.
 *
 * Never done: redirects (their status is an answer like any other: signatures and HDFS need to see them), Expect:
 * 100-continue (it would hide whether a lost answer belonged to a stored body), cookies, .netrc, HTTP/2 and
 * decompression.
 */
#ifndef WEIR_IO_HTTP_H
#define WEIR_IO_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

struct http;
struct http_call;

struct http_config {
	int64_t connect_ms; /* until a connection is there, with TLS; 0: 10 s */
	int64_t stall_ms;   /* without a byte in either direction; 0: 30 s */
	/*
	 * A call with all its tries, from the first one on, without the time for which `rate` has held it back; 0: 120
	 * s
	 */
	int64_t call_ms;
	unsigned connections; /* tries that may run at once, the others queue; 0: 8 */
	uint64_t rate;        /* bytes a second of request bodies, over all calls; 0: no limit */
	const char *ca_file;  /* trusted certificates, PEM; NULL: $SSL_CERT_FILE, $CURL_CA_BUNDLE, else the system's */
	const char *proxy;    /* NULL: by http_proxy, https_proxy, all_proxy and no_proxy; "": none */
	/*
	 * A file to which a line is appended for each try; NULL: none.  Its fields, with a tab between two: the time
	 * (UTC), method, URL without secrets, status or what failed, milliseconds until there was a connection (0: it
	 * was kept from a request before), until the first byte of the answer and until the end, bytes of the body that
	 * were sent and received, and which try of its call it was.
	 */
	const char *trace;
	/*
	 * Called with a line for a message when a call has waited for a second ("waiting for http://h:9000: connection
	 * refused; trying again"), and when it goes on after that ("http://h:9000 answers again"); about one call at a
	 * time.  Also when the trace cannot be written.  NULL: nothing is said.
	 */
	void (*tell)(const char *line);
	bool (*stopped)(void); /* asked five times a second in each wait: true ends it with -EINTR; NULL: never */
};

struct http_counters {
	uint64_t calls, tries, sent, received; /* bytes of bodies */
};

/* What an answer means for the call. */
enum http_verdict {
	HTTP_FINAL,   /* it is the answer, whatever its status */
	HTTP_AGAIN,   /* the same request may succeed later */
	HTTP_REFRESH, /* the credentials were refused: once more, with new ones */
};

struct http_answer {
	int status;         /* 0: there is none */
	struct strbuf body; /* what was kept of it: all, or nothing when it went to `into` */
	/*
	 * Bytes of the body that came.  Where the server has not said how many there will be (no Content-Length, not
	 * chunked), a body that is cut looks like a whole one.
	 */
	uint64_t length;
	int64_t date_ms;      /* the server's `Date`, since the epoch; -1: none */
	struct strbuf fields; /* private: see http_field() */
};

/* The value of the header NAME (in any case) in ANSWER, borrowed; NULL when there is none. */
const char *http_field(const struct http_answer *answer, const char *name);

struct http_request {
	const char *method; /* "GET" …; copied, as all strings here */
	const char *url;    /* complete and encoded */
	/* Headers, "Name: value", or NULL; copied.  Host and Content-Length are added. */
	const char *const *fields;
	size_t nfields;
	/*
	 * The body: LEN bytes at DATA, or those that `body` supplies; both must stay valid until the call has ended.
	 * body() copies SIZE bytes from POS on to BUF and returns 0 or -errno, which ends the call.
	 */
	const void *data;
	uint64_t len;
	int (*body)(void *ctx, uint64_t pos, void *buf, size_t size);
	/*
	 * Where the body of an answer with status 200 or 206 goes: to INTO, or with NULL into the answer.  More than
	 * MAX bytes end the call with -EMSGSIZE.  Bodies of other answers, and of all when MAX is 0, are kept in the
	 * answer up to 64 KiB; the rest is thrown away.
	 */
	void *into;
	uint64_t max;
	/*
	 * Before each try: append the headers that depend on the moment, such as a signature, to FIELDS ("Name: value",
	 * each ending in a line feed).  RENEW: the last answer refused the credentials.  0, or -errno with ERR, which
	 * ends the call. NULL: there are none.  It may start calls of the same client without `sign`, or with `inner`,
	 * and wait for them.
	 */
	int (*sign)(void *ctx, bool renew, struct strbuf *fields, struct strbuf *err);
	bool inner; /* `sign` starts no calls, so it may be called while another one waits for this call */
	/*
	 * After that: append to URL where this try goes, if it is not where the last one went; TRIES: how many there
	 * were.  NULL: all go to the same place.
	 */
	void (*route)(void *ctx, unsigned tries, struct strbuf *url);
	/* NULL: http_classify().  Called for each answer; must not start calls. */
	enum http_verdict (*classify)(const struct http_answer *answer);
	void *ctx; /* of body, sign and route */
	bool once; /* never repeat: the first failure is the result */
};

/*
 * The rule for answers without a rule of their own: 408, 425, 429, 500, 502, 503 and 504 are HTTP_AGAIN, 401 is
 * HTTP_REFRESH, all others are final.
 */
enum http_verdict http_classify(const struct http_answer *answer);

/*
 * A new client.  CONFIG is copied, with its strings.  -errno with ERR when the trace cannot be opened or the file of
 * certificates cannot be read; -ENOMEM.
 */
int http_new(const struct http_config *config, struct http **ret, struct strbuf *err) MUST_CHECK;

/* Ends all calls that have not ended; their results are -ECANCELED, and they must still be freed. */
void http_free(struct http *http);

const struct http_counters *http_counters(const struct http *http);

/*
 * The time by the clock of the servers: the `Date` of the last answer, plus what CLOCK_BOOTTIME has counted since.  It
 * has whole seconds, so the result may be up to a second late.  -1: no answer had one yet.
 */
int64_t http_now_ms(const struct http *http);

/*
 * Begin a call; it is freed by http_call_free().  What is wrong with REQUEST (an invalid URL, a header with a line
 * feed) is the result of the call: -EINVAL.
 */
struct http_call *http_start(struct http *http, const struct http_request *request);

/*
 * Move the calls on until one ends, at most for TIMEOUT_MS (0: without waiting).  0, also when there is no call; -EINTR
 * when `stopped` says so; -ENOMEM.
 */
int http_pump(struct http *http, int timeout_ms) MUST_CHECK;

/* Whether CALL has ended. */
bool http_ended(const struct http_call *call);

/*
 * Pump until CALL has ended.  0: there is an answer, whatever its status; else what http_result() returns, and ERR has
 * method, URL (without secrets) and what failed, complete enough to print; -EINTR: `stopped`, the call goes on.
 */
int http_wait(struct http_call *call, struct strbuf *err) MUST_CHECK;

/*
 * The same without waiting, for a call that has ended.  If it has made several tries, that is how the last one ended:
 *   -ECONNREFUSED
 *   -EHOSTUNREACH  no such name, no route
 *   -ETIMEDOUT     no connection, a stall, or the deadline; also when the last answer was HTTP_AGAIN, whose answer is
 *                  then there
 *   -ECONNRESET    the connection ended before the answer did
 *   -EPROTO        what came is not HTTP
 *   -EACCES        TLS: certificate or handshake; a proxy that refuses to connect
 *   -EMSGSIZE      a body longer than `max`, or more than 64 KiB of headers
 *   -EINVAL        a URL or a header that cannot be sent
 *   -ECANCELED     http_free()
 *   -ENOMEM, -EIO  libcurl's
 *   and what `body` or `sign` returned.
 */
int http_result(const struct http_call *call, struct strbuf *err) MUST_CHECK;

/* The answer of a call that has ended with one; belongs to CALL. */
struct http_answer *http_answer(struct http_call *call);

/*
 * Whether a try of CALL may have reached the server without an answer that says what was done: it has sent a byte and
 * has no whole answer, or one with status 408 or 5xx, which may come from a proxy.  Then what CALL asks for may have
 * been done although its result says something else (its own 412), or may still be done.
 */
bool http_doubtful(const struct http_call *call);

/* How many tries were made. */
unsigned http_tries(const struct http_call *call);

/*
 * Append to ERR what the answer of CALL says, for a message: method, URL without secrets, status, the
 * server's code and text (the caller's, from the body; NULL: the first line of the body).
 */
void http_describe(const struct http_call *call, const char *code, const char *text, struct strbuf *err);

/* Also ends a call that has not ended. */
void http_call_free(struct http_call *call);

/*
 * Append URL without what may be secret: the user's name and password, and the values of parameters whose names contain
 * "sig", "token", "credential", "key", "secret", "password" or "delegation", in any case.
 */
void http_public_url(const char *url, struct strbuf *ret);

#endif
