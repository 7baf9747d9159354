/*
 * mad: how many median absolute deviations a value is away from the median (mad.h), which a few extreme values do not
 * change.
 *
 * Median and deviation are computed in each batch.  If limits are frozen before each record, they are computed only
 * after every 16th more values, because that takes a sort.
 */
#include "cmd/detect/mad.h"
#include "cmd/detect/method_impl.h"

enum { LIMIT, SPAN, FLOOR };

#define NORMAL 0.6745 /* the third quartile of the standard normal distribution, as in the source */

struct robust {
	struct mad mad;
	uint64_t next; /* number of values at which the limits are computed next */
};

static void freeze(const struct method_rule *rule, void *state, uint64_t n, bool each)
{
	struct robust *r = state;

	if (each && n < r->next)
		return;
	r->next = n + 1 + n % (uint64_t)rule->num[SPAN] / 16;
	mad_freeze(&r->mad, (uint64_t)rule->num[SPAN]);
}

static struct method_verdict judge(const struct method_rule *rule, void *state, const struct method_sample *sample)
{
	struct robust *r = state;
	struct method_verdict v = {.score = NAN};

	if (r->mad.ready)
		v.score = method_score(NORMAL * (sample->x - r->mad.median), fmax(r->mad.mad, rule->num[FLOOR]));
	mad_add(&r->mad, sample->x);
	return v;
}

static void release(void *state)
{
	mad_release(&((struct robust *)state)->mad);
}

static void save(const struct method_rule *rule, const void *state, struct strbuf *out)
{
	const struct robust *r = state;

	(void)rule;
	stat_put_u64(out, r->next);
	mad_save(&r->mad, out);
}

static int load(const struct method_rule *rule, void *state, struct stat_in *in)
{
	struct robust *r = state;
	int e = stat_get_u64(in, &r->next);

	(void)rule;
	return e < 0 ? e : mad_load(&r->mad, in);
}

const struct method method_mad = {
	.name = "mad",
	.help = "far from the median; up to almost half may be outliers",
	.limit = LIMIT,
	.wants = METHOD_NUMBER,
	.remembers = true,
	.min_samples = 30,
	.params = {{"limit", PARAM_NUMBER, false, 3.5, 1e-9, METHOD_SCORE_MAX / 2},
		{"span", PARAM_NUMBER, false, 1000, 16, 1e9}, {"floor", PARAM_NUMBER, false, 0, 0, 1e150}},
	.size = sizeof(struct robust),
	.freeze = freeze,
	.judge = judge,
	.release = release,
	.save = save,
	.load = load,
};
