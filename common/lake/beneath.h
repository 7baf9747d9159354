/*
 * Paths beneath a directory: a path is used only if what it leads to lies there.
 *
 * Layer: lake (uses base).  Names come from files that anyone may have written (log entries, writers' locks), and a
 * directory may hold symbolic links that anyone has made.  No such path leads out of ROOT, a descriptor of a directory:
 * Linux's openat2(2) resolves it with RESOLVE_BENEATH, so links that stay inside are followed.  Where the kernel has no
 * such call, or a sandbox forbids it, the path is resolved part by part and no link is followed.
 *
 * All functions return 0 (those that open a descriptor) or -errno, among them
 *   -EXDEV   the path leads out of ROOT: it is absolute, has empty parts, ".", ".." or a line feed, or goes by a link
 * Nothing here blocks: files that are not regular files or directories are opened with O_NONBLOCK and O_NOCTTY.
 */
#ifndef WEIR_LAKE_BENEATH_H
#define WEIR_LAKE_BENEATH_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "common/base/diag.h"

/* False for paths that never lie beneath a directory: absolute ones, empty or dotted parts, line feeds. */
bool beneath_ok(const char *path);

/* open(2), with O_CLOEXEC; PATH may be "" or "." for ROOT itself. */
int beneath_open(int root, const char *path, int flags, mode_t mode) MUST_CHECK;

/* stat(2): PATH itself when it is a link, or with FOLLOW what it leads to (beneath ROOT). */
int beneath_stat(int root, const char *path, bool follow, struct stat *ret) MUST_CHECK;

/* These functions do not follow a link in PATH's last part.  FLAGS are those of unlinkat(2). */
int beneath_unlink(int root, const char *path, int flags);
int beneath_rename(int root, const char *from, const char *to) MUST_CHECK;
int beneath_link(int root, const char *from, const char *to) MUST_CHECK;

/*
 * Make a directory with the write permissions of the one above it, whatever the umask: a table that is shared by a
 * group, or by all, stays shared.  -EEXIST.
 */
int beneath_mkdir(int root, const char *path) MUST_CHECK;

#endif
