/* Values: the numbers that they represent.  See value.h. */
#include <errno.h>
#include <math.h>

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
