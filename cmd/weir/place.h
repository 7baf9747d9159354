/*
 * Finds directories of the installation: first beside the running program, so that an unpacked or moved tree works
 * where it is, then where the build was told that they would be.
 *
 * Part of weir; uses base.
 */
#ifndef WEIR_CMD_WEIR_PLACE_H
#define WEIR_CMD_WEIR_PLACE_H

#include "common/base/strbuf.h"

struct search_path {
	const char *variable; /* of the environment; when set and not empty, only it is used, without a check */
	const char *proof;    /* a file that only our directory holds, relative to it; NAME.gz will do, too */
	const char *beside;   /* the directory, relative to that of the running program, in an installed tree */
	const char *built;    /* the same in the tree that make builds; NULL: it has none */
	const char *compiled; /* absolute, as the build was told */
};

/*
 * Find the directory of P, without "..", and put it into DIR (which is emptied first).
 * Returns 0, or -ENOENT when no place holds the proof: DIR is then the list of the places that were searched, quoted.
 */
int place_find(const struct search_path *p, struct strbuf *dir) MUST_CHECK;

#endif
