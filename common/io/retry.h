/*
 * What follows a try of a request: nothing, another try after a pause, new credentials, or giving up.
 *
 * Layer: io (libc only).  A core: it has no clock and no random numbers, both are parameters.
 *
 * Pauses have full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015): a random part of
 * a limit that doubles.  Of the methods that were compared there, it needs the least time and the fewest tries when
 * many clients retry at once.
 */
#ifndef WEIR_IO_RETRY_H
#define WEIR_IO_RETRY_H

#include <stdbool.h>
#include <stdint.h>

enum {
	RETRY_FIRST_MS = 100, /* the limit of the first pause */
	RETRY_LONGEST_MS = 10000,
};

/* How a try has ended. */
enum retry_event {
	RETRY_ANSWERED, /* there is a final answer */
	RETRY_HOPELESS, /* no answer, and another try would end in the same way */
	RETRY_FAILED,   /* no answer, or one that asks to try again later */
	RETRY_STALE,    /* a connection that was kept from an earlier request had been closed meanwhile */
	RETRY_REFUSED,  /* the answer refuses the credentials */
};

/* What to do. */
enum retry_action {
	RETRY_END,   /* the call ends with the result of this try */
	RETRY_PAUSE, /* try again after a pause, perhaps of 0 ms */
	RETRY_RENEW, /* try again at once, with new credentials */
};

/* Of one call. */
struct retry {
	int64_t deadline_ms; /* set by the caller, in the time of its clock; the caller may move it */
	bool once;           /* set by the caller: never try again */
	bool renews;         /* set by the caller: there is a way to get new credentials */
	bool renewed;        /* the rest is zero at first, and belongs to this module */
	unsigned pauses, stale;
};

/*
 * A try has ended with EVENT at NOW_MS.  AFTER_MS is the pause that the answer asks for, or -1; if the pause would go
 * beyond the deadline, the call ends.  RANDOM is 64 evenly distributed random bits.  *ret_pause_ms is set with
 * RETRY_PAUSE only.
 */
enum retry_action retry_decide(struct retry *retry, enum retry_event event, int64_t after_ms, int64_t now_ms,
	uint64_t random, int64_t *ret_pause_ms);

#endif
