/* delta(x): the last number minus the first, by the time of their records. */
#include "cmd/aggregate/metric.h"
#include "common/data/number.h"
#include "common/stat/extreme.h"
#include "common/stat/sum.h"

/* The first and the last number, and how many there were. */
struct ends {
	uint64_t n;
	struct extreme_number first, last;
	struct accum_time first_at, last_at;
};

static void add(struct accum *a, void *state, const struct value *v)
{
	struct ends *e = state;
	struct value tmp;
	const struct value *number = accum_number(a, v, &tmp);

	if (!number)
		return;
	bool first = !e->n || accum_before(a->now, &e->first_at), last = !e->n || !accum_before(a->now, &e->last_at);
	if (first) {
		extreme_number_set(&e->first, number);
		e->first_at = *a->now;
	}
	if (last) {
		extreme_number_set(&e->last, number);
		e->last_at = *a->now;
	}
	e->n++;
}

static void merge(void *into, const void *from)
{
	struct ends *e = into;
	const struct ends *f = from;

	if (!f->n)
		return;
	bool first = !e->n || accum_before(&f->first_at, &e->first_at);
	bool last = !e->n || !accum_before(&f->last_at, &e->last_at);
	if (first) {
		extreme_number_copy(&e->first, &f->first);
		e->first_at = f->first_at;
	}
	if (last) {
		extreme_number_copy(&e->last, &f->last);
		e->last_at = f->last_at;
	}
	e->n += f->n;
}

static void release(void *state)
{
	struct ends *e = state;

	extreme_number_release(&e->first);
	extreme_number_release(&e->last);
}

static void save(const void *state, struct strbuf *out)
{
	const struct ends *e = state;

	stat_put_u64(out, e->n);
	if (!e->n)
		return;
	extreme_number_save(&e->first, out);
	accum_time_save(&e->first_at, out);
	extreme_number_save(&e->last, out);
	accum_time_save(&e->last_at, out);
}

static int load(void *state, struct stat_in *in)
{
	struct ends *e = state;
	int r = stat_get_u64(in, &e->n);

	if (r < 0 || !e->n)
		return r;
	r = extreme_number_load(&e->first, in);
	if (r == 0)
		r = accum_time_load(&e->first_at, in);
	if (r == 0)
		r = extreme_number_load(&e->last, in);
	return r < 0 ? r : accum_time_load(&e->last_at, in);
}

static struct value value_of(const struct extreme_number *n)
{
	struct value v = {.type = VALUE_DOUBLE, .d = n->d};

	if (n->text) {
		v = (struct value){.type = VALUE_NUMBER, .s = n->text, .len = n->len};
		v.d = number_double(&v);
		v.type = VALUE_DOUBLE;
	} else if (n->is_int) {
		v = (struct value){.type = VALUE_INT, .i = n->i};
	}
	return v;
}

/* The last number minus the first, exact until it is rounded once. */
static void put(const struct metric *m, void *state, struct result_row *row)
{
	const struct ends *e = state;
	struct value first = value_of(&e->first), last = value_of(&e->last);
	struct sum sum = {0};

	if (e->n) {
		sum_add(&sum, &last, false);
		sum_add(&sum, &first, true);
	}
	metric_put_sum(m, &sum, row);
	sum_release(&sum);
}

static const struct stat_ops ops = {
	.size = sizeof(struct ends), .release = release, .merge = merge, .save = save, .load = load};
static const struct accum_kind ends = {.name = "delta", .ops = &ops, .add = add};

const struct metric_kind metric_delta = {.name = "delta",
	.form = "delta(x)",
	.help = "the last number minus the first",
	.accum = &ends,
	.needs = METRIC_EXPR,
	.put = put};
