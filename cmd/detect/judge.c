/* Verdicts: see judge.h. */
#include "cmd/detect/judge.h"

#include <math.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/data/time.h"

#define AHEAD_MS   (INT64_C(24) * 3600 * 1000) /* a record further ahead of the time of day is wrong */
#define NUMBER_MAX 1e150                       /* squares of greater numbers are not doubles */
#define SHARE      16                          /* the fraction of the keys that are evicted at once */

int judge_begin(struct judge *j, uint64_t max_keys)
{
	struct hash_seed seed;
	int e = hash_seed_random(&seed);

	if (e == 0)
		e = hash_seed_random(&j->rule.seed);
	if (e < 0)
		return e;
	groups_prefetch_init(&j->soon);
	strbuf_init(&j->key);
	strbuf_init(&j->id);
	j->alarms_at = sizeof(struct series) + ((method_size(&j->rule) + 7) & ~(size_t)7);
	groups_init(&j->groups, &seed, j->alarms_at + (j->cooldown_ms ? sizeof(struct alarms) : 0), max_keys);
	j->batch = 1;
	j->clock_ms = j->swept_ms = INT64_MIN;
	j->remembers = method_remembers(&j->rule) || j->min_samples || j->cooldown_ms;
	return 0;
}

void judge_forget(struct judge *j, uint32_t slot)
{
	struct series *s = groups_state(&j->groups, slot);

	method_state_release(&j->rule, series_state(s));
	groups_remove(&j->groups, slot);
	j->forgotten = true;
}

void judge_forget_all(struct judge *j)
{
	for (uint32_t i = 0; i < j->groups.slots; i++)
		if (groups_used(&j->groups, i))
			judge_forget(j, i);
}

void judge_release(struct judge *j)
{
	judge_forget_all(j);
	groups_release(&j->groups);
	groups_prefetch_release(&j->soon);
	strbuf_release(&j->key);
	strbuf_release(&j->id);
	fields_release(&j->keys);
	method_release(&j->rule);
	when_release(&j->time);
}

const char *judge_reason(enum reason reason)
{
	static const char *const words[REASONS] = {
		[JUDGED] = "judged",
		[NO_KEY] = "without a key",
		[NO_VALUE] = "without a value",
		[NOT_NUMBER] = "with a value that is not a number",
		[TOO_LARGE] = "with a number that is too large",
		[NO_TIME] = "without a time",
		[FUTURE] = "with a time in the future",
		[LATE] = "too late",
	};
	return words[reason];
}

