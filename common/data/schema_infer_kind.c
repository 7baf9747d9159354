/* Schemas from records: the kind of a value.  See schema_infer.h. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "common/data/convert.h"
#include "common/data/number.h"
#include "common/data/schema_infer_impl.h"

static bool has_offset(const char *s, size_t len)
{
	char last = s[len - 1], sign = len >= 6 ? s[len - 6] : ' ';

	return last == 'Z' || last == 'z' || sign == '+' || sign == '-';
}

enum infer_kind infer_kind_of_string(const char *s, size_t len)
{
	const struct value v = {.type = VALUE_STRING, .s = s, .len = len};
	struct timespec time;
	const char *why;
	int32_t date;

	if (len < 10 || s[4] != '-')
		return INFER_STRING;
	if (convert_date(&v, &date, &why) == 0)
		return INFER_DATE;
	return len >= 20 && has_offset(s, len) && time_parse_rfc3339(s, len, &time) == 0 ? INFER_TIME : INFER_STRING;
}

enum infer_kind infer_kind_of_number(const struct value *v)
{
	if (v->type == VALUE_INT)
		return INFER_INT;
	return number_is_long(v) && v->len - (*v->s == '-') <= SCHEMA_MAX_PRECISION ? INFER_LONG : INFER_DOUBLE;
}

enum infer_kind infer_kind_of_text(const struct value *text)
{
	struct value v;

	if ((text->len == 4 && strncasecmp(text->s, "true", 4) == 0) ||
		(text->len == 5 && strncasecmp(text->s, "false", 5) == 0))
		return INFER_BOOL;
	if (value_of_text(text->s, text->len, &v) && isfinite(number_double(&v)))
		return infer_kind_of_number(&v);
	return infer_kind_of_string(text->s, text->len);
}
