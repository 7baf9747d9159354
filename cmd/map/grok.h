/* Grok patterns, %{IPV4:client} \[%{DATA}\], as Logstash has them: names for regular expressions. */
#ifndef WEIR_CMD_MAP_GROK_H
#define WEIR_CMD_MAP_GROK_H

#include <stdbool.h>

#include "common/base/strbuf.h"
#include "common/data/value.h"

/* Append the regular expression for PATTERN.  -EINVAL with the reason in ERR: an unknown name, or a bad form. */
int grok_expand(const char *pattern, struct strbuf *out, struct strbuf *err) MUST_CHECK;

/* The type of the group NAME of PATTERN, %{NUMBER:name:int}: 'i' for int, 'f' for float; 0: it has none. */
char grok_type(const char *pattern, const char *name);

/* The number of this type that the LEN bytes at S are; an int without what follows its digits.  False: they are none.
 */
bool grok_value(char type, const char *s, size_t len, struct value *ret);

#endif
