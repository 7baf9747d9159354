/*
 * Memory with secrets: it is wiped before it is freed, and growing leaves no copy behind.
 *
 * Layer: lake (uses base; libcrypto, for wiping that compilers cannot remove).
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
 * Append the contents of the file PATH, at most MAX bytes, to RET.  Returns 0; -EINVAL: it is not a regular file (there
 * is no waiting for a FIFO; /dev/null counts as an empty file, because users of the AWS tools name it when there is no
 * file); -EMSGSIZE: it is longer; or -errno of open(2) and read(2).
 */
int secret_read(const char *path, size_t max, struct strbuf *ret) MUST_CHECK;

#endif
