/*
 * HTTP requests, over libcurl's multi interface and in the one thread of the program.
 *
 * Layer: io (uses base).  A *client* keeps connections, limits, the trace and the counters.  A *call* is one request
 * with as many tries as it takes, and its answer.  http_start() begins a call and returns at once, http_pump() moves
 * all calls on, http_wait() pumps until one has ended.  So several uploads may be in flight while the program does
 * other work.
 *
 * Tries: retry.h decides what a failed try means.  The request is repeated when there was no answer (no connection, a
 * reset, a stall) and when its `classify` says so.  Between two tries there is a pause with full jitter: a random part
 * of 100 ms, doubled each time up to 10 s, or the time that the server asks for (Retry-After).  If a pause would not
 * end within the deadline, the call ends at once.  A kept connection that turns out to be closed is replaced without a
 * pause.  Repeating is safe only for requests that have the same effect when they are done twice; for other requests
 * the caller must ask http_doubtful().
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
	int64_t connect_ms; /* limit for connecting, including TLS; 0: 10 s */
	int64_t stall_ms;   /* limit for a time without a byte in either direction; 0: 30 s */
	/*
	 * limit for a call with all its tries, or, when its body grows, from the end of that on; without the time for
	 * which `rate` has held it back; 0: 120 s
	 */
	int64_t call_ms;
	unsigned connections; /* tries that may run at once, the others queue; 0: 8 */
	uint64_t rate;        /* bytes a second of request bodies, over all calls; 0: no limit */
	const char *ca_file;  /* trusted certificates, PEM; NULL: $SSL_CERT_FILE, $CURL_CA_BUNDLE, else the system's */
	const char *proxy;    /* NULL: by the variables http_proxy, https_proxy, all_proxy and no_proxy; "": none */
	/*
	 * A file to which a line is appended for each try; NULL: none.  Its fields, with a tab between two: the time
	 * (UTC), method, URL without secrets, status or what failed, milliseconds until there was a connection (0: one
	 * of an earlier request was used), until the first byte of the answer and until the end, bytes of the body that
	 * were sent and received, and the number of the try within its call.
	 */
	const char *trace;
	/*
	 * Called with a line for a message when a call has waited for a second ("waiting for http://h:9000: connection
	 * refused; trying again"), when it goes on after that ("http://h:9000 answers again"), and when the trace
	 * cannot be written.  Only one waiting call is reported at a time.  NULL: there are no messages.
	 */
	void (*tell)(const char *line);
	/* called five times a second in each wait; when it returns true, the wait ends with -EINTR; NULL: never */
	bool (*stopped)(void);
};

struct http_counters {
	uint64_t calls, tries, sent, received; /* bytes of bodies */
};

/* What an answer means for the call. */
enum http_verdict {
	HTTP_FINAL,   /* this is the answer of the call, whatever its status */
	HTTP_AGAIN,   /* the same request may succeed later */
	HTTP_REFRESH, /* the credentials were refused: try once more, with new ones */
};

struct http_answer {
	int status;         /* 0: there is none */
	struct strbuf body; /* the body as far as it was kept: all of it, or nothing when it went to `into` */
	/*
	 * Bytes of the body that were received.  When the server has not said how many there will be (no
	 * Content-Length, not chunked), a body that was cut off looks complete.
	 */
	uint64_t length;
	int64_t date_ms;      /* the server's `Date`, since the epoch; -1: none */
	struct strbuf fields; /* private: see http_field() */
};

/* The value of the header NAME (ignoring case) in ANSWER, borrowed; NULL when there is none. */
const char *http_field(const struct http_answer *answer, const char *name);

struct http_request {
	const char *method; /* "GET" …; copied, like all strings here */
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
	 * A body that grows while it is sent, in chunks: how many bytes of it there are by now, and whether these are
	 * all; `len` means nothing then.  NULL: it does not.  As long as it grows it is sent once: when a try has
	 * failed, the next one begins after its end.
	 */
	uint64_t (*grown)(void *ctx, bool *ret_whole);
	/*
	 * Where the body of an answer with status 200 or 206 goes: to INTO or, if that is NULL, into the answer.  More
	 * than MAX bytes end the call with -EMSGSIZE.  Of the bodies of other answers, and of all when MAX is 0, the
	 * first 64 KiB are kept in the answer and the rest is thrown away.
	 */
	void *into;
	uint64_t max;
	/*
	 * Before each try: append the headers that depend on the moment, such as a signature, to FIELDS ("Name: value",
	 * each ending in a line feed).  RENEW: the last answer refused the credentials.  Returns 0, or -errno with ERR,
	 * which ends the call.  NULL: there are no such headers.  The callback may start calls of the same client, and
	 * wait for them, if these have no `sign` or have `inner` set.
	 */
	int (*sign)(void *ctx, bool renew, struct strbuf *fields, struct strbuf *err);
	/* `sign` starts no calls, so it may be called while the `sign` of another call waits for this one */
	bool inner;
	/*
	 * Called after `sign`: append to URL where this try goes, if that is not where the last one went.  TRIES is how
	 * many there were before.  NULL: all tries go to the same place.
	 */
	void (*route)(void *ctx, unsigned tries, struct strbuf *url);
	/* NULL: http_classify().  Called for each answer; must not start calls. */
	enum http_verdict (*classify)(const struct http_answer *answer);
	void *ctx; /* the first argument of body, grown, sign and route */
	bool once; /* never repeat: the first failure is the result */
};

