/*
 * zscore: how many standard deviations a value is away from the mean, both exponentially weighted.
 *
 * S. Roberts' control charts (1959) smooth the values; here only the limits are smoothed, so that a single spike has
 * its full score.  A value beyond the limit is learnt as if it were on the limit: so an attack does not become usual at
 * once, but a new level does with time.
 */
#include "cmd/detect/method_baseline.h"

enum { LIMIT, ALPHA, FLOOR };

static void freeze(const struct method_rule *rule, void *state, uint64_t n, bool each)
{
	(void)rule;
	(void)n;
	(void)each;
	baseline_freeze(state);
}

static struct method_verdict judge(const struct method_rule *rule, void *state, const struct method_sample *sample)
{
	struct baseline *b = state;
	double x = sample->x, scale = fmax(b->scale, rule->num[FLOOR]);
	struct method_verdict v = {.score = method_score(x - b->center, scale)};

	if (sample->judged && scale > 0)
		x = baseline_clip(b, x, scale * rule->num[LIMIT]);
	baseline_learn(b, x, rule->num[ALPHA]);
	return v;
}

static void save(const struct method_rule *rule, const void *state, struct strbuf *out)
{
	(void)rule;
	ewma_save(&((const struct baseline *)state)->ewma, out);
}

static int load(const struct method_rule *rule, void *state, struct stat_in *in)
{
	(void)rule;
	return ewma_load(&((struct baseline *)state)->ewma, in);
}

const struct method method_zscore = {
	.name = "zscore",
	.help = "too many standard deviations from the mean",
	.limit = LIMIT,
	.wants = METHOD_NUMBER,
	.remembers = true,
	.min_samples = 30,
	.params = {{"limit", PARAM_NUMBER, false, 4, 1e-9, METHOD_SCORE_MAX / 2},
		{"alpha", PARAM_NUMBER, false, 0.01, 1e-9, 1}, {"floor", PARAM_NUMBER, false, 0, 0, 1e150}},
	.size = sizeof(struct baseline),
	.freeze = freeze,
	.judge = judge,
	.save = save,
	.load = load,
};
