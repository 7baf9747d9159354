/*
 * The options -v and -q of long-running programs: which notes of normal operation they print (inform() of diag.h).
 *
 * Layer: base (uses diag, opt).
 */
#ifndef WEIR_BASE_VERBOSITY_H
#define WEIR_BASE_VERBOSITY_H

#include "common/base/opt.h"

struct verbosity {
	bool verbose, quiet;
};
/* clang-format off */
#define VERBOSITY_OPTIONS(v)                                                                               \
	{ .key = 'v', .name = "verbose", .dest = &(v)->verbose,                                            \
	  .help = "report what is done; default on a terminal" },                            \
	{ .key = 'q', .name = "quiet", .dest = &(v)->quiet, .help = "print no messages unless something is wrong" }
/* clang-format on */

/* To be called after parsing: notes are printed with -v, and also on a terminal unless -q was given. */
static inline void verbosity_set(const struct verbosity *v)
{
	diag_notes(v->quiet ? DIAG_QUIET : v->verbose ? DIAG_VERBOSE : DIAG_NORMAL);
}

#endif
