/*
 * The programs in groups and the pages of section 7, each with the first line of its manual.
 */
#ifndef WEIR_CMD_WEIR_GUIDE_H
#define WEIR_CMD_WEIR_GUIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/strbuf.h"

/* Append all of it, a line each, in the form of --help. */
void guide_add(struct strbuf *b);

/* Whether `weir help NAME` shows a page of section 7. */
bool guide_has_page(const char *name);

/* The name of page I of section 7, as for `weir help`; NULL after the last. */
const char *guide_page(size_t i);

#endif
