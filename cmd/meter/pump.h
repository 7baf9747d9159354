/*
 * Plain streams: copies bytes from a descriptor to standard output, unchanged, whatever they are.
 */
#ifndef WEIR_CMD_METER_PUMP_H
#define WEIR_CMD_METER_PUMP_H

#include <stdbool.h>

#include "cmd/meter/stats.h"
#include "common/base/diag.h"

/*
 * The first byte of FD, without removing it: 0 to 255, or -1 when there is none (at the end, or when looking ahead is
 * impossible; the stream then counts as plain).  Waits for it.
 */
int pump_peek(int fd);

/* An error, and the side on which it occurred. */
struct pump_error {
	int err; /* negative errno */
	bool output;
};

/*
 * Copy FD to standard output until its end or a signal.  When records are not counted and both are pipes, splice(2)
 * moves the pages.  Returns 0, or -1 with *ret set.
 */
int pump(int fd, struct stats *stats, char delim, struct pump_error *ret) MUST_CHECK;

#endif
