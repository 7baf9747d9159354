/* Values: the numbers that they represent.  See value.h. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/json_impl.h"
#include "common/data/number.h"

bool value_of_text(const char *s, size_t len, struct value *ret)
{
	struct value v = {.raw = s, .raw_len = len, .s = s, .len = len};

	if (!json_take_number(s, len, &v))
		return false;
	*ret = v;
	return true;
}

int value_number(const struct value *v, struct value *ret)
{
	struct value text = *v;
	double d;

	if (v->type <= VALUE_NULL || (v->type == VALUE_TEXT && !v->len))
		return -ENODATA;
	if (v->type == VALUE_TEXT && json_take_number(v->s, v->len, &text))
		v = &text;
	if (v->type == VALUE_INT || v->type == VALUE_DOUBLE) {
		*ret = *v;
		return 0;
	}
	if (v->type != VALUE_NUMBER)
		return -EINVAL;
	d = number_double(v);
	if (!isfinite(d))
		return -EINVAL;
	*ret = (struct value){.type = VALUE_DOUBLE, .raw = v->raw, .raw_len = v->raw_len, .s = v->s, .len = v->len};
	ret->d = d;
	return 0;
}

static size_t digits(const char *s, size_t len, size_t i)
{
	while (i < len && ascii_is_digit(s[i]))
		i++;
	return i;
}

/* Whether the LEN bytes at S (at least one) are a number as JSON has them: value_of_text() without the value. */
static bool is_number(const char *s, size_t len)
{
	size_t i = *s == '-', from = i;

	i = digits(s, len, i);
	if (i == from || (s[from] == '0' && i > from + 1))
		return false;
	if (i < len && s[i] == '.') {
		from = i + 1;
		i = digits(s, len, from);
		if (i == from)
			return false;
	}
	if (i < len && (s[i] == 'e' || s[i] == 'E')) {
		i += 1 + (i + 1 < len && (s[i + 1] == '-' || s[i + 1] == '+'));
		from = i;
		i = digits(s, len, i);
		if (i == from)
			return false;
	}
	return i == len;
}

bool value_is_literal(const char *s, size_t len)
{
	char last = s[len - 1];

	if (ascii_is_digit(last)) /* numbers end with one, and most other texts do not */
		return (ascii_is_digit(*s) || *s == '-') && is_number(s, len);
	return (len == 4 && memcmp(s, "true", 4) == 0) || (len == 5 && memcmp(s, "false", 5) == 0);
}
