/*
 * Values as JSON and as text, for programs that write what they have computed.
 *
 * Layer: data (uses value, time, jsonout).  A value of a record is written as it stands there; a time is RFC 3339 in
 * UTC, a duration the number of its seconds.
 */
#ifndef WEIR_DATA_VALUE_OUT_H
#define WEIR_DATA_VALUE_OUT_H

#include "common/base/strbuf.h"
#include "common/data/value.h"

/* Append V as JSON.  Text that is not UTF-8 becomes {"base64":"…"}. */
void value_add_json(struct strbuf *out, const struct value *v);

/* Append the text of V: of a string without quotes; nothing for null; anything else as in JSON, times without quotes.
 */
void value_add_text(struct strbuf *out, const struct value *v);

/* Append the LEN bytes at S as a string of JSON, or as {"base64":"…"}. */
void value_add_string(struct strbuf *out, const char *s, size_t len);

/* Append the LEN bytes at S as a name of JSON; bytes that are not UTF-8 become \xNN. */
void value_add_name(struct strbuf *out, const char *s, size_t len);

/*
 * The value whose JSON is the LEN bytes at S, which are valid and stay where they are; a string with escapes is
 * resolved into TEXT, which is emptied before.
 */
void value_of_json(const char *s, size_t len, struct strbuf *text, struct value *ret);

#endif
