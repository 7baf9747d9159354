/*
 * Waiting for an answer: when to print what the program waits for, and when to give up.
 *
 * Layer: base.  No wait for another program is silent for more than a second, and none lasts for ever.  The caller asks
 * as often as it likes, prints the message and ends the wait; this module only measures the time, which is a parameter.
 */
#ifndef WEIR_BASE_PATIENCE_H
#define WEIR_BASE_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PATIENCE_TELL_MS = 1000, /* after this long without an answer, a line says what the program waits for */
};

/* A wait; a zeroed one has not begun. */
struct patience {
	bool on, told;
	int64_t since; /* clock_ms() */
};

enum patience_state {
	PATIENCE_WAIT, /* go on */
	PATIENCE_TELL, /* go on, and print what the program waits for; once in each wait */
	PATIENCE_OVER, /* the limit is reached */
};

/* The wait begins at NOW_MS, unless it has begun already. */
void patience_begin(struct patience *p, int64_t now_ms);

/* The answer has come.  True: the wait had been reported, so its end should be reported, too. */
bool patience_end(struct patience *p);

/* The answer is still missing; LIMIT_MS below 0: there is no limit.  A wait that has not begun begins now. */
enum patience_state patience_ask(struct patience *p, int64_t limit_ms, int64_t now_ms);

#endif
