/*
 * The recipes of weir-cookbook(7), taken from the page as plain text (page.h): sections begin in column 0, recipes in
 * column 3, text in column 5, and commands in column 11 after an empty line.
 *
 * Part of weir; uses base.
 */
#ifndef WEIR_CMD_WEIR_RECIPES_H
#define WEIR_CMD_WEIR_RECIPES_H

#include <stddef.h>

#include "common/base/strbuf.h"

/*
 * Append to OUT the recipes of PAGE that have all of WORDS (a list that ends with NULL), of either case, in their
 * headings, texts or commands: as text for a shell, with commands unchanged and the rest as comments.  Without WORDS
 * the headings of all are appended.  Returns the number of recipes.
 */
size_t recipes_add(const char *page, char *const *words, struct strbuf *out);

#endif
