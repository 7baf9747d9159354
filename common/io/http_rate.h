/*
 * A limit of bytes a second: a token bucket that holds the tokens of a tenth of a second.
 *
 * Layer: io (libc only).  The clock is a parameter.
 */
#ifndef WEIR_IO_HTTP_RATE_H
#define WEIR_IO_HTTP_RATE_H

#include <stdint.h>

struct http_rate {
	uint64_t per_second; /* bytes, below 2^53; 0: there is no limit */
	uint64_t parts;      /* thousandths of bytes that may be sent now */
	int64_t at_ms;       /* when they were counted */
};

/* The bucket is full at first. */
void http_rate_init(struct http_rate *rate, uint64_t per_second, int64_t now_ms);

/* Take up to WANT bytes out; returns how many may be sent now. */
uint64_t http_rate_take(struct http_rate *rate, uint64_t want, int64_t now_ms);

/* In how many ms the bucket will be half full; 0: it is. */
int64_t http_rate_wait_ms(struct http_rate *rate, int64_t now_ms);

#endif
