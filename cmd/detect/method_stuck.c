/* stuck TIME: a value that has not changed for longer than TIME.  The score is that time in seconds. */
#include "cmd/detect/method_impl.h"

struct stuck {
	uint64_t id;
	int64_t since, last; /* times in ms of the first and the latest record with this value */
	bool begun;
};

static struct method_verdict judge(const struct method_rule *rule, void *state, const struct method_sample *sample)
{
	struct stuck *s = state;

	(void)rule;
	if (s->begun && sample->ms < s->last) /* the value between that time and now is already known */
		return (struct method_verdict){.score = NAN, .late = true};
	if (!s->begun || sample->id != s->id)
		*s = (struct stuck){.id = sample->id, .since = sample->ms, .begun = true};
	s->last = sample->ms;
	return (struct method_verdict){.score = (double)(sample->ms - s->since) / 1000};
}

static void save(const struct method_rule *rule, const void *state, struct strbuf *out)
{
	const struct stuck *s = state;

	(void)rule;
	stat_put_u64(out, s->id);
	stat_put_i64(out, s->since);
	stat_put_i64(out, s->last);
}

/* A state is saved only once it has begun, after its first record. */
static int load(const struct method_rule *rule, void *state, struct stat_in *in)
{
	struct stuck *s = state;
	int e = stat_get_u64(in, &s->id);

	(void)rule;
	if (e == 0)
		e = method_get_ms(in, &s->since);
	if (e == 0)
		e = method_get_ms(in, &s->last);
	s->begun = e == 0;
	return e;
}

const struct method method_stuck = {
	.name = "stuck",
	.help = "the same value for longer than time",
	.limit = 0,
	.limit_unit = 1000,
	.wants = METHOD_VALUE,
	.time = true,
	.remembers = true,
	.params = {{"time", PARAM_DURATION, true, 0, 1, 1e15}},
	.size = sizeof(struct stuck),
	.judge = judge,
	.save = save,
	.load = load,
};
