/*
 * The filter driver: everything that is the same in programs that read records from files or standard input.
 *
 * Layer: stream (uses base; inbuf, outbuf of io).  A filter supplies what happens with records; the driver handles
 * operands, reading, errors, flushing, signals and the exit status.  It passes records as spans (`span`, for filters
 * that work on long stretches of memory) or one by one (`record`); exactly one of the two is set.  Every record of a
 * span ends with flow->delim, even the last of an unterminated file.
 *
 * Output goes through the flow_ functions (flow.h), always whole records, so that a filter need not know whether its
 * stream is marked (weir-stream(7)).  The driver counts, escapes, checks and passes on marks; a program that is the
 * last of a marked pipeline (its stdout is not a pipe) says hello to consume and acknowledges what it has written.
 *
 * Callbacks return 0 to go on, or an exit status above 0 to end the program after they have printed the message.  When
 * a flow_ function fails, the callback returns FLOW_STOP, and the driver prints the message.
 */
#ifndef WEIR_STREAM_FILTER_H
#define WEIR_STREAM_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/opt.h"
#include "common/stream/filter_ops.h"
#include "common/io/inbuf.h"

/* The options that every filter has; FILTER_OPTIONS(&x) goes into its option table, with struct filter_opts x. */
struct filter_opts {
	bool null;           /* records end with NUL, not LF */
	bool plain;          /* no byte of the input has a special meaning, not even a leading ETB */
	bool as_is;          /* compressed files are not decompressed, as with `plain` */
	bool any_start;      /* a plain output may begin with ETB, as with `plain` */
	uint64_t max_record; /* bytes; 0: MAX_RECORD_DEFAULT; in a marked stream at least 1 MiB, for the marks */
};
/* The longest record that O allows. */
static inline uint64_t filter_max_record(const struct filter_opts *o)
{
	return o->max_record ? o->max_record : MAX_RECORD_DEFAULT;
}

/* clang-format off */
#define FILTER_OPTIONS(f)                                                                                  \
	{ .key = '0', .name = "null", .dest = &(f)->null, .help = "records end with NUL, not with a line feed" }, \
	{ .name = "max-record", .type = OPT_SIZE, .dest = &(f)->max_record, .arg = "SIZE", .min = 1,       \
	  .max = 1ull << 40, .help = "longest record, 64M by default" },                                   \
	{ .name = "plain", .dest = &(f)->plain, .help = "treat the input as plain; allow any first byte in it and in the output" }
/* clang-format on */

/*
 * Run FILTER over OPERANDS (files, "-" or none is standard input) and write to standard output.
 *
 * SELF is handed to the callbacks.  Returns the exit status of the program, 0 or the worst that was seen; messages
 * have been printed.  Call sig_filter() or sig_effects() before.  When the program is only to check (checking.h), it
 * looks whether the operands could be opened, and calls nothing back.
 */
int filter_run(const struct filter *filter, void *self, const struct filter_opts *opts, char **operands) MUST_CHECK;

#endif
