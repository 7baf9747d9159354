/*
 * The programs that are installed.
 */
#ifndef WEIR_CMD_WEIR_PROGRAMS_H
#define WEIR_CMD_WEIR_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>

#define PROGRAMS_MAX 128

/* The names of the programs in DIR, sorted; the caller frees each.  0, after a message, when there are none. */
size_t programs_list(const char *dir, char **names);

/* Whether NAME can be the name of a program, and DIR has a file for it. */
bool programs_has(const char *dir, const char *name);

/*
 * Report that there is no WHAT ("command", …) NAME, and which programs of DIR or, with PAGES, pages of section 7 may
 * have been meant.  Returns 127.
 */
int programs_unknown(const char *dir, const char *what, const char *name, bool pages);

#endif
