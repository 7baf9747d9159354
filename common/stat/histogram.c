#include "common/stat/histogram.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

bool histogram_valid(const double *bounds, size_t n)
{
	if (n == 0 || n > HISTOGRAM_BOUNDS)
		return false;
	for (size_t i = 0; i < n; i++)
		if (isnan(bounds[i]) || (i > 0 && bounds[i] <= bounds[i - 1]))
			return false;
	return true;
}

void histogram_init(struct histogram *h, const double *bounds, size_t n)
{
	*h = (struct histogram){.bounds = bounds, .n = n, .count = xcalloc(n + 1, sizeof(*h->count))};
}

void histogram_release(struct histogram *h)
{
	free(h->count);
	*h = (struct histogram){0};
}

void histogram_clear(struct histogram *h)
{
	memset(h->count, 0, (h->n + 1) * sizeof(*h->count));
	h->nans = 0;
}

void histogram_add(struct histogram *h, double x)
{
	size_t low = 0, n = h->n; /* the number of bounds up to X is in low .. low + n */

	if (isnan(x)) {
		h->nans++;
		return;
	}
	while (n > 0) {
		size_t half = (n + 1) / 2;
		bool up = h->bounds[low + half - 1] <= x;
		low += up ? half : 0;
		n = up ? n - half : half - 1;
	}
	h->count[low]++;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	for (size_t i = 0; i <= into->n; i++)
		into->count[i] += from->count[i];
	into->nans += from->nans;
}

void histogram_save(const struct histogram *h, struct strbuf *out)
{
	stat_put_u64(out, h->n);
	for (size_t i = 0; i <= h->n; i++)
		stat_put_u64(out, h->count[i]);
	stat_put_u64(out, h->nans);
}

int histogram_load(struct histogram *h, struct stat_in *in)
{
	uint64_t n;

	histogram_clear(h);
	if (stat_get_u64(in, &n) < 0 || n != h->n)
		return -EBADMSG;
	for (size_t i = 0; i <= h->n; i++)
		if (stat_get_u64(in, &h->count[i]) < 0)
			goto damaged;
	if (stat_get_u64(in, &h->nans) < 0)
		goto damaged;
	return 0;
damaged:
	histogram_clear(h);
	return -EBADMSG;
}

STAT_OPS(histogram);
