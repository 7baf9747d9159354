/*
 * Colours for JSON records on a terminal, as jq has them.
 *
 * Layer: io (uses base); pure.  A record is painted when it begins with { or [; others pass as they are, and so do
 * marks. Nothing but escape sequences is added, so without them the text is the same, even where it is not JSON. Source
 * of the colours: jq(1), "COLORS": keys bold blue, strings green, null grey, { } [ ] : , bold.
 */
#ifndef WEIR_IO_PAINT_H
#define WEIR_IO_PAINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

enum paint_state {
	PAINT_BEGIN,  /* of a record */
	PAINT_PLAIN,  /* in a record that is not painted */
	PAINT_VALUE,  /* between the parts of a JSON record */
	PAINT_WORD,   /* in a number, true, false: without colour */
	PAINT_NULL,   /* in null */
	PAINT_STRING, /* in a string or key */
	PAINT_ESCAPE, /* after a backslash in it */
};

/* Where the text is; zeroed at its beginning. */
struct paint {
	enum paint_state state;
	uint64_t objects; /* a bit for each level: it is an object; deeper ones than 64 have keys in the colour of
			     strings */
	unsigned depth;
	bool key; /* in an object, the next string is a key */
};

/* Append the LEN bytes at S, the next of the text, to OUT with colours.  A record ends with LF or NUL. */
void paint_json(struct paint *p, const char *s, size_t len, struct strbuf *out);

#endif
