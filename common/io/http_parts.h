/*
 * What the parts of http.h share.  Who calls whom: http_client.c, http_call.c (calls), http_try.c (one try of a call,
 * libcurl's handle), and below them http_bytes.c (the bytes of a try), http_sockets.c, http_failure.c, http_name.c,
 * http_trace.c, http_url.c and the pure http_answer, http_rate, retry.
 */
#ifndef WEIR_IO_HTTP_PARTS_H
#define WEIR_IO_HTTP_PARTS_H

#include <curl/curl.h>

#include "common/base/patience.h"
#include "common/io/http.h"
#include "common/io/http_answer.h"
#include "common/io/http_rate.h"
#include "common/io/retry.h"

/* A client. */
struct http {
	struct http_config config; /* its strings are owned */
	CURLM *multi;
	struct http_call *first, *last; /* those that have not ended, in the order in which they were started */
	unsigned running;               /* tries */
	unsigned signing;               /* how many `sign` functions are running */
	uint64_t ended;                 /* calls; grows */
	struct http_counters counters;
	struct http_rate rate;
	int trace;    /* descriptor; -1: none */
	int *sockets; /* open ones */
	size_t nsockets;
	int64_t date_ms, date_at_ms; /* the newest `Date`, and CLOCK_BOOTTIME then; -1: none */
	const struct http_call
		/* the call that the last message was about; NULL once that call goes on; not dereferenced */
		*told;
	uint64_t seed, drawn; /* random numbers for pauses */
};

/* One try of a call, while it runs. */
struct http_try {
	CURL *easy; /* NULL: none runs */
	struct curl_slist *fields;
	char error[CURL_ERROR_SIZE];
	enum http_head head;
	unsigned begun;   /* how often libcurl has begun to send the request */
	uint64_t pos;     /* bytes of the body that libcurl has got */
	int failed;       /* the -errno with which a callback has ended the try; 0: none has */
	int socket;       /* -1: not connected yet */
	bool held;        /* held back by the limit of bytes a second, or because the body has not grown */
	int64_t held_ms;  /* since when */
	uint64_t moved;   /* bytes in both directions, when last looked at */
	int queued;       /* bytes that were still to be sent then */
	int64_t moved_ms; /* when that changed */
	int64_t at_ms;    /* since the epoch: when it began */
};

#define HTTP_GROWING INT64_MAX /* the deadline of a call whose body grows */

enum {
	HTTP_SHOWN = 200, /* bytes of a server's text that go into a message */
};

enum http_state {
	HTTP_WAITING, /* waits for its turn, or for a pause to end */
	HTTP_SIGNING,
	HTTP_RUNNING,
	HTTP_ENDED,
};

struct http_call {
	struct http *http;             /* NULL: it has ended */
	struct http_call *prev, *next; /* in the list of those that have not ended */
	struct http_request request;   /* its strings are owned; fields are in `fields` */
	struct curl_slist *fields;
	enum http_state state;
	bool renew; /* the next try signs with new credentials */
	bool doubtful;
	unsigned tries;
	int64_t due_ms; /* WAITING: it does not start before this time */
	struct retry retry;
	struct http_try try;
	struct patience patience; /* since when it has made no progress */
	struct http_answer answer;
	int result;        /* of a call that has ended */
	struct strbuf why; /* the last failure, in words; empty: there was none, or it is in `answer` */
};

/* How a try has ended. */
struct http_outcome {
	int error;     /* 0: there is an answer */
	bool hopeless; /* the next try would end in the same way */
	bool stale;    /* a connection that had been kept could no longer be used */
	bool doubtful; /* the server may have got the request */
};

/* Describe why libcurl ended try number TRIES of EASY with CODE: `error` and `hopeless` of RET, and WHY in words. */
void http_failure(
	CURL *easy, CURLcode code, const char *text, unsigned tries, struct http_outcome *ret, struct strbuf *why);

/*
 * Whether the name server, or the system's other sources of names, say that there is no host NAME, LEN bytes.  Also
 * false when no source answers within a second; libcurl reports both cases by the same code.
 */
bool http_name_unknown(const char *name, size_t len);

/* Append scheme, host and port of URL, without user and password. */
void http_origin(const char *url, struct strbuf *ret);

/* Report the call that has waited for a second, unless the last message still holds. */
void http_tell_waits(struct http *http, int64_t now_ms);

/* CALL is about to end with RESULT: if it has an answer and the last message was about it, report that. */
void http_tell_end(const struct http_call *call, int result);

/* Append one line about the try of CALL that has ended, if there is a trace.  CALL->try.easy must still exist. */
void http_trace(const struct http_call *call, int error);

/* Set OPTION of the handle EASY unless R, a CURLcode, is an error already. */
#define HTTP_SET(r, easy, option, value)                             \
	do {                                                         \
		if ((r) == CURLE_OK)                                 \
			(r) = curl_easy_setopt(easy, option, value); \
	} while (0)

/* Set the callbacks by which EASY gets the body of CALL's request and delivers its answer. */
CURLcode http_bytes_set(CURL *easy, struct http_call *call) MUST_CHECK;

/* Whether the body of CALL has bytes that this try has not sent, or has ended. */
bool http_bytes_ready(const struct http_call *call);

/* Whether the body of CALL has ended growing, if it ever grew. */
bool http_bytes_whole(const struct http_call *call);

/* Let EASY open and close its sockets in HTTP's list; HTTP must exist until the last connection is closed. */
CURLcode http_sockets_set(CURL *easy, struct http *http) MUST_CHECK;

/* The socket of HTTP that is connected to REMOTE from LOCAL, -1: there is none. */
int http_sockets_find(const struct http *http, const char *remote, int remote_port, const char *local, int local_port);

/* Whether there is something to read on the socket FD, even if only its end; false for -1. */
bool http_sockets_ahead(int fd);

/* How many bytes were written to FD that the peer has not acknowledged; 0 for -1. */
int http_sockets_queued(int fd);

/*
 * Begin a try, with SIGNED, lines of further headers.  0; -EINVAL with CALL->why: a header or the URL cannot be sent;
 * -ENOMEM.  Then no try runs.
 */
int http_try_begin(struct http_call *call, const struct strbuf *signed_fields) MUST_CHECK;

/*
 * Check a running try: note how many bytes have moved, and let it go on when the rate allows.  Returns 0, or -ETIMEDOUT
 * with CALL->why when it stalls or the deadline has passed, or -EIO; after an error the caller ends the try.
 */
int http_try_check(struct http_call *call, int64_t now_ms) MUST_CHECK;

/* The try has ended by itself with CODE, or is ended because of FAILED (-errno, with CALL->why; 0: no). */
struct http_outcome http_try_end(struct http_call *call, CURLcode code, int failed);

/* Drop the try, in whatever state it is; does nothing when there is none. */
void http_try_drop(struct http_call *call);

/* The time of CALL counts from now on if its body has ended growing. */
void http_call_look(struct http_call *call, int64_t now_ms);

/* Begin the next try of CALL, whose turn it is. */
void http_call_begin(struct http_call *call);

/* The try of CALL has ended, as for http_try_end(): decide what follows. */
void http_call_tried(struct http_call *call, CURLcode code, int failed);

/* The call ends with RESULT, 0 or -errno. */
void http_call_end(struct http_call *call, int result);

#endif
