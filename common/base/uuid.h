/* Random UUIDs (RFC 9562, version 4): names that nobody else uses.  Layer: base. */
#ifndef WEIR_BASE_UUID_H
#define WEIR_BASE_UUID_H

#include <stdbool.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

#define UUID_LEN 36

/* Write a new UUID, in lower case and with a NUL.  Returns 0, or -errno of getrandom(2) with ERR. */
int uuid_new(char ret[UUID_LEN + 1], struct strbuf *err) MUST_CHECK;

/* Whether S begins with a UUID in lower case; whether it is one. */
bool uuid_begins(const char *s);
bool uuid_is(const char *s);

#endif
