/*
 * Names of fields.
 *
 * Layer: data (uses base, utf8; libc, whose locale C.UTF-8 knows the cases of letters).
 */
#ifndef WEIR_DATA_SCHEMA_NAME_H
#define WEIR_DATA_SCHEMA_NAME_H

#include <stddef.h>

#include "common/base/strbuf.h"

/* The reason why the LEN bytes at NAME cannot name a field, a static text to follow "the name"; NULL: they can. */
const char *schema_name_fault(const char *name, size_t len);

/* Append the LEN bytes at NAME; in double quotes unless they are letters, digits (not first) and `_`. */
void schema_name_print(const char *name, size_t len, struct strbuf *out);

/* Append NAME in small letters, of whatever script: the result is the same for names that differ only in case. */
void schema_name_fold(const char *name, size_t len, struct strbuf *out);

#endif
