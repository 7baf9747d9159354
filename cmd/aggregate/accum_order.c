/* Accumulators of numbers whose order counts: see accum.h. */
#include <errno.h>

#include "cmd/aggregate/accum_state.h"

void accum_time_save(const struct accum_time *t, struct strbuf *out)
{
	stat_put_i64(out, t->ms);
	stat_put_u64(out, t->ns);
}

int accum_time_load(struct accum_time *t, struct stat_in *in)
{
	uint64_t ns;

	if (stat_get_i64(in, &t->ms) < 0 || stat_get_u64(in, &ns) < 0 || ns > 999999)
		return -EBADMSG;
	t->ns = (uint32_t)ns;
	return 0;
}

/* A number of the time AT arrives. */
static bool delta_is_first(const struct accum_delta *d, const struct accum_time *at)
{
	return !d->n || accum_before(at, &d->first_at);
}

static bool delta_is_last(const struct accum_delta *d, const struct accum_time *at)
{
	return !d->n || !accum_before(at, &d->last_at);
}

static void delta_add(struct accum *a, void *state, const struct value *v)
{
	struct accum_delta *d = state;
	struct value tmp;
	const struct value *number = accum_number(a, v, &tmp);

	if (!number)
		return;
	bool first = delta_is_first(d, a->now), last = delta_is_last(d, a->now);
	if (first) {
		extreme_number_set(&d->first, number);
		d->first_at = *a->now;
	}
	if (last) {
		extreme_number_set(&d->last, number);
		d->last_at = *a->now;
	}
	d->n++;
}

static void delta_merge(const struct accum *a, void *into, const void *from)
{
	struct accum_delta *d = into;
	const struct accum_delta *e = from;

	(void)a;
	if (!e->n)
		return;
	bool first = delta_is_first(d, &e->first_at), last = delta_is_last(d, &e->last_at);
	if (first) {
		extreme_number_copy(&d->first, &e->first);
		d->first_at = e->first_at;
	}
	if (last) {
		extreme_number_copy(&d->last, &e->last);
		d->last_at = e->last_at;
	}
	d->n += e->n;
}

static void delta_release(void *state)
{
	struct accum_delta *d = state;

	extreme_number_release(&d->first);
	extreme_number_release(&d->last);
}

static void delta_save(const struct accum *a, const void *state, struct strbuf *out)
{
	const struct accum_delta *d = state;

	(void)a;
	stat_put_u64(out, d->n);
	if (!d->n)
		return;
	extreme_number_save(&d->first, out);
	accum_time_save(&d->first_at, out);
	extreme_number_save(&d->last, out);
	accum_time_save(&d->last_at, out);
}

static int delta_load(const struct accum *a, void *state, struct stat_in *in)
{
	struct accum_delta *d = state;

	(void)a;
	int r = stat_get_u64(in, &d->n);
	if (r < 0 || !d->n)
		return r;
	r = extreme_number_load(&d->first, in);
	if (r == 0)
		r = accum_time_load(&d->first_at, in);
	if (r == 0)
		r = extreme_number_load(&d->last, in);
	return r < 0 ? r : accum_time_load(&d->last_at, in);
}

const struct accum_kind accum_delta = {
	.name = "delta",
	.size = sizeof(struct accum_delta),
	.add = delta_add,
	.release = delta_release,
	.merge = delta_merge,
	.save = delta_save,
	.load = delta_load,
};

static void smooth_add(struct accum *a, void *state, const struct value *v)
{
	struct value tmp;
	const struct value *number = accum_number(a, v, &tmp);

	if (number)
		ewma_add(state, accum_double(number), a->args[0]);
}

static void smooth_save(const struct accum *a, const void *state, struct strbuf *out)
{
	(void)a;
	ewma_save(state, out);
}

static int smooth_load(const struct accum *a, void *state, struct stat_in *in)
{
	(void)a;
	return ewma_load(state, in);
}

const struct accum_kind accum_ewma = {
	.name = "ewma",
	.size = sizeof(struct ewma),
	.add = smooth_add,
	.save = smooth_save,
	.load = smooth_load,
};
