/* Rules that change a value: see rules_apply.h. */
#include <string.h>

#include "common/base/byteset.h"
#include "common/data/rules_apply_impl.h"
#include "common/data/utf8.h"
#include "common/data/when.h"

enum rule_verdict rules_default(const struct rule_work *w, struct value *v)
{
	const struct rule *r = w->rule;

	if (!value_is_null(v))
		return RULE_KEPT;
	return rules_set_json(w, v, r->value_type, r->json, strlen(r->json), r->plain, strlen(r->plain));
}

enum rule_verdict rules_trim(const struct rule_work *w, struct value *v)
{
	static const char blanks[] = BYTESET_SPACE;
	const char *s = v->s, *end = s + v->len;

	if (!rules_is_text(v))
		return RULE_KEPT;
	while (s < end && *s && strchr(blanks, *s))
		s++;
	while (end > s && end[-1] && strchr(blanks, end[-1]))
		end--;
	return (size_t)(end - s) < v->len ? rules_set_string(w, v, s, (size_t)(end - s)) : RULE_KEPT;
}

/* Change the case of the letters from LOW to HIGH. */
static enum rule_verdict change_case(const struct rule_work *w, struct value *v, char low, char high)
{
	size_t i = 0;

	if (!rules_is_text(v))
		return RULE_KEPT;
	while (i < v->len && (v->s[i] < low || v->s[i] > high))
		i++;
	if (i == v->len)
		return RULE_KEPT;
	char *text = arena_bytes(w->run->texts, v->len);
	for (i = 0; i < v->len; i++)
		text[i] = (char)(v->s[i] >= low && v->s[i] <= high ? v->s[i] ^ 0x20 : v->s[i]);
	return rules_set_string(w, v, text, v->len);
}

enum rule_verdict rules_lower(const struct rule_work *w, struct value *v)
{
	return change_case(w, v, 'A', 'Z');
}

enum rule_verdict rules_upper(const struct rule_work *w, struct value *v)
{
	return change_case(w, v, 'a', 'z');
}

enum rule_verdict rules_to_time(const struct rule_work *w, struct value *v)
{
	const struct rule *r = w->rule;
	struct timespec t;

	if (when_value(r->has_format ? &r->format : NULL, w->times, v, &t) < 0)
		return RULE_BROKEN;
	char *text = arena_bytes(w->run->texts, TIME_RFC3339_SIZE);
	return rules_set_string(w, v, text, time_write_rfc3339(&t, text));
}

static enum rule_verdict mask_hash(const struct rule_work *w, struct value *v)
{
	char *text = arena_bytes(w->run->texts, 2 * EVP_MAX_MD_SIZE);
	size_t len = rules_hmac(w->run->mac, v->s, v->len, text);

	return len ? rules_set_string(w, v, text, len) : RULE_BROKEN;
}

/* The last four characters, but none of a value with fewer than eight: they would reveal too much of it. */
static enum rule_verdict mask_last4(const struct rule_work *w, struct value *v)
{
	const char *p = v->s, *end = p + v->len, *starts[4];
	size_t count = 0;
	bool scalar = v->type != VALUE_ARRAY && v->type != VALUE_OBJECT;

	while (p < end && scalar) {
		size_t n = utf8_char_len(p, (size_t)(end - p));
		starts[count++ % 4] = p;
		p += n ? n : 1;
	}
	size_t tail = count >= 8 ? (size_t)(end - starts[count % 4]) : 0;
	char *text = arena_bytes(w->run->texts, 4 + tail);
	memcpy(text, "****", 4);
	if (tail)
		memcpy(text + 4, end - tail, tail);
	return rules_set_string(w, v, text, 4 + tail);
}

enum rule_verdict rules_mask(const struct rule_work *w, struct value *v)
{
	switch ((enum rule_mask)w->rule->choice) {
	case RULE_HASH:
		return mask_hash(w, v);
	case RULE_REDACT:
		return rules_set_string(w, v, "***", 3);
	case RULE_LAST4:
		return mask_last4(w, v);
	case RULE_NULL:
		return rules_set_json(w, v, VALUE_NULL, "null", 4, "", 0);
	}
	return RULE_BROKEN;
}
