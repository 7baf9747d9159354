/*
 * The options that sources of marked streams have in common.
 *
 * Layer: stream (uses base/opt, ackd).
 */
#ifndef WEIR_STREAM_SOURCE_OPT_H
#define WEIR_STREAM_SOURCE_OPT_H

#include "common/base/opt.h"
#include "common/stream/ackd.h"

struct source_options {
	uint64_t sinks;
	/* how long: sinks may take to say hello and to answer, and to acknowledge; a mark may be unseen before a
	 * warning */
	int64_t sink_timeout_ms, drain_timeout_ms, stall_warning_ms;
};

#define SOURCE_OPTIONS_INIT                                                                                \
	{                                                                                                  \
		.sinks = 1, .sink_timeout_ms = 30000, .drain_timeout_ms = 30000, .stall_warning_ms = 30000 \
	}

/* Rows of an option table, for the struct source_options at O. */
/* clang-format off */
#define SOURCE_OPTIONS(o, drain)                                                                                       \
	{ .name = "sinks", .type = OPT_U64, .dest = &(o)->sinks, .arg = "N", .min = 1, .max = ACKD_SINKS_MAX,          \
	  .help = "how many sinks the pipeline has, 1 by default" },                                                   \
	{ .name = "sink-timeout", .type = OPT_DURATION, .dest = &(o)->sink_timeout_ms, .arg = "DURATION", .min = 1,    \
	  .max = 86400000, .help = "how long to wait for sinks to connect, 30s by default" },                          \
	{ .name = "drain-timeout", .type = OPT_DURATION, .dest = &(o)->drain_timeout_ms, .arg = "DURATION",            \
	  .min = 1, .max = 86400000, .help = "how long to wait for " drain ", 30s by default" },                       \
	{ .name = "stall-warning", .type = OPT_DURATION, .dest = &(o)->stall_warning_ms, .arg = "DURATION",            \
	  .min = 1, .max = 86400000, .help = "warn if no sink reads a mark for this time, 30s by default" }
/* clang-format on */

#endif
