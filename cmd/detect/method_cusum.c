/*
 * cusum: small but lasting shifts, found by summing up what exceeds K standard deviations, upwards and downwards.
 *
 * E. Page, "Continuous inspection schemes" (1954); the usual tabular form.  With K 0.5 and LIMIT 5 a shift of one
 * deviation shows after about 10 values, and false alarms are 465 values apart when the mean and deviation are exact
 * (D. Montgomery, Introduction to Statistical Quality Control, table 9.3); with LIMIT 8 after 17, and about 10,000
 * apart.  The baseline must change more slowly than the drifts to be detected; hence its small ALPHA.  An alarm resets
 * the sums.
 */
#include "cmd/detect/cusum.h"
#include "cmd/detect/method_baseline.h"

enum { LIMIT, K, ALPHA, FLOOR };

#define CLIP 4 /* deviations; a value further away is learnt as if it were at this distance */

struct shift {
	struct baseline base;
	struct cusum sums;
};

static void freeze(const struct method_rule *rule, void *state, uint64_t n, bool each)
{
	(void)rule;
	(void)n;
	(void)each;
	baseline_freeze(&((struct shift *)state)->base);
}

static struct method_verdict judge(const struct method_rule *rule, void *state, const struct method_sample *sample)
{
	struct shift *s = state;
	struct baseline *b = &s->base;
	double x = sample->x, scale = fmax(b->scale, rule->num[FLOOR]);
	struct method_verdict v = {.score = NAN};

	if (sample->judged) {
		double z = copysign(method_score(x - b->center, scale), x - b->center);
		cusum_add(&s->sums, z, rule->num[K]);
		v.score = fmin(fabs(cusum_score(&s->sums)), METHOD_SCORE_MAX);
		if (v.score > rule->num[LIMIT])
			cusum_reset(&s->sums);
		if (scale > 0)
			x = baseline_clip(b, x, scale * CLIP);
	}
	baseline_learn(b, x, rule->num[ALPHA]);
	return v;
}

static void save(const struct method_rule *rule, const void *state, struct strbuf *out)
{
	const struct shift *s = state;

	(void)rule;
	ewma_save(&s->base.ewma, out);
	cusum_save(&s->sums, out);
}

static int load(const struct method_rule *rule, void *state, struct stat_in *in)
{
	struct shift *s = state;
	int e = ewma_load(&s->base.ewma, in);

	(void)rule;
	return e < 0 ? e : cusum_load(&s->sums, in);
}

const struct method method_cusum = {
	.name = "cusum",
	.help = "a small lasting shift",
	.limit = LIMIT,
	.wants = METHOD_NUMBER,
	.remembers = true,
	.min_samples = 30,
	.params = {{"limit", PARAM_NUMBER, false, 5, 1e-9, METHOD_SCORE_MAX / 2},
		{"k", PARAM_NUMBER, false, 0.5, 0, 1e3}, {"alpha", PARAM_NUMBER, false, 0.001, 1e-9, 1},
		{"floor", PARAM_NUMBER, false, 0, 0, 1e150}},
	.size = sizeof(struct shift),
	.freeze = freeze,
	.judge = judge,
	.save = save,
	.load = load,
};
