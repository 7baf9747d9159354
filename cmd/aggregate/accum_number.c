/* Accumulators of counts and numbers: see accum.h. */
#include <math.h>

#include "cmd/aggregate/accum_state.h"

/* As filter has it. */
static bool holds(const struct value *v)
{
	return v->type == VALUE_BOOL ? v->b : v->type > VALUE_NULL;
}

static void count_add(struct accum *a, void *state, const struct value *v)
{
	uint64_t *n = state;

	(void)a;
	*n += !v || holds(v);
}

static void count_merge(const struct accum *a, void *into, const void *from)
{
	(void)a;
	*(uint64_t *)into += *(const uint64_t *)from;
}

static void count_save(const struct accum *a, const void *state, struct strbuf *out)
{
	(void)a;
	stat_put_u64(out, *(const uint64_t *)state);
}

static int count_load(const struct accum *a, void *state, struct stat_in *in)
{
	(void)a;
	return stat_get_u64(in, state);
}

const struct accum_kind accum_count = {
	.name = "count",
	.size = sizeof(uint64_t),
	.add = count_add,
	.merge = count_merge,
	.save = count_save,
	.load = count_load,
};

static void sum_take(struct accum *a, void *state, const struct value *v)
{
	struct accum_sum *s = state;
	struct value tmp;
	const struct value *number = accum_number(a, v, &tmp);

	if (!number)
		return;
	s->n++;
	if (number->type == VALUE_INT)
		sum_add_int(&s->sum, number->i);
	else if (fabs(number->d) < 0x1p63)
		sum_add_double(&s->sum, number->d);
	else
		sum_add(&s->sum, number, false);
}

static void sum_free(void *state)
{
	sum_release(&((struct accum_sum *)state)->sum);
}

static void sum_join(const struct accum *a, void *into, const void *from)
{
	struct accum_sum *s = into;
	const struct accum_sum *t = from;

	(void)a;
	s->n += t->n;
	sum_merge(&s->sum, &t->sum);
}

static void sum_put(const struct accum *a, const void *state, struct strbuf *out)
{
	const struct accum_sum *s = state;

	(void)a;
	stat_put_u64(out, s->n);
	sum_save(&s->sum, out);
}

static int sum_get(const struct accum *a, void *state, struct stat_in *in)
{
	struct accum_sum *s = state;

	(void)a;
	int r = stat_get_u64(in, &s->n);
	return r < 0 ? r : sum_load(&s->sum, in);
}

const struct accum_kind accum_sum = {
	.name = "sum",
	.size = sizeof(struct accum_sum),
	.add = sum_take,
	.release = sum_free,
	.merge = sum_join,
	.save = sum_put,
	.load = sum_get,
};

static void extremes_add(struct accum *a, void *state, const struct value *v)
{
	struct value tmp;
	const struct value *number = accum_number(a, v, &tmp);

	if (number && number->type == VALUE_INT)
		extreme_add_int(state, number->i);
	else if (number && fabs(number->d) < 0x1p53)
		extreme_add_double(state, number->d);
	else if (number)
		extreme_add(state, number);
}

static void mean_add(struct accum *a, void *state, const struct value *v)
{
	struct value tmp;
	const struct value *number = accum_number(a, v, &tmp);

	if (number)
		moments_add(state, accum_double(number));
}

static void sketch_add(struct accum *a, void *state, const struct value *v)
{
	struct value tmp;
	const struct value *number = accum_number(a, v, &tmp);

	if (number)
		quantile_add(state, accum_double(number));
}

static void buckets_init(const struct accum *a, void *state)
{
	histogram_init(state, a->args, a->arg_count);
}

static void buckets_add(struct accum *a, void *state, const struct value *v)
{
	struct value tmp;
	const struct value *number = accum_number(a, v, &tmp);

	if (number)
		histogram_add(state, accum_double(number));
}

/* What common/stat's X has behind the four functions that all accumulators have. */
#define KIND(X)                                                                             \
	static void free_##X(void *state)                                                   \
	{                                                                                   \
		X##_release(state);                                                         \
	}                                                                                   \
	static void join_##X(const struct accum *a, void *into, const void *from)           \
	{                                                                                   \
		(void)a;                                                                    \
		X##_merge(into, from);                                                      \
	}                                                                                   \
	static void write_##X(const struct accum *a, const void *state, struct strbuf *out) \
	{                                                                                   \
		(void)a;                                                                    \
		X##_save(state, out);                                                       \
	}                                                                                   \
	static int take_##X(const struct accum *a, void *state, struct stat_in *in)         \
	{                                                                                   \
		(void)a;                                                                    \
		return X##_load(state, in);                                                 \
	}                                                                                   \
	const struct accum_kind accum_##X = {                                               \
		.name = #X,                                                                 \
		.size = sizeof(struct X),                                                   \
		.init = X##_start,                                                          \
		.add = X##_take,                                                            \
		.release = free_##X,                                                        \
		.merge = join_##X,                                                          \
		.save = write_##X,                                                          \
		.load = take_##X,                                                           \
	};

#define extreme_start NULL
#define extreme_take  extremes_add
KIND(extreme)
#define moments_start NULL
#define moments_take  mean_add
KIND(moments)
#define quantile_start NULL
#define quantile_take  sketch_add
KIND(quantile)
#define histogram_start buckets_init
#define histogram_take  buckets_add
KIND(histogram)
