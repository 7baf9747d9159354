/* Private to rules_apply.c, rules_set.c, rules_check.c and rules_change.c. */
#ifndef WEIR_DATA_RULES_APPLY_IMPL_H
#define WEIR_DATA_RULES_APPLY_IMPL_H

#include "common/data/rules_apply.h"

/* What rule_value() is given. */
struct rule_work {
	const struct rule *rule;
	const struct rule_run *run;
	struct time_cache *times;
};

static inline bool rules_is_text(const struct value *v)
{
	return v->type == VALUE_STRING || v->type == VALUE_TEXT;
}

/* V becomes the JSON at RAW of this type, whose text is at S; of a column it becomes that text.  RULE_SET. */
enum rule_verdict rules_set_json(const struct rule_work *w, struct value *v, enum value_type type, const char *raw,
	size_t raw_len, const char *s, size_t len);

/* V becomes the string of LEN bytes at S. */
enum rule_verdict rules_set_string(const struct rule_work *w, struct value *v, const char *s, size_t len);

enum rule_verdict rules_require(const struct rule_work *w, struct value *v);
enum rule_verdict rules_type(const struct rule_work *w, struct value *v);
enum rule_verdict rules_range(const struct rule_work *w, struct value *v);
enum rule_verdict rules_match(const struct rule_work *w, struct value *v);
enum rule_verdict rules_one_of(const struct rule_work *w, struct value *v);
enum rule_verdict rules_default(const struct rule_work *w, struct value *v);
enum rule_verdict rules_trim(const struct rule_work *w, struct value *v);
enum rule_verdict rules_lower(const struct rule_work *w, struct value *v);
enum rule_verdict rules_upper(const struct rule_work *w, struct value *v);
enum rule_verdict rules_to_time(const struct rule_work *w, struct value *v);
enum rule_verdict rules_mask(const struct rule_work *w, struct value *v);

#endif
