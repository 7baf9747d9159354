#include "cmd/detect/cusum.h"

#include <errno.h>
#include <math.h>

static void step(double *sum, uint64_t *n, double by)
{
	double next = *sum + by;

	*sum = next > 0 ? next : 0;
	*n = next > 0 ? *n + 1 : 0;
}

void cusum_add(struct cusum *c, double z, double k)
{
	z = z > 1e6 ? 1e6 : z < -1e6 ? -1e6 : z;
	step(&c->up, &c->up_n, z - k);
	step(&c->down, &c->down_n, -z - k);
}

double cusum_score(const struct cusum *c)
{
	return c->up >= c->down ? c->up : -c->down;
}

void cusum_reset(struct cusum *c)
{
	*c = (struct cusum){0};
}

void cusum_save(const struct cusum *c, struct strbuf *out)
{
	stat_put_double(out, c->up);
	stat_put_double(out, c->down);
	stat_put_u64(out, c->up_n);
	stat_put_u64(out, c->down_n);
}

int cusum_load(struct cusum *c, struct stat_in *in)
{
	struct cusum v;

	*c = (struct cusum){0};
	if (stat_get_double(in, &v.up) < 0 || stat_get_double(in, &v.down) < 0 || stat_get_u64(in, &v.up_n) < 0 ||
		stat_get_u64(in, &v.down_n) < 0)
		return -EBADMSG;
	if (!(v.up >= 0 && v.down >= 0 && isfinite(v.up) && isfinite(v.down)) || signbit(v.up) || signbit(v.down))
		return -EBADMSG;
	*c = v;
	return 0;
}
