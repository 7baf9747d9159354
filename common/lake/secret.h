/*
 * Memory with secrets: it is wiped before it is freed, and growing leaves no copy behind.
 *
 * Layer: lake (uses base; libcrypto for a wiping that no compiler leaves out).
 */
#ifndef WEIR_LAKE_SECRET_H
#define WEIR_LAKE_SECRET_H

#include <stddef.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

/* Wipe and free the string S, which may be NULL. */
void secret_free(char *s);

/* Wipe all the memory of B, and release it. */
void secret_release(struct strbuf *b);

/* Like strbuf_add(); memory that became too small is wiped. */
void secret_add(struct strbuf *b, const void *data, size_t len);
void secret_addstr(struct strbuf *b, const char *s);

/*
 * Append the contents of the file PATH, MAX bytes at most, to RET.  Returns 0; -EINVAL it is not a regular file (a FIFO
 * is not waited for; /dev/null counts as an empty file, because the AWS tools are told so that there is no file);
 * -EMSGSIZE it is longer; or -errno of open(2) and read(2).
 */
int secret_read(const char *path, size_t max, struct strbuf *ret) MUST_CHECK;

/*
 * From now on no core has the memory of this process, and no other process of its user may read it (root still may):
 * keys lie in more places than the functions above know, in the environment and in the headers that libcurl copies.
 * Returns 0 or -errno of prctl(2).
 */
int secret_guard(void) MUST_CHECK;

#endif
