/* Rules that a value keeps or breaks, and casts: see rules_apply.h. */
#include <string.h>

#include "common/data/rules_apply_impl.h"

static enum rule_verdict verdict(bool kept)
{
	return kept ? RULE_KEPT : RULE_BROKEN;
}

bool rules_value_number(const struct value *v, long double *ret)
{
	switch (v->type) {
	case VALUE_INT:
	case VALUE_DOUBLE:
	case VALUE_NUMBER:
		return rules_number(v->s, v->len, ret);
	case VALUE_TEXT:
		return rules_number(v->s, v->len, ret);
	default:
		return false;
	}
}

/* Convert a string that holds a number or truth value; a column is text and stays text. */
static enum rule_verdict cast(const struct rule_work *w, struct value *v, enum value_type type)
{
	return v->type == VALUE_STRING ? rules_set_json(w, v, type, v->s, v->len, v->s, v->len) : RULE_KEPT;
}

static enum rule_verdict to_int(const struct rule_work *w, struct value *v)
{
	if (v->type == VALUE_INT)
		return RULE_KEPT;
	return rules_is_text(v) && rules_is_int(v->s, v->len) ? cast(w, v, VALUE_INT) : RULE_BROKEN;
}

static enum rule_verdict to_float(const struct rule_work *w, struct value *v)
{
	long double n;

	if (v->type == VALUE_INT || v->type == VALUE_DOUBLE)
		return RULE_KEPT;
	if ((!rules_is_text(v) && v->type != VALUE_NUMBER) || !rules_number(v->s, v->len, &n) ||
		__builtin_isinf((double)n))
		return RULE_BROKEN;
	return cast(w, v, rules_is_int(v->s, v->len) ? VALUE_INT : VALUE_DOUBLE);
}

static enum rule_verdict to_bool(const struct rule_work *w, struct value *v)
{
	if (v->type == VALUE_BOOL)
		return RULE_KEPT;
	bool yes = v->len == 4 && memcmp(v->s, "true", 4) == 0;
	bool no = v->len == 5 && memcmp(v->s, "false", 5) == 0;
	return rules_is_text(v) && (yes || no) ? cast(w, v, VALUE_BOOL) : RULE_BROKEN;
}

static enum rule_verdict to_string(const struct rule_work *w, struct value *v)
{
	if (v->type == VALUE_ARRAY || v->type == VALUE_OBJECT)
		return RULE_BROKEN;
	return rules_is_text(v) ? RULE_KEPT : rules_set_string(w, v, v->raw, v->raw_len);
}

enum rule_verdict rules_require(const struct rule_work *w, struct value *v)
{
	(void)w;
	return verdict(!value_is_null(v));
}

enum rule_verdict rules_type(const struct rule_work *w, struct value *v)
{
	struct timespec t;

	switch ((enum rule_type)w->rule->choice) {
	case RULE_INT:
		return to_int(w, v);
	case RULE_FLOAT:
		return to_float(w, v);
	case RULE_BOOL:
		return to_bool(w, v);
	case RULE_STRING:
		return to_string(w, v);
	case RULE_TIMESTAMP:
		return verdict(value_time(v, w->times, &t) == 0);
	}
	return RULE_BROKEN;
}

enum rule_verdict rules_range(const struct rule_work *w, struct value *v)
{
	long double n;

	return verdict(rules_value_number(v, &n) && n >= w->rule->low && n <= w->rule->high);
}

/* If the match is given up, the text counts as not matching. */
enum rule_verdict rules_match(const struct rule_work *w, struct value *v)
{
	return verdict(rules_is_text(v) && regex_match(w->rule->re, v->s, v->len) == 1);
}

static bool is_word(const struct value *v, const struct rule_word *word)
{
	long double n;

	if (word->is_number && rules_value_number(v, &n))
		return n == word->number;
	if (v->type != VALUE_BOOL && !rules_is_text(v))
		return false;
	return (rules_is_text(v) || !word->quoted) && v->len == word->len && memcmp(v->s, word->s, word->len) == 0;
}

enum rule_verdict rules_one_of(const struct rule_work *w, struct value *v)
{
	for (size_t i = 0; i < w->rule->word_count; i++)
		if (is_word(v, &w->rule->words[i]))
			return RULE_KEPT;
	return RULE_BROKEN;
}
