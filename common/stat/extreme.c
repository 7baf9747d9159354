#include "common/stat/extreme.h"

#include <errno.h>
#include <math.h>

/* I beside D: exact, because a double of 2^63 or more is beyond every int64, and a smaller one has an int64 below it.
 */
static int compare_mixed(int64_t i, double d)
{
	if (d >= 0x1p63)
		return -1;
	if (d < -0x1p63)
		return 1;
	int64_t whole = (int64_t)d; /* towards zero */
	if (i != whole)
		return i < whole ? -1 : 1;
	double rest = d - (double)whole;
	return rest > 0 ? -1 : rest < 0;
}

int extreme_compare(const struct extreme_number *a, const struct extreme_number *b)
{
	if (a->is_int && b->is_int)
		return (a->i > b->i) - (a->i < b->i);
	if (!a->is_int && !b->is_int)
		return (a->d > b->d) - (a->d < b->d);
	return a->is_int ? compare_mixed(a->i, b->d) : -compare_mixed(b->i, a->d);
}

/* V becomes *HOLD when it is SIGN of it (1 greater, -1 less), or the same as an integer. */
static void take(struct extreme_number *hold, const struct extreme_number *v, int sign)
{
	int order = sign * extreme_compare(v, hold);

	if (order > 0 || (order == 0 && v->is_int))
		*hold = *v;
}

static void add(struct extreme *e, const struct extreme_number *min, const struct extreme_number *max, uint64_t n)
{
	if (e->n == 0) {
		e->min = *min;
		e->max = *max;
	} else {
		take(&e->min, min, -1);
		take(&e->max, max, 1);
	}
	e->n += n;
}

void extreme_add_int(struct extreme *e, int64_t v)
{
	struct extreme_number number = {.is_int = true, .i = v};

	add(e, &number, &number, 1);
}

void extreme_add_double(struct extreme *e, double v)
{
	struct extreme_number number = {.d = v + 0.0}; /* -0.0 becomes 0.0 */

	if (isnan(v))
		e->nans++;
	else
		add(e, &number, &number, 1);
}

void extreme_merge(struct extreme *into, const struct extreme *from)
{
	if (from->n)
		add(into, &from->min, &from->max, from->n);
	into->nans += from->nans;
}

static void put_number(struct strbuf *out, const struct extreme_number *v)
{
	stat_put_u64(out, v->is_int);
	if (v->is_int)
		stat_put_i64(out, v->i);
	else
		stat_put_double(out, v->d);
}

static int get_number(struct stat_in *in, struct extreme_number *ret)
{
	struct extreme_number v = {0};
	uint64_t is_int;

	if (stat_get_u64(in, &is_int) < 0 || is_int > 1)
		return -EBADMSG;
	v.is_int = is_int;
	if (is_int ? stat_get_i64(in, &v.i) < 0 : stat_get_double(in, &v.d) < 0)
		return -EBADMSG;
	if (!is_int && (isnan(v.d) || (v.d == 0 && signbit(v.d))))
		return -EBADMSG;
	*ret = v;
	return 0;
}

void extreme_save(const struct extreme *e, struct strbuf *out)
{
	stat_put_u64(out, e->n);
	stat_put_u64(out, e->nans);
	if (e->n) {
		put_number(out, &e->min);
		put_number(out, &e->max);
	}
}

int extreme_load(struct extreme *e, struct stat_in *in)
{
	struct extreme v = {0};

	*e = v;
	if (stat_get_u64(in, &v.n) < 0 || stat_get_u64(in, &v.nans) < 0)
		return -EBADMSG;
	if (v.n && (get_number(in, &v.min) < 0 || get_number(in, &v.max) < 0 || extreme_compare(&v.min, &v.max) > 0))
		return -EBADMSG;
	*e = v;
	return 0;
}