static int compare_seen(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* There are too many keys: drop those that were seen least recently. */
static void make_room(struct judge *j)
{
	struct groups *g = &j->groups;
	uint64_t *seen = xmalloc(g->count * sizeof *seen);
	size_t n = 0;

	for (uint32_t i = 0; i < g->slots; i++)
		if (groups_used(g, i))
			seen[n++] = ((struct series *)groups_state(g, i))->seen;
	qsort(seen, n, sizeof *seen, compare_seen);
	uint64_t last = seen[(n - 1) / SHARE];
	free(seen);
	for (uint32_t i = 0; i < g->slots; i++)
		if (groups_used(g, i) && ((struct series *)groups_state(g, i))->seen <= last) {
			judge_forget(j, i);
			j->evicted++;
		}
}

/* Drop keys that have been idle; keys that are missed here are dropped when their next record arrives. */
static void sweep(struct judge *j)
{
	/* a record from the future must not make all other keys look idle */
	int64_t clock_ms = j->clock_ms < j->now_ms ? j->clock_ms : j->now_ms;

	if (!j->idle_ms || clock_ms == INT64_MIN)
		return;
	if (j->swept_ms != INT64_MIN && clock_ms - j->swept_ms < j->idle_ms / 4)
		return;
	j->swept_ms = clock_ms;
	for (uint32_t i = 0; i < j->groups.slots; i++)
		if (groups_used(&j->groups, i) &&
			clock_ms - ((struct series *)groups_state(&j->groups, i))->last_ms >= j->idle_ms) {
			judge_forget(j, i);
			j->idle++;
		}
}

void judge_batch(struct judge *j)
{
	if (!j->touched) /* the state must not change: see checkpoint.h */
		return;
	j->touched = 0;
	j->batch++;
	sweep(j);
}

static enum reason take_key(struct judge *j, const struct value *values)
{
	if (j->keys.computes)
		(void)!fields_compute(&j->keys, values); /* what cannot be computed is null */
	for (size_t i = 0; i < j->keys.count; i++) {
		const struct value *v = fields_value(&j->keys.all[i], values);
		if (value_is_null(v))
			return NO_KEY;
		key_add(&j->key, v);
	}
	return JUDGED;
}

static enum reason take_value(struct judge *j, const struct value *values, struct method_sample *ret)
{
	const struct value *v = &values[j->value];
	struct value number;

	if (j->rule.wants == METHOD_NOTHING)
		return JUDGED;
	if (value_is_null(v))
		return NO_VALUE;
	if (j->rule.wants == METHOD_VALUE) {
		strbuf_clear(&j->id);
		key_add(&j->id, v);
		ret->id = method_identity(&j->rule, j->id.s, j->id.len);
		return JUDGED;
	}
	if (value_number(v, &number) < 0)
		return v->type == VALUE_NUMBER ? TOO_LARGE : NOT_NUMBER;
	ret->x = value_double(&number);
	return fabs(ret->x) <= NUMBER_MAX ? JUDGED : TOO_LARGE;
}

static enum reason take_time(struct judge *j, const struct value *values, struct method_sample *ret)
{
	struct timespec t;

	ret->ms = j->now_ms;
	if (j->time.kind == WHEN_NOW || !j->want_time)
		return JUDGED;
	if (when_read(&j->time, values, &t) < 0)
		return NO_TIME;
	ret->ms = time_ms(&t);
	return ret->ms > j->now_ms + AHEAD_MS ? FUTURE : JUDGED;
}

struct series *judge_series(struct judge *j, const struct groups_key *key, uint32_t *ret_slot, bool *ret_new)
{
	*ret_slot = groups_get_key(&j->groups, key, ret_new);
	if (*ret_slot == GROUPS_NONE) {
		make_room(j);
		*ret_slot = groups_get_key(&j->groups, key, ret_new);
	}
	struct series *s = groups_state(&j->groups, *ret_slot);
	if (*ret_new)
		s->last_ms = NO_ALARM;
	if (*ret_new && j->cooldown_ms)
		alarms_init(judge_alarms(j, s));
	return s;
}

struct alarms *judge_alarms(const struct judge *j, struct series *s)
{
	return j->cooldown_ms ? (struct alarms *)(void *)((char *)s + j->alarms_at) : NULL;
}

/* The series of the record's key, which begins again if it was idle. */
static struct series *find_series(struct judge *j, const struct look *look)
{
	struct groups_key key = groups_prefetch_key(&j->soon, look->key);
	uint32_t slot;
	bool new;
	struct series *s = judge_series(j, &key, &slot, &new);

	if (new || !j->idle_ms || look->sample.ms - s->last_ms < j->idle_ms)
		return s;
	judge_forget(j, slot);
	j->idle++;
	return judge_series(j, &key, &slot, &new);
}

/* Let the method judge a record of S. */
static struct verdict ask(struct judge *j, struct series *s, struct method_sample *sample)
{
	if (s->batch != j->batch || j->by_records) {
		s->batch = j->batch;
		s->frozen = s->n;
		method_freeze(&j->rule, series_state(s), s->n, j->by_records);
	}
	struct verdict v = {.n = method_freezes(&j->rule) ? s->frozen : s->n};
	sample->n = s->n;
	sample->judged = v.n >= j->min_samples;
	struct method_verdict m = method_rate(&j->rule, series_state(s), sample);
	v.limit = method_limit(&j->rule);
	v.score = m.score;
	if (m.late) {
		v.reason = LATE;
		return v;
	}
	s->n++;
	v.known = sample->judged && !isnan(m.score);
	v.unusual = v.known && m.score > v.limit;
	return v;
}

/* Judge a record whose verdict depends on nothing before it. */
static struct verdict judge_alone(struct judge *j, const struct method_sample *sample)
{
	struct verdict v = {.known = true, .limit = method_limit(&j->rule)};

	v.score = method_rate(&j->rule, NULL, sample).score;
	v.unusual = v.score > v.limit;
	j->reasons[JUDGED]++;
	j->unusual += v.unusual;
	return v;
}

void judge_prepare(struct judge *j, const struct value *values, struct look *ret)
{
	*ret = (struct look){0};
	strbuf_clear(&j->key);
	ret->reason = take_key(j, values);
	if (ret->reason == JUDGED)
		ret->reason = take_value(j, values, &ret->sample);
	if (ret->reason == JUDGED)
		ret->reason = take_time(j, values, &ret->sample);
	if (!j->remembers)
		return;
	struct groups_key key = groups_key_of(&j->groups, j->key.s, j->key.len);
	ret->key = groups_prefetch_add(&j->soon, &j->groups, &key);
}

void judge_ready(const struct judge *j)
{
	groups_prefetch_slots(&j->soon, &j->groups);
}

void judge_next(struct judge *j)
{
	groups_prefetch_clear(&j->soon);
}

struct verdict judge_decide(struct judge *j, struct look *look)
{
	struct method_sample *sample = &look->sample;

	j->records++;
	j->touched++;
	if (look->reason != JUDGED) {
		j->reasons[look->reason]++;
		return (struct verdict){.reason = look->reason, .limit = method_limit(&j->rule)};
	}
	if (!j->remembers)
		return judge_alone(j, sample);
	struct series *s = find_series(j, look);
	struct verdict v = ask(j, s, sample);
	s->seen = j->records;
	if (sample->ms > s->last_ms)
		s->last_ms = sample->ms;
	if (sample->ms > j->clock_ms)
		j->clock_ms = sample->ms;
	v.suppressed = v.unusual && j->cooldown_ms && alarms_suppress(judge_alarms(j, s), sample->ms, j->cooldown_ms);
	j->reasons[v.reason]++;
	j->unusual += v.unusual;
	j->suppressed += v.suppressed;
	return v;
}
