/*
 * The filter driver: everything that is the same in programs that read records from files or standard input.
 *
 * Layer: io (uses base, inbuf, outbuf).  A filter supplies what happens with records; operands, reading, errors,
 * flushing, signals and the exit status are the driver's.  It gets records as spans (`span`, for those that work on
 * long stretches of memory) or one by one (`record`); exactly one of the two is set.  Every record of a span ends with
 * flow->delim, also the last of an unterminated file.
 *
 * Output goes through flow_reserve/flow_commit or flow_put, always whole records: the driver owns how they are framed,
 * so that a filter need not know whether its stream is marked (weir-stream(7)).
 *
 * Callbacks return 0 to go on, or an exit status above 0 to end the program after they have printed the message.
 * A failing flow_ function is not reported by the callback: it returns FLOW_STOP and the driver words it.
 */
#ifndef WEIR_IO_FILTER_H
#define WEIR_IO_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/opt.h"
#include "common/io/inbuf.h"
#include "common/io/outbuf.h"

/* The options that every filter has; FILTER_OPTIONS(&x) goes into its option table, with struct filter_opts x. */
struct filter_opts {
	bool null;           /* records end with NUL, not LF */
	uint64_t max_record; /* bytes; 0: MAX_RECORD_DEFAULT */
};
/* clang-format off */
#define FILTER_OPTIONS(f)                                                                                  \
	{ .key = '0', .name = "null", .dest = &(f)->null, .help = "records end with NUL, not with a line feed" }, \
	{ .name = "max-record", .type = OPT_SIZE, .dest = &(f)->max_record, .arg = "SIZE", .min = 1,       \
	  .max = 1ull << 40, .help = "longest record, 64M by default" }
/* clang-format on */

struct flow {
	struct outbuf out;
	char delim;
	const char *input; /* the operand being read, for messages */
	uint64_t records;  /* records of this input before the current one; counted for `record` callbacks only */
	int status;        /* worst exit status so far; raise it by flow_fail() */
};

/* What a callback returns after a flow_ function has failed. */
#define FLOW_STOP (-1)

struct filter {
	int (*span)(void *self, const char *s, size_t len, struct flow *flow);
	int (*record)(void *self, const char *rec, size_t len, struct flow *flow); /* LEN is without the delimiter */
	int (*batch)(void *self, struct flow *flow); /* end of a batch; a plain stream is one batch; may be NULL */
	int (*end)(void *self, struct flow *flow);   /* clean end, after the last batch; may be NULL */
	bool all_or_nothing; /* a sink: an unreadable operand, a bad record or a signal ends it before batch and end */
};

/*
 * Run FILTER over OPERANDS (files, "-" or none is standard input) and write to standard output.
 *
 * SELF is handed to the callbacks.  Returns the exit status of the program, 0 or the worst that was seen; messages
 * have been printed.  Call sig_filter() or sig_effects() before.
 */
int filter_run(const struct filter *filter, void *self, const struct filter_opts *opts, char **operands) MUST_CHECK;

/* Room for SIZE bytes of output records, or NULL (then return FLOW_STOP); valid until the next flow_ call. */
char *flow_reserve(struct flow *flow, size_t size) MUST_CHECK;

/* The first LEN of the reserved bytes are whole output records, each with its delimiter. */
int flow_commit(struct flow *flow, size_t len) MUST_CHECK;

/* Write one record (LEN bytes, without delimiter) and the delimiter.  Returns 0 or FLOW_STOP. */
int flow_put(struct flow *flow, const char *rec, size_t len) MUST_CHECK;

/* Write whole records (with delimiters) as they are.  Returns 0 or FLOW_STOP. */
int flow_put_span(struct flow *flow, const char *s, size_t len) MUST_CHECK;

/* Raise the exit status to STATUS if that is worse (higher). */
void flow_fail(struct flow *flow, int status);

#endif
