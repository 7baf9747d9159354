/*
 * The option --id of sinks: input that is stored once, however often the command is repeated.
 *
 * Layer: data (uses base, utf8; pipes of io).
 */
#ifndef WEIR_DATA_ONCE_H
#define WEIR_DATA_ONCE_H

#include <stdbool.h>

#include "common/base/opt.h"

#define ONCE_ID_MAX 1024 /* bytes */

/* The rows of the option table, with struct once_opts x: ONCE_OPTIONS(&x). */
struct once_opts {
	const char *id; /* NULL: not given */
	bool trust_eof;
};
/* clang-format off */
#define ONCE_OPTIONS(o)                                                                                              \
	{ .name = "id", .type = OPT_STRING, .dest = &(o)->id, .arg = "NAME",                                         \
	  .help = "store the input once: a second run with NAME changes nothing" },                                  \
	{ .name = "trust-eof", .dest = &(o)->trust_eof,                                                              \
	  .help = "with --id: treat the end of a pipe as the end of the data" }
/* clang-format on */

/*
 * Check both options for the files OPERANDS: the id is 1 to ONCE_ID_MAX bytes of UTF-8, and no file is a pipe, whose
 * end may be that of a failed program.  EXIT_OK, or EXIT_USAGE after a message.
 */
int once_check(const struct once_opts *once, const struct opt_spec *spec, char **operands) MUST_CHECK;

#endif
