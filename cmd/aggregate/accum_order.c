/* Accumulators of numbers whose order counts: see accum.h. */
#include <errno.h>

#include "cmd/aggregate/accum_state.h"

static void delta_add(struct accum *a, void *state, const struct value *v)
{
	struct accum_delta *d = state;
	struct value tmp;
	const struct value *number = accum_number(a, v, &tmp);

	if (!number)
		return;
	d->last = (struct extreme_number){.is_int = number->type == VALUE_INT};
	if (d->last.is_int)
		d->last.i = number->i;
	else
		d->last.d = number->d;
	if (!d->n++)
		d->first = d->last;
}

static void delta_merge(const struct accum *a, void *into, const void *from)
{
	struct accum_delta *d = into;
	const struct accum_delta *e = from;

	(void)a;
	if (!d->n)
		d->first = e->first;
	if (e->n)
		d->last = e->last;
	d->n += e->n;
}

static void save_number(const struct extreme_number *n, struct strbuf *out)
{
	stat_put_u64(out, n->is_int);
	if (n->is_int)
		stat_put_i64(out, n->i);
	else
		stat_put_double(out, n->d);
}

static int load_number(struct extreme_number *n, struct stat_in *in)
{
	uint64_t is_int;
	int r = stat_get_u64(in, &is_int);

	if (r < 0 || is_int > 1)
		return -EBADMSG;
	n->is_int = is_int;
	return is_int ? stat_get_i64(in, &n->i) : stat_get_double(in, &n->d);
}

static void delta_save(const struct accum *a, const void *state, struct strbuf *out)
{
	const struct accum_delta *d = state;

	(void)a;
	stat_put_u64(out, d->n);
	if (!d->n)
		return;
	save_number(&d->first, out);
	save_number(&d->last, out);
}

static int delta_load(const struct accum *a, void *state, struct stat_in *in)
{
	struct accum_delta *d = state;

	(void)a;
	int r = stat_get_u64(in, &d->n);
	if (r < 0 || !d->n)
		return r;
	r = load_number(&d->first, in);
	return r < 0 ? r : load_number(&d->last, in);
}

const struct accum_kind accum_delta = {
	.name = "delta",
	.size = sizeof(struct accum_delta),
	.add = delta_add,
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
