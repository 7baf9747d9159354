/* range LO HI: values outside of fixed bounds.  The score is the distance from the range, 0 within it. */
#include <errno.h>

#include "cmd/detect/method_impl.h"

enum { LO, HI };

static int check(const struct method_rule *rule, struct strbuf *err)
{
	if (isinf(rule->num[LO]) && isinf(rule->num[HI]) && rule->num[LO] < rule->num[HI])
		strbuf_addstr(err, "nothing lies outside: lo and hi are missing");
	else if (rule->num[LO] > rule->num[HI])
		strbuf_addstr(err, "lo is above hi");
	else
		return 0;
	return -EINVAL;
}

static struct method_verdict judge(const struct method_rule *rule, void *state, const struct method_sample *sample)
{
	double below = rule->num[LO] - sample->x, above = sample->x - rule->num[HI];

	(void)state;
	return (struct method_verdict){.score = fmin(fmax(fmax(below, above), 0), __DBL_MAX__)};
}

const struct method method_range = {
	.name = "range",
	.help = "below lo or above hi",
	.limit = -1,
	.wants = METHOD_NUMBER,
	.params = {{"lo", PARAM_NUMBER, false, -INFINITY, -INFINITY, INFINITY},
		{"hi", PARAM_NUMBER, false, INFINITY, -INFINITY, INFINITY}},
	.check = check,
	.judge = judge,
};
