/*
 * Where directories of the installation are: beside the running program first, so that an unpacked or moved tree runs
 * where it lies, then where the build was told that they would be.
 *
 * Part of weir; uses base.
 */
#ifndef WEIR_CMD_WEIR_PLACE_H
#define WEIR_CMD_WEIR_PLACE_H

#include "common/base/strbuf.h"

struct search_path {
	const char *variable; /* of the environment; when it is set and not empty, it alone counts, unproved */
	const char *proof;    /* a file that only our directory holds, relative to it */
	const char *beside;   /* the directory, relative to that of the running program, in an installed tree */
	const char *built;    /* the same in the tree that make builds; NULL: it has none */
	const char *compiled; /* absolute, as the build was told */
};

/*
 * The directory of P, without "..", is set in DIR (which is emptied first).
 * Returns 0, or -ENOENT when no place holds the proof: DIR is then the list of those that were looked at, quoted.
 */
int place_find(const struct search_path *p, struct strbuf *dir) MUST_CHECK;

#endif
