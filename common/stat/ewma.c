#include "common/stat/ewma.h"

#include <errno.h>
#include <math.h>

void ewma_add(struct ewma *e, double x, double alpha)
{
	if (!(fabs(x) <= EWMA_MAX)) {
		e->skipped++;
		return;
	}
	if (e->n++ == 0) {
		e->mean = x;
		e->var = 0;
		return;
	}
	double diff = x - e->mean, step = alpha * diff;
	e->mean += step;
	/*
	 * a product in a separate statement is rounded; otherwise a compiler for a machine with FMA would give other
	 * bytes
	 */
	double square = diff * step;
	e->var += square;
	e->var *= 1 - alpha;
}

void ewma_save(const struct ewma *e, struct strbuf *out)
{
	stat_put_u64(out, e->n);
	stat_put_u64(out, e->skipped);
	if (e->n) {
		stat_put_double(out, e->mean);
		stat_put_double(out, e->var);
	}
}

int ewma_load(struct ewma *e, struct stat_in *in)
{
	struct ewma v = {0};

	*e = v;
	if (stat_get_u64(in, &v.n) < 0 || stat_get_u64(in, &v.skipped) < 0)
		return -EBADMSG;
	if (v.n && (stat_get_double(in, &v.mean) < 0 || stat_get_double(in, &v.var) < 0 ||
			   !(fabs(v.mean) <= 2 * EWMA_MAX && v.var >= 0 && isfinite(v.var)) || signbit(v.var)))
		return -EBADMSG;
	*e = v;
	return 0;
}

static void save_any(const void *stat, struct strbuf *out)
{
	ewma_save(stat, out);
}

static int load_any(void *stat, struct stat_in *in)
{
	return ewma_load(stat, in);
}

const struct stat_ops ewma_ops = {.size = sizeof(struct ewma), .save = save_any, .load = load_any};
