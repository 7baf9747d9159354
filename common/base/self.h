/*
 * Where the running program lies.
 *
 * Layer: base (libc only).
 */
#ifndef WEIR_BASE_SELF_H
#define WEIR_BASE_SELF_H

#include <limits.h>
#include <stddef.h>

/*
 * Write the path of the running program, links resolved, and return its length; 0 with an empty path when it cannot be
 * found (there is no /proc, or the path is too long).  A program that was replaced while it runs has " (deleted)" at
 * the end, as the kernel says it.
 */
size_t self_path(char path[PATH_MAX]);

/* The same for the directory of the program, without a slash at the end; that of /weir is empty, too. */
size_t self_directory(char path[PATH_MAX]);

#endif
