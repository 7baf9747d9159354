/*
 * Control characters: what a terminal acts on, in text of unknown origin.
 *
 * Layer: lowest floor, libc only.
 */
#ifndef WEIR_BASE_CONTROL_H
#define WEIR_BASE_CONTROL_H

#include <stddef.h>

/*
 * How many of the LEN bytes at S (at least 1) are a control character: 1 for those of ASCII and for a byte 0x80 to 0x9f
 * that is not part of a character, 2 for U+0080 to U+009F in UTF-8; 0: none.  BEFORE is the byte before S, 0 at the
 * start of the text.
 */
size_t control_len(const char *s, size_t len, char before);

#endif
