/*
 * Messages and exit statuses, the same for every program.
 *
 * Layer: lowest floor (uses control).  Apart from the x*alloc functions (alloc.h) this is the one module of common/
 * that exits.  opt and the drivers print through it; all other modules return codes and leave messages to cmd/.  A
 * message is `weir NAME: text` and a line feed, written by one write(2) so that the messages of a pipeline's programs
 * do not mix; control characters in it (control.h) are made visible as \xNN.
 */
#ifndef WEIR_BASE_DIAG_H
#define WEIR_BASE_DIAG_H

#include <stdint.h>

#define MUST_CHECK        __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

/* Exit statuses (after sysexits.h); every manual lists those that its program uses. */
enum exit_status {
	EXIT_OK = 0,
	EXIT_NO = 1,      /* the answer is no, or some records were rejected */
	EXIT_USAGE = 2,   /* bad option or operand */
	EXIT_DATA = 65,   /* bad data: retrying will not help */
	EXIT_BUG = 70,    /* a bug of ours */
	EXIT_TEMP = 75,   /* temporary failure: retrying may help */
	EXIT_CONFIG = 78, /* configuration or permission */
};

/*
 * Name the program in all messages that follow; NAME is kept, not copied.  Call it before anything is opened, because
 * it occupies those of the descriptors 0 to 2 that are closed.
 */
void diag_init(const char *name);

/* The name given to diag_init, "" before it. */
const char *diag_name(void);

/* The word for N things in a message: "1 record was", "2 records were". */
static inline const char *diag_plural(uint64_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

/*
 * Print `weir NAME: …` on standard error.  A failing write is ignored, because there is nowhere to report it.  errno is
 * preserved.
 */
void warn(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* The same with a finished text, for callbacks of modules that do not print. */
void warn_line(const char *line);

/* Which notes of normal operation are printed. */
enum diag_notes {
	DIAG_NORMAL,  /* notes are printed when standard error is a terminal */
	DIAG_VERBOSE, /* always; when standard error is not a terminal, all messages begin with the time */
	DIAG_QUIET,   /* never */
};
void diag_notes(enum diag_notes how);

/* Like warn(), for notes of normal operation: printed as diag_notes() says, by default on a terminal only. */
void inform(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* warn() and exit with STATUS. */
void die(enum exit_status status, const char *fmt, ...) PRINTF_LIKE(2, 3) __attribute__((noreturn));

/*
 * The exit status for an errno.  Errors that may pass with time (no space, no memory, interrupted, input/output errors,
 * …) give EXIT_TEMP; missing or forbidden files give EXIT_CONFIG; records that are too long or malformed (EMSGSIZE,
 * EILSEQ, EBADMSG) give EXIT_DATA.  ERR is errno's value, positive or negated.
 */
enum exit_status diag_status(int err);

/* strerror() of a positive or negated errno; the text is static or thread-local. */
const char *diag_strerror(int err);

#endif
