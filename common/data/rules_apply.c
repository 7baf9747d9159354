/* Applying rules to values: see rules_apply.h. */
#include "common/data/rules_apply_impl.h"

static const struct {
	enum rule_verdict (*apply)(const struct rule_work *w, struct value *v); /* NULL: it is about records */
	bool nulls;                                                             /* it is applied to null, too */
	bool changes;                                                           /* it may give RULE_SET */
} kinds[RULE_KINDS] = {
	[RULE_REQUIRE] = {.apply = rules_require, .nulls = true},
	[RULE_TYPE] = {.apply = rules_type, .changes = true},
	[RULE_RANGE] = {.apply = rules_range},
	[RULE_MATCH] = {.apply = rules_match},
	[RULE_ONE_OF] = {.apply = rules_one_of},
	[RULE_DEFAULT] = {.apply = rules_default, .nulls = true, .changes = true},
	[RULE_TRIM] = {.apply = rules_trim, .changes = true},
	[RULE_LOWER] = {.apply = rules_lower, .changes = true},
	[RULE_UPPER] = {.apply = rules_upper, .changes = true},
	[RULE_TIME] = {.apply = rules_to_time, .changes = true},
	[RULE_MASK] = {.apply = rules_mask, .changes = true},
};

bool rules_have_value(enum rule_kind kind)
{
	return kinds[kind].apply != NULL;
}

bool rules_change(enum rule_kind kind)
{
	return kinds[kind].changes;
}

enum rule_verdict rule_value(
	const struct rule *r, const struct rule_run *run, struct time_cache *times, struct value *v)
{
	const struct rule_work w = {.rule = r, .run = run, .times = times};

	return value_is_null(v) && !kinds[r->kind].nulls ? RULE_KEPT : kinds[r->kind].apply(&w, v);
}
