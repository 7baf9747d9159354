#include "cmd/detect/mad.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

void mad_release(struct mad *m)
{
	quantile_release(&m->values);
	*m = (struct mad){0};
}

/*
 * There are too many values to keep as they are: from now on, differences from the median of these values are kept in a
 * sketch.
 */
static void set_centre(struct mad *m)
{
	struct quantile moved = {0};
	double median = 0;

	m->centred = true;
	if (!quantile_get(&m->values, 0.5, &median))
		return;
	for (uint64_t i = 0; i < m->values.n; i++)
		quantile_add(&moved, m->values.values[i] - median);
	quantile_release(&m->values);
	m->values = moved;
	m->centre = median;
}

void mad_add(struct mad *m, double x)
{
	if (!isfinite(x) || !isfinite(x - m->centre)) {
		m->skipped++;
		return;
	}
	if (!m->centred && m->values.n == QUANTILE_EXACT)
		set_centre(m);
	quantile_add(&m->values, x - m->centre);
}

/* Deviations from a median, and how many values have each. */
struct deviation {
	double off;
	uint64_t n;
};

struct deviations {
	struct deviation *all;
	size_t n;
	double median;
};

static void add_deviation(void *arg, double value, uint64_t n)
{
	struct deviations *d = arg;

	d->all[d->n++] = (struct deviation){fabs(value - d->median), n};
}

static int compare(const void *a, const void *b)
{
	const struct deviation *x = a, *y = b;

	return (x->off > y->off) - (x->off < y->off);
}

/* The median of D, of TOTAL values: the mean of the two in the middle when the number is even. */
static double median_of(struct deviations *d, uint64_t total)
{
	double low = 0, high = 0;
	uint64_t seen = 0;

	qsort(d->all, d->n, sizeof(*d->all), compare);
	for (size_t i = 0; i < d->n; i++) {
		uint64_t before = seen;
		seen += d->all[i].n;
		if (before <= (total - 1) / 2 && (total - 1) / 2 < seen)
			low = d->all[i].off;
		if (before <= total / 2 && total / 2 < seen)
			high = d->all[i].off;
	}
	return low / 2 + high / 2;
}

/* The median of |value - MEDIAN|. */
static double deviation(const struct quantile *values, double median)
{
	struct deviations d = {.median = median};

	const struct ddsketch *sketch = quantile_is_exact(values) ? NULL : values->sketch;
	size_t most = sketch ? sketch->up.len + sketch->down.len + 3 : values->n; /* 3: infinities, zeros */

	d.all = xreallocarray(NULL, most, sizeof(*d.all));
	if (!sketch)
		for (uint64_t i = 0; i < values->n; i++)
			add_deviation(&d, values->values[i], 1);
	else
		ddsketch_each(sketch, add_deviation, &d);
	double mad = median_of(&d, values->n);
	free(d.all);
	return mad;
}

void mad_freeze(struct mad *m, uint64_t span)
{
	double median;

	if (m->values.n < MAD_LEAST || !quantile_get(&m->values, 0.5, &median))
		return;
	if (!isfinite(m->centre + median))
		return; /* this happens only near the greatest double */
	m->mad = deviation(&m->values, median);
	m->median = m->centre + median;
	m->ready = true;
	if (m->values.n >= span) {
		quantile_release(&m->values);
		m->centre = m->median;
		m->centred = true;
	}
}

void mad_save(const struct mad *m, struct strbuf *out)
{
	quantile_save(&m->values, out);
	stat_put_u64(out, m->skipped);
	stat_put_u64(out, (uint64_t)m->centred | (uint64_t)m->ready << 1);
	if (m->centred)
		stat_put_double(out, m->centre);
	if (m->ready) {
		stat_put_double(out, m->median);
		stat_put_double(out, m->mad);
	}
}

static int load(struct mad *m, struct stat_in *in)
{
	uint64_t flags;

	if (quantile_load(&m->values, in) < 0 || stat_get_u64(in, &m->skipped) < 0 || stat_get_u64(in, &flags) < 0 ||
		flags > 3)
		return -EBADMSG;
	m->centred = flags & 1;
	m->ready = flags >> 1;
	if (m->centred && (stat_get_double(in, &m->centre) < 0 || !isfinite(m->centre)))
		return -EBADMSG;
	if (m->ready && (stat_get_double(in, &m->median) < 0 || stat_get_double(in, &m->mad) < 0 ||
				!isfinite(m->median) || !(m->mad >= 0) || signbit(m->mad)))
		return -EBADMSG;
	return m->values.nans || (!m->centred && !quantile_is_exact(&m->values)) ? -EBADMSG : 0;
}

int mad_load(struct mad *m, struct stat_in *in)
{
	*m = (struct mad){0};
	if (load(m, in) < 0) {
		mad_release(m);
		return -EBADMSG;
	}
	return 0;
}
