/*
 * The form of messages: --log-format, and the level debug.  diag.c prints by it, so it uses nothing of diag.h.
 *
 * Layer: lowest floor (uses control, color).
 */
#ifndef WEIR_BASE_DIAG_LOG_H
#define WEIR_BASE_DIAG_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum diag_format {
	DIAG_TEXT,  /* TIME weir NAME: LEVEL: text */
	DIAG_JSON,  /* {"time":TIME,"program":NAME,"level":LEVEL,"message":text} */
	DIAG_PLAIN, /* weir NAME: text, with the time in front by diag_notes() */
};

/*
 * From now on messages have this FORMAT (before: DIAG_PLAIN), and debug() prints when DEBUG.  In other formats than
 * DIAG_PLAIN a process that exits with a status above EXIT_NO prints a last message of level "error", which names the
 * status, unless die() has printed one.
 */
void diag_log(enum diag_format format, bool debug);

/* Whether debug() prints. */
bool diag_debugs(void);

/* Like warn(), for what helps to find out why a program does what it does. */
void debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A message, before it is a line. */
struct diag_message {
	enum diag_format format;
	const char *level, *program, *text; /* program "": weir itself */
	time_t time;                        /* 0: none, in DIAG_PLAIN */
	bool color;                         /* DIAG_TEXT and DIAG_PLAIN: the beginning is red */
};

enum { DIAG_TEXT_MAX = 8192, DIAG_LINE_MAX = 6 * DIAG_TEXT_MAX + 512 }; /* bytes of a text and of a line */

/*
 * Write MESSAGE as a line of its format, with LF, and return its length.  In JSON a byte that is not UTF-8 is U+FFFD;
 * in the others control characters are \xNN.  What does not fit is cut off.
 */
size_t diag_line(const struct diag_message *message, char to[DIAG_LINE_MAX]);

#endif
