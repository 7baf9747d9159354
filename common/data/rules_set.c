/* New values that rules make: see rules_apply.h. */
#include "common/data/jsonout.h"
#include "common/data/rules_apply_impl.h"

enum rule_verdict rules_set_json(const struct rule_work *w, struct value *v, enum value_type type, const char *raw,
	size_t raw_len, const char *s, size_t len)
{
	*v = (struct value){.type = w->run->columns && type != VALUE_NULL ? VALUE_TEXT : type,
		.raw = raw,
		.raw_len = raw_len,
		.s = s,
		.len = len};
	if (v->type == VALUE_BOOL)
		v->b = *s == 't';
	else if (v->type == VALUE_INT || v->type == VALUE_DOUBLE || v->type == VALUE_NUMBER)
		(void)!value_of_text(s, len, v); /* it is a number */
	return RULE_SET;
}

enum rule_verdict rules_set_string(const struct rule_work *w, struct value *v, const char *s, size_t len)
{
	char *raw = NULL, *end = NULL;

	if (!w->run->columns) {
		raw = arena_bytes(w->run->texts, JSONOUT_MAX(len));
		end = jsonout_string(raw, s, len);
	}
	return rules_set_json(w, v, VALUE_STRING, raw, (size_t)(end - raw), s, len);
}
