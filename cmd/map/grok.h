/* Grok patterns, %{IPV4:client} \[%{DATA}\], as Logstash has them: names for regular expressions. */
#ifndef WEIR_CMD_MAP_GROK_H
#define WEIR_CMD_MAP_GROK_H

#include "common/base/strbuf.h"

/* Append the regular expression for PATTERN.  -EINVAL with the reason in ERR: an unknown name, or a bad form. */
int grok_expand(const char *pattern, struct strbuf *out, struct strbuf *err) MUST_CHECK;

#endif
