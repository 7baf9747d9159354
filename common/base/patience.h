/*
 * Waits for an answer: when to say what for, and when they are over.
 *
 * Layer: base.  Nothing that waits for somebody else is silent for more than a second, and nothing waits for ever.
 * The caller asks as often as it likes, words what it waits for, and ends; here is only the time, which is a parameter.
 */
#ifndef WEIR_BASE_PATIENCE_H
#define WEIR_BASE_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PATIENCE_TELL_MS = 1000, /* of silence; then a line says what is waited for */
};

/* A wait; a zeroed one has not begun. */
struct patience {
	bool on, told;
	int64_t since; /* clock_ms() */
};

enum patience_state {
	PATIENCE_WAIT, /* go on */
	PATIENCE_TELL, /* go on, and say what for: once in a wait */
	PATIENCE_OVER, /* the limit is reached */
};

/* The wait begins NOW_MS, unless it is on already. */
void patience_begin(struct patience *p, int64_t now_ms);

/* The answer has come; true: the wait had been told, so that its end is news, too. */
bool patience_end(struct patience *p);

/* The answer is still missing; LIMIT_MS below 0: there is no limit.  A wait that is not on begins. */
enum patience_state patience_ask(struct patience *p, int64_t limit_ms, int64_t now_ms);

#endif
