/*
 * Paths beneath a directory: a path is used only if it leads to a place there.
 *
 * Layer: lake (uses base).  Names come from files that anyone may have written (log entries, writers' locks), and a
 * directory may hold symbolic links that anyone has made.  With these functions no path leads out of ROOT, a descriptor
 * of a directory: Linux's openat2(2) resolves it with RESOLVE_BENEATH, so links that stay inside are followed.  If the
 * kernel has no such call, or a sandbox forbids it, the path is resolved part by part and no link is followed.
 *
 * All functions return 0 (or a descriptor, if they open one) or -errno, among them
 *   -EXDEV   the path leads out of ROOT: it is absolute, has empty parts, ".", ".." or a line feed, or goes through a
 * link Nothing here blocks: files that are not regular files or directories are opened with O_NONBLOCK and O_NOCTTY.
 */
#ifndef WEIR_LAKE_BENEATH_H
#define WEIR_LAKE_BENEATH_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "common/base/diag.h"

/*
 * False for paths that can never lie beneath a directory: absolute paths, and paths with empty parts, "." or "..", or
 * line feeds.
 */
bool beneath_ok(const char *path);

/* open(2), with O_CLOEXEC; PATH may be "" or "." for ROOT itself. */
int beneath_open(int root, const char *path, int flags, mode_t mode) MUST_CHECK;

/* stat(2).  If PATH is a link, this is about the link itself or, with FOLLOW, about its target (beneath ROOT). */
int beneath_stat(int root, const char *path, bool follow, struct stat *ret) MUST_CHECK;

/* These functions do not follow a link in PATH's last part.  FLAGS are those of unlinkat(2). */
int beneath_unlink(int root, const char *path, int flags);
int beneath_rename(int root, const char *from, const char *to) MUST_CHECK;
int beneath_link(int root, const char *from, const char *to) MUST_CHECK;

/*
 * Make a directory with the write permissions of its parent, whatever the umask, so that a table that is shared by a
 * group, or by all, stays shared.  -EEXIST when it exists.
 */
int beneath_mkdir(int root, const char *path) MUST_CHECK;

#endif
