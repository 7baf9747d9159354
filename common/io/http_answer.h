/*
 * What the head of an answer says: its status and its headers, by RFC 9112.
 *
 * Layer: io (uses base, libcurl's dates).
 */
#ifndef WEIR_IO_HTTP_ANSWER_H
#define WEIR_IO_HTTP_ANSWER_H

#include "common/io/http.h"

enum {
	HTTP_HEAD_MOST = 64 << 10, /* limit for the bytes of all headers of an answer */
};

enum http_head {
	HTTP_HEAD_NONE, /* a status line comes next; also after the head of an interim answer, 1xx */
	HTTP_HEAD_OPEN, /* headers, or the empty line after them */
	HTTP_HEAD_DONE, /* the head is complete; further lines are headers after a chunked body, which are ignored */
};

/*
 * Add the next line of the head, of LEN bytes with its line end, to ANSWER; HEAD is HTTP_HEAD_NONE at first.  A line
 * that begins with a blank continues the header before it.  -EPROTO: it is not a status line, or holds a NUL;
 * -EMSGSIZE: there are more than HTTP_HEAD_MOST bytes.
 */
int http_answer_line(struct http_answer *answer, enum http_head *head, const char *line, size_t len) MUST_CHECK;

/* The pause that ANSWER asks for (Retry-After, in seconds or as a date), in ms from NOW_EPOCH_MS on; -1: none. */
int64_t http_answer_after_ms(const struct http_answer *answer, int64_t now_epoch_ms);

/* A date of HTTP in any of its three forms, as milliseconds since the epoch; -1: it is not one. */
int64_t http_date_ms(const char *date);

#endif
