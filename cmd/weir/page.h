/*
 * A manual as plain text, for machines without man(1): containers, small systems.
 *
 * Part of weir; uses base.  It knows those macros of mdoc(7) that our own pages use (tests/cli/dispatcher.bats), prints
 * their text, and ignores fonts.
 */
#ifndef WEIR_CMD_WEIR_PAGE_H
#define WEIR_CMD_WEIR_PAGE_H

#include <stdio.h>

#include "common/base/strbuf.h"

/* Append the page that is read from IN to OUT, in lines of at most PAGE_WIDTH columns, except literal ones. */
#define PAGE_WIDTH 78
void page_add(FILE *in, struct strbuf *out);

#endif
