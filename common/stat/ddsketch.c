#include "common/stat/ddsketch.h"

#include <errno.h>

void ddsketch_release(struct ddsketch *d)
{
	ddbins_release(&d->up);
	ddbins_release(&d->down);
	*d = (struct ddsketch){0};
}

void ddsketch_add_special(struct ddsketch *d, double x)
{
	if (isnan(x)) {
		d->nans++;
		return;
	}
	x += 0.0; /* never -0.0 */
	d->min = d->n == 0 || x < d->min ? x : d->min;
	d->max = d->n == 0 || x > d->max ? x : d->max;
	d->n++;
	*(x == 0 ? &d->zeros : x > 0 ? &d->infs : &d->minus_infs) += 1;
}

void ddsketch_each(const struct ddsketch *d, void (*fn)(void *arg, double value, uint64_t n), void *arg)
{
	uint64_t n;

	if (d->minus_infs)
		fn(arg, -INFINITY, d->minus_infs);
	for (uint32_t i = d->down.len; i-- > 0;)
		if ((n = ddbins_count(&d->down, i)) > 0)
			fn(arg, -ddbins_value(ddbins_at(&d->down, i)), n);
	if (d->zeros)
		fn(arg, 0, d->zeros);
	for (uint32_t i = 0; i < d->up.len; i++)
		if ((n = ddbins_count(&d->up, i)) > 0)
			fn(arg, ddbins_value(ddbins_at(&d->up, i)), n);
	if (d->infs)
		fn(arg, INFINITY, d->infs);
}

/* The value that the sketch gives for the one at RANK, 0 to n - 1, in ascending order. */
static double at_rank(const struct ddsketch *d, uint64_t rank)
{
	if (rank < d->minus_infs)
		return -INFINITY;
	rank -= d->minus_infs;
	if (rank < d->down.n) {
		uint32_t i = d->down.len;
		for (rank++; rank > 0; rank -= rank < ddbins_count(&d->down, i) ? rank : ddbins_count(&d->down, i))
			i--;
		return -ddbins_value_within(ddbins_at(&d->down, i), -d->max, -d->min);
	}
	rank -= d->down.n;
	if (rank < d->zeros)
		return 0;
	rank -= d->zeros;
	if (rank < d->up.n) {
		uint32_t i = 0;
		for (; rank >= ddbins_count(&d->up, i); i++)
			rank -= ddbins_count(&d->up, i);
		return ddbins_value_within(ddbins_at(&d->up, i), d->min, d->max);
	}
	return INFINITY;
}

/* The same, using the exact first and last value. */
static double value_of(const struct ddsketch *d, uint64_t rank)
{
	return rank == 0 ? d->min : rank >= d->n - 1 ? d->max : at_rank(d, rank);
}

bool ddsketch_quantile(const struct ddsketch *d, double q, double *ret)
{
	if (d->n == 0)
		return false;
	double h = q * (double)(d->n - 1);
	uint64_t rank = (uint64_t)h;
	double fraction = h - (double)rank, low = value_of(d, rank);
	double high = fraction > 0 ? value_of(d, rank + 1) : low;
	*ret = ddsketch_between(low, high, fraction);
	return true;
}

void ddsketch_merge(struct ddsketch *into, const struct ddsketch *from)
{
	into->nans += from->nans;
	if (from->n == 0 || from->n > UINT64_MAX - into->n)
		return;
	into->min = into->n == 0 || from->min < into->min ? from->min : into->min;
	into->max = into->n == 0 || from->max > into->max ? from->max : into->max;
	into->n += from->n;
	into->zeros += from->zeros;
	into->infs += from->infs;
	into->minus_infs += from->minus_infs;
	ddbins_merge(&into->up, &from->up);
	ddbins_merge(&into->down, &from->down);
}

void ddsketch_save(const struct ddsketch *d, struct strbuf *out)
{
	stat_put_u64(out, d->n);
	stat_put_u64(out, d->nans);
	if (d->n == 0)
		return;
	stat_put_double(out, d->min);
	stat_put_double(out, d->max);
	stat_put_u64(out, d->minus_infs);
	stat_put_u64(out, d->zeros);
	stat_put_u64(out, d->infs);
	ddbins_save(&d->down, out);
	ddbins_save(&d->up, out);
}

/* Whether V can be the greatest value, by the counts.  (With the signs exchanged: whether -V can be the least.) */
static bool fits(double v, uint64_t infs, const struct ddbins *up, uint64_t zeros, const struct ddbins *down)
{
	if (infs > 0)
		return v == INFINITY;
	if (up->n > 0)
		return v > 0 && isfinite(v) && ddbins_bin(v) == ddbins_highest(up);
	if (zeros > 0)
		return v == 0 && !signbit(v);
	if (down->n > 0) /* the smallest magnitude */
		return v < 0 && isfinite(v) && ddbins_bin(-v) == ddbins_lowest(down);
	return v == -INFINITY;
}

static int load(struct ddsketch *d, struct stat_in *in)
{
	uint64_t sum;

	if (stat_get_u64(in, &d->n) < 0 || stat_get_u64(in, &d->nans) < 0)
		return -EBADMSG;
	if (d->n == 0)
		return 0;
	if (stat_get_double(in, &d->min) < 0 || stat_get_double(in, &d->max) < 0 || !(d->min <= d->max))
		return -EBADMSG;
	if (stat_get_u64(in, &d->minus_infs) < 0 || stat_get_u64(in, &d->zeros) < 0 || stat_get_u64(in, &d->infs) < 0)
		return -EBADMSG;
	if (ddbins_load(&d->down, in) < 0 || ddbins_load(&d->up, in) < 0)
		return -EBADMSG;
	if (__builtin_add_overflow(d->minus_infs, d->zeros, &sum) || __builtin_add_overflow(sum, d->infs, &sum) ||
		__builtin_add_overflow(sum, d->down.n, &sum) || __builtin_add_overflow(sum, d->up.n, &sum))
		return -EBADMSG;
	if (sum != d->n || !fits(d->max, d->infs, &d->up, d->zeros, &d->down) || (d->min == 0 && signbit(d->min)))
		return -EBADMSG;
	return fits(0.0 - d->min, d->minus_infs, &d->down, d->zeros, &d->up) ? 0 : -EBADMSG;
}

int ddsketch_load(struct ddsketch *d, struct stat_in *in)
{
	*d = (struct ddsketch){0};
	if (load(d, in) < 0) {
		ddsketch_release(d);
		return -EBADMSG;
	}
	return 0;
}
