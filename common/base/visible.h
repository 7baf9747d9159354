/*
 * Makes text of unknown origin safe for a terminal and fit for one line: control characters (control.h) as \xNN.
 *
 * Layer: base (uses control, strbuf).
 */
#ifndef WEIR_BASE_VISIBLE_H
#define WEIR_BASE_VISIBLE_H

#include <stddef.h>

#include "common/base/strbuf.h"

/* Append the LEN bytes at S with control characters as \xNN, byte by byte. */
void visible_add(struct strbuf *out, const char *s, size_t len);

/* The same for the first MAX bytes at most, and three dots when that is not all; no character is cut in two. */
void visible_add_start(struct strbuf *out, const char *s, size_t len, size_t max);

#endif
