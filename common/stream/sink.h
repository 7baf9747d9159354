/*
 * The sink driver: everything that is the same in programs that make records durable (doc/design.md, 5).
 *
 * Layer: stream (uses base, filter, ack, sink_core, sink_ops, sink_event, sink_note).  A sink supplies what its table
 * does with records, positions and commits (struct sink_ops); operands, reading, plain and marked streams, hello, seen,
 * the answer to Q, the chain of batches, when a commit is due, acknowledgements, the final mark, signals, messages and
 * the exit status are the driver's work.  A plain stream is one commit, at its end, all or nothing; a marked one
 * commits batches with their positions, as often as they are due.
 */
#ifndef WEIR_STREAM_SINK_H
#define WEIR_STREAM_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/opt.h"
#include "common/stream/sink_ops.h"

/* The options that sinks have; SINK_OPTIONS(&x, "60s by default") goes into the option table, with struct sink_policy
 * x. */
#define SINK_POLICY_DEFAULT                                                            \
	{                                                                              \
		.every_ms = 60000, .bytes = UINT64_C(128) << 20, .records = UINT64_MAX \
	}
/* clang-format off */
#define SINK_OPTIONS(p, every)                                                                                 \
	{ .name = "commit-every", .type = OPT_DURATION, .dest = &(p)->every_ms, .arg = "DURATION",         \
	  .help = "commit when the oldest batch is this old, " every },                                      \
	{ .name = "commit-bytes", .type = OPT_SIZE, .dest = &(p)->bytes, .arg = "SIZE", .min = 1,          \
	  .help = "commit when this many bytes are uncommitted, 128M by default" },                                \
	{ .name = "commit-records", .type = OPT_U64, .dest = &(p)->records, .arg = "N", .min = 1,          \
	  .help = "commit when this many records are uncommitted" }
/* clang-format on */

/* Append "batch 3, record 7", or "INPUT: record 7". */
void sink_place_add(struct strbuf *out, const struct sink_place *place);

/*
 * Run a sink over OPERANDS.  PLAIN_ONLY is NULL, or names an option that was given and is refused for marked streams
 * (exit status 2).  Returns the exit status of the program after all messages were printed.  Call sig_effects() before.
 */
int sink_run(const struct sink_ops *ops, void *self, const struct sink_policy *policy, const char *plain_only,
	const struct filter_opts *opts, char **operands) MUST_CHECK;

#endif