/*
 * The rule for calls without a `classify` of their own: 408, 425, 429, 500, 502, 503 and 504 are HTTP_AGAIN, 401 is
 * HTTP_REFRESH, all others are final.
 */
enum http_verdict http_classify(const struct http_answer *answer);

/*
 * A new client.  CONFIG is copied, with its strings.  -errno with ERR when the trace cannot be opened or the file of
 * certificates cannot be read; -ENOMEM.
 */
int http_new(const struct http_config *config, struct http **ret, struct strbuf *err) MUST_CHECK;

/* Free the client.  Calls that have not ended end with -ECANCELED; they must still be freed. */
void http_free(struct http *http);

const struct http_counters *http_counters(const struct http *http);

/*
 * The time by the clock of the servers: the `Date` of the last answer, plus what CLOCK_BOOTTIME has counted since.  A
 * `Date` has whole seconds, so the result may be up to a second late. -1: no answer had one yet.
 */
int64_t http_now_ms(const struct http *http);

/*
 * Begin a call; it is freed by http_call_free().  If REQUEST is wrong (an invalid URL, a header with a line feed), the
 * call ends with -EINVAL.
 */
struct http_call *http_start(struct http *http, const struct http_request *request);

/*
 * Move the calls on until one ends, for at most TIMEOUT_MS (0: do not wait).  Returns 0, also when there is no call;
 * -EINTR when `stopped` returns true; -ENOMEM.
 */
int http_pump(struct http *http, int timeout_ms) MUST_CHECK;

/*
 * The same for a program that waits for something else: move the calls on until FD can be read, at most for TIMEOUT_MS.
 * 1 it can be read, or its other end is closed; 0 it cannot; errors of http_pump().
 */
int http_pump_beside(struct http *http, int fd, int timeout_ms) MUST_CHECK;

/* Whether CALL has ended. */
bool http_ended(const struct http_call *call);

/*
 * Pump until CALL has ended.  Returns 0 when there is an answer, whatever its status; -EINTR when `stopped` returns
 * true (the call goes on); otherwise what http_result() returns, and ERR has method, URL (without secrets) and what
 * failed, complete enough to print.
 */
int http_wait(struct http_call *call, struct strbuf *err) MUST_CHECK;

/*
 * The same without waiting, for a call that has ended.  After several tries the result is how the last one ended:
 *   -ECONNREFUSED
 *   -EHOSTUNREACH  no such name, no route
 *   -ETIMEDOUT     no connection, a stall, or the deadline; also when the last answer was HTTP_AGAIN, and that answer
 *   is there
 *   -ECONNRESET    the connection ended before the answer did
 *   -EPROTO        what came is not HTTP
 *   -EACCES        TLS: certificate or handshake; a proxy that refuses to connect
 *   -EMSGSIZE      a body longer than `max`, or more than 64 KiB of headers
 *   -EINVAL        a URL or a header that cannot be sent
 *   -ECANCELED     http_free()
 *   -ENOMEM, -EIO  errors of libcurl
 *   and whatever `body` or `sign` returned.
 */
int http_result(const struct http_call *call, struct strbuf *err) MUST_CHECK;

/* The answer of a call that has ended with an answer; belongs to CALL. */
struct http_answer *http_answer(struct http_call *call);

/*
 * Whether a try of CALL may have reached the server without an answer that says what was done: it has sent a byte, and
 * got no complete answer or one with status 408 or 5xx, which may come from a proxy.  Then the request may have been
 * carried out although the result says something else (such as the 412 that its own first try has caused), or may still
 * be carried out.
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
 * "sig", "token", "credential", "key", "secret", "password" or "delegation", ignoring case.
 */
void http_public_url(const char *url, struct strbuf *ret);

#endif
