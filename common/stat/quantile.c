#include "common/stat/quantile.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

#define FIRST_ROOM 4u

void quantile_release(struct quantile *s)
{
	if (quantile_is_exact(s)) {
		free(s->values);
	} else {
		ddsketch_release(s->sketch);
		free(s->sketch);
	}
	*s = (struct quantile){0};
}

/* There are too many values to keep: put them into a sketch. */
static void to_sketch(struct quantile *s)
{
	struct ddsketch *sketch = xcalloc(1, sizeof(*sketch));

	for (uint64_t i = 0; i < s->n; i++)
		ddsketch_add(sketch, s->values[i]);
	free(s->values);
	s->sketch = sketch;
}

void quantile_add_slow(struct quantile *s, double x)
{
	if (isnan(x)) {
		s->nans++;
		return;
	}
	if (s->n == QUANTILE_EXACT) {
		to_sketch(s);
		ddsketch_add(s->sketch, x);
	} else {
		/* room is 4, 8, 16 …: full when the number is one of these */
		if (s->n == 0)
			s->values = xreallocarray(NULL, FIRST_ROOM, sizeof(*s->values));
		else if (s->n >= FIRST_ROOM && (s->n & (s->n - 1)) == 0)
			s->values = xreallocarray(s->values, s->n * 2, sizeof(*s->values));
		s->values[s->n] = x + 0.0; /* never -0.0 */
	}
	s->n++;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void sort(double *values, uint64_t n)
{
	for (uint64_t i = 1; i < n; i++) {
		if (values[i] < values[i - 1]) {
			qsort(values, n, sizeof(*values), compare);
			return;
		}
	}
}

bool quantile_get(struct quantile *s, double q, double *ret)
{
	if (s->n == 0)
		return false;
	if (!quantile_is_exact(s))
		return ddsketch_quantile(s->sketch, q, ret);
	sort(s->values, s->n);
	double h = q * (double)(s->n - 1);
	uint64_t rank = (uint64_t)h;
	double fraction = h - (double)rank;
	*ret = ddsketch_between(s->values[rank], s->values[fraction > 0 ? rank + 1 : rank], fraction);
	return true;
}

static void merge_sketch(struct quantile *into, const struct ddsketch *from)
{
	if (quantile_is_exact(into))
		to_sketch(into);
	ddsketch_merge(into->sketch, from);
	into->n = into->sketch->n;
}

void quantile_merge(struct quantile *into, const struct quantile *from)
{
	uint64_t nans = into->nans + from->nans;

	if (!quantile_is_exact(from))
		merge_sketch(into, from->sketch);
	else
		for (uint64_t i = 0; i < from->n; i++)
			quantile_add(into, from->values[i]);
	into->nans = nans;
}

void quantile_save(const struct quantile *s, struct strbuf *out)
{
	double values[QUANTILE_EXACT];

	stat_put_u64(out, s->n);
	stat_put_u64(out, s->nans);
	if (!quantile_is_exact(s)) {
		ddsketch_save(s->sketch, out);
		return;
	}
	if (s->n > 0)
		memcpy(values, s->values, s->n * sizeof(*values));
	sort(values, s->n);
	for (uint64_t i = 0; i < s->n; i++)
		stat_put_double(out, values[i]);
}

static int load_values(struct quantile *s, struct stat_in *in, uint64_t n)
{
	double x, last = -INFINITY;

	for (uint64_t i = 0; i < n; i++) {
		if (stat_get_double(in, &x) < 0 || !(x >= last) || (x == 0 && signbit(x)))
			return -EBADMSG;
		quantile_add(s, x);
		last = x;
	}
	return 0;
}

static int load_sketch(struct quantile *s, struct stat_in *in, uint64_t n)
{
	struct ddsketch sketch;

	if (ddsketch_load(&sketch, in) < 0)
		return -EBADMSG;
	if (sketch.n != n || sketch.nans) {
		ddsketch_release(&sketch);
		return -EBADMSG;
	}
	s->sketch = xmalloc(sizeof(*s->sketch));
	*s->sketch = sketch;
	s->n = n;
	return 0;
}

int quantile_load(struct quantile *s, struct stat_in *in)
{
	uint64_t n, nans;

	*s = (struct quantile){0};
	if (stat_get_u64(in, &n) < 0 || stat_get_u64(in, &nans) < 0)
		return -EBADMSG;
	if (n <= QUANTILE_EXACT ? load_values(s, in, n) < 0 : load_sketch(s, in, n) < 0) {
		quantile_release(s);
		return -EBADMSG;
	}
	s->nans = nans;
	return 0;
}

STAT_OPS(quantile);
