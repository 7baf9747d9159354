/*
 * What another program prints, within a limit of time.
 *
 * Layer: io (uses base).
 */
#ifndef WEIR_IO_ANSWER_H
#define WEIR_IO_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

struct answer {
	int64_t limit_ms; /* after this long the program is killed */
	size_t max;       /* it is killed when it prints more bytes than this to either; SIZE_MAX: no limit */
	void (*waiting)(void *self); /* called once after a second without an end; NULL: nobody is told */
	void *self;
	struct strbuf *out, *err; /* get what it prints, to their ends; err NULL: its messages go nowhere */
	int *status; /* gets its exit status, 128 + N for signal N; NULL: it is killed once it has closed both */
};

/*
 * Run ARGV, found by PATH unless it has a slash, with nothing to read, and take what it prints.  0; -ETIMEDOUT or
 * -EFBIG, then out and err have what came before; or -errno when it could not be started or read.  The process has
 * ended in every case.
 */
int answer_get(char *const *argv, const struct answer *answer) MUST_CHECK;

#endif
