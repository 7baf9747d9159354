/* Duplicates: see dedupe.h. */
#include "common/data/dedupe.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/data/keys.h"
#include "common/data/when.h"

size_t dedupe_add(struct dedupe *d, const struct rule *rule)
{
	d->rules = xreallocarray(d->rules, d->count + 1, sizeof *d->rules);
	d->rules[d->count] = (struct dedupe_rule){.rule = rule};
	return d->count++;
}

int dedupe_open(struct dedupe *d, uint64_t memory, struct strbuf *err)
{
	int r = 0;

	d->live = d->count > 0;
	d->clock_offset_ms = clock_epoch_ms() - clock_ms();
	strbuf_init(&d->key);
	for (size_t i = 0; i < d->count && r == 0; i++)
		r = recent_init(&d->rules[i].recent, d->rules[i].rule->window_ms, memory / d->count);
	if (r < 0)
		strbuf_addf(err, "no random numbers: %s", diag_strerror(r));
	return r;
}

void dedupe_release(struct dedupe *d)
{
	for (size_t i = 0; i < d->count; i++)
		recent_release(&d->rules[i].recent);
	free(d->rules);
	strbuf_release(&d->key);
	*d = (struct dedupe){0};
}

void dedupe_see(struct dedupe *d, int64_t end_ms)
{
	if (end_ms > d->now_ms)
		d->now_ms = end_ms;
	d->live = false;
}

void dedupe_begin(struct dedupe *d)
{
	for (size_t i = 0; i < d->count; i++)
		d->rules[i].waits = d->rules[i].ticks = false;
	if (d->live)
		d->now_ms = d->clock_offset_ms + clock_ms();
}

void dedupe_key(struct dedupe *d)
{
	strbuf_clear(&d->key);
	d->null = true;
}

/* Equal values are the same here as in the keys of aggregate and detect. */
void dedupe_key_add(struct dedupe *d, const struct value *v)
{
	d->null &= value_is_null(v);
	key_add(&d->key, v);
}

/* Find the time of the record for R.  False: it has none. */
static bool find_time(const struct dedupe *d, struct dedupe_rule *r, const struct value *time)
{
	struct timespec t;

	r->at_ms = time ? INT64_MIN : d->now_ms;
	if (!time || value_is_null(time))
		return true;
	if (when_value(r->rule->has_format ? &r->rule->format : NULL, &r->times, time, &t) < 0)
		return false;
	r->at_ms = time_ms(&t);
	return !d->future || !future_too_far(d->future, r->at_ms, d->now_ms);
}

bool dedupe_is_new(struct dedupe *d, size_t number, const struct value *time)
{
	struct dedupe_rule *r = &d->rules[number];
	bool timed = find_time(d, r, time);

	r->waits = timed && !d->null;
	r->ticks = timed && d->null;
	if (d->null || !timed)
		return d->null;
	r->key = recent_hash(&r->recent, d->key.s, d->key.len);
	return !recent_has(&r->recent, r->key, r->at_ms);
}

void dedupe_accept(struct dedupe *d)
{
	for (size_t i = 0; i < d->count; i++) {
		struct dedupe_rule *r = &d->rules[i];
		if (r->waits)
			recent_add(&r->recent, r->key, r->at_ms);
		else if (r->ticks)
			recent_tick(&r->recent, r->at_ms);
		r->waits = r->ticks = false;
	}
}

void dedupe_report(const struct dedupe *d, struct strbuf *out)
{
	uint64_t n = 0;

	for (size_t i = 0; i < d->count; i++)
		n += d->rules[i].recent.evicted;
	if (n)
		strbuf_addf(out, "dedupe forgot %" PRIu64 " %s (--memory)", n,
			diag_plural(n, "key before its time", "keys before their time"));
}

void dedupe_save(struct dedupe *d, bool full, struct checkpoint_out *out)
{
	for (size_t i = 0; i < d->count; i++)
		recent_save(&d->rules[i].recent, full, out);
}

int dedupe_load(struct dedupe *d, bool full, const char *s, size_t len, const char **ret_end, struct strbuf *err)
{
	const char *end = s + len;
	int r = 0;

	for (size_t i = 0; i < d->count && r == 0; i++)
		r = recent_load(&d->rules[i].recent, full, &s, end);
	if (r == 0 && !ret_end && s != end)
		r = -EBADMSG;
	if (r < 0)
		strbuf_addstr(err, "the state of dedupe is not understood");
	else if (ret_end)
		*ret_end = s;
	return r;
}
