/* The values of what parse takes from a text. */
#ifndef WEIR_CMD_MAP_EXTRACT_VALUE_H
#define WEIR_CMD_MAP_EXTRACT_VALUE_H

#include "cmd/map/step.h"
#include "common/base/ascii.h"

/* The value of the LEN bytes at TEXT; numbers are numbers in the forms of logs, where it is known what a field holds.
 */
static inline struct value extract_value(const struct map_step *s, const char *text, size_t len)
{
	struct value v;

	if (s->form != PARSE_REGEX && len && (ascii_is_digit(*text) || *text == '-') && value_of_text(text, len, &v))
		return v;
	if (s->form == PARSE_CLF && len == 1 && *text == '-')
		return (struct value){.type = VALUE_NULL};
	return (struct value){.type = VALUE_STRING, .s = text, .len = len};
}

#endif
