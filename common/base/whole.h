/*
 * Files that an option names and that are read whole, at the start: configuration, programs, rules, lists, keys.
 *
 * Layer: base (uses clock, diag, patience, sig, strbuf).  Such a file may be a pipe, as in `-F <(COMMAND)`.  Nobody may
 * ever open a FIFO for writing, and a COMMAND may take its time; so after a second a line on standard error says what
 * is waited for, and a FIFO without a writer has a limit.  For standard input nothing is said: all filters wait for it.
 */
#ifndef WEIR_BASE_WHOLE_H
#define WEIR_BASE_WHOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

enum {
	WHOLE_STEP = 64 << 10, /* bytes; RET is not moved in memory if it has room for MAX and these */
	WHOLE_WRITER_S = 30,   /* seconds until a FIFO that has no writer is given up */
};

/*
 * Append the contents of PATH to RET; "-" is standard input.  0; -EFBIG: there are more than MAX bytes; -ENXIO: it is a
 * socket or a device (terminals and /dev/null are read); -ETIMEDOUT: a FIFO without a writer; -EINTR: a signal to stop
 * has come; -EALREADY: standard input for the second time; or -errno.  After an error RET holds a part of them.
 */
int whole_read(const char *path, uint64_t max, struct strbuf *ret) MUST_CHECK;

/*
 * The same of a text that people write, into RET, which is empty: without a byte order mark.  Also -EILSEQ: it holds a
 * NUL, behind which nothing would be seen.
 */
int whole_read_text(const char *path, uint64_t max, struct strbuf *ret) MUST_CHECK;

/* How many bytes at the start of TEXT are a byte order mark, which some editors write: 3 or 0. */
size_t whole_mark(const struct strbuf *text);

/* Whether whole_read() has read standard input, so that there is nothing left in it. */
bool whole_took_stdin(void);

/* The same from the descriptor FD, from where it stands; nothing is said, and only -EFBIG, -EINTR and -errno come. */
int whole_read_open(int fd, uint64_t max, struct strbuf *ret) MUST_CHECK;

/*
 * Whether a library may open PATH itself, which it does without a limit.  0; -ESPIPE: it is a FIFO, but not a pipe of
 * `<(COMMAND)`; -ENXIO: it is a socket or a device (terminals and /dev/null may be opened); or -errno.
 */
int whole_check(const char *path) MUST_CHECK;

/* The text for ERR, which one of the above has returned; static or thread-local. */
const char *whole_strerror(int err);

#endif
