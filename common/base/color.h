/*
 * Whether text is coloured: --color, and by default on a terminal, unless NO_COLOR is set (https://no-color.org).
 *
 * Layer: lowest floor, libc only.
 */
#ifndef WEIR_BASE_COLOR_H
#define WEIR_BASE_COLOR_H

#include <stdbool.h>

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER }; /* in the order of --color's words */

/* From now on WHEN; before, COLOR_AUTO. */
void color_set(enum color_when when);

/*
 * Whether what is written to FD is to be coloured.  COLOR_AUTO: FD is a terminal, TERM names one that is not "dumb",
 * and NO_COLOR is not set or empty.  errno is preserved.
 */
bool color_on(int fd);

/* What a terminal is sent; the first four are followed by COLOR_END after the text. */
#define COLOR_BOLD  "\x1b[1m"
#define COLOR_WORST "\x1b[1;31m"
#define COLOR_ERROR "\x1b[1;31m"
#define COLOR_KEY   "\x1b[34;1m"
#define COLOR_END   "\x1b[0m"

#endif
