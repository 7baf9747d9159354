/* first(x), last(x): values that are not null, by the time of their records. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/aggregate/metric.h"
#include "common/base/alloc.h"

/* A value as canonical bytes (keys.h); none when LEN is 0. */
struct kept {
	char *s;
	size_t len, room;
	struct accum_time at;
};

static void keep(struct kept *k, const char *s, size_t len, const struct accum_time *at)
{
	if (len > k->room) {
		k->room = len;
		k->s = xreallocarray(k->s, len, 1);
	}
	memcpy(k->s, s, len);
	k->len = len;
	k->at = *at;
}

/* Whether a value with the time AT, which arrives now, comes before (or after) the one that is kept. */
static bool is_first(const struct kept *k, const struct accum_time *at)
{
	return !k->len || accum_before(at, &k->at);
}

static bool is_last(const struct kept *k, const struct accum_time *at)
{
	return !k->len || !accum_before(at, &k->at);
}

static void add_first(struct accum *a, void *state, const struct value *v)
{
	const struct strbuf *key = is_first(state, a->now) ? accum_key(a, v) : NULL;

	if (key)
		keep(state, key->s, key->len, a->now);
}

static void add_last(struct accum *a, void *state, const struct value *v)
{
	const struct strbuf *key = is_last(state, a->now) ? accum_key(a, v) : NULL;

	if (key)
		keep(state, key->s, key->len, a->now);
}

static void release(void *state)
{
	free(((struct kept *)state)->s);
}

static void merge_first(void *into, const void *from)
{
	const struct kept *k = from;

	if (k->len && is_first(into, &k->at))
		keep(into, k->s, k->len, &k->at);
}

static void merge_last(void *into, const void *from)
{
	const struct kept *k = from;

	if (k->len && is_last(into, &k->at))
		keep(into, k->s, k->len, &k->at);
}

static void save(const void *state, struct strbuf *out)
{
	const struct kept *k = state;

	stat_put_bytes(out, k->s, k->len);
	if (k->len)
		accum_time_save(&k->at, out);
}

static int load(void *state, struct stat_in *in)
{
	const unsigned char *s;
	struct accum_time at;
	size_t len;
	struct value v;

	int r = stat_get_bytes(in, &s, &len);
	if (r < 0 || !len)
		return r;
	const char *key = (const char *)s;
	size_t left = len;
	if (key_next(&key, &left, &v) != 1 || left || accum_time_load(&at, in) < 0)
		return -EBADMSG;
	keep(state, (const char *)s, len, &at);
	return 0;
}

static void put(const struct metric *m, void *state, struct result_row *row)
{
	const struct kept *k = state;

	row_key(row, m->column, k->s, k->len);
}

static const struct stat_ops first_ops = {
	.size = sizeof(struct kept), .release = release, .merge = merge_first, .save = save, .load = load};
static const struct stat_ops last_ops = {
	.size = sizeof(struct kept), .release = release, .merge = merge_last, .save = save, .load = load};
static const struct accum_kind first = {.name = "first", .ops = &first_ops, .add = add_first};
static const struct accum_kind last = {.name = "last", .ops = &last_ops, .add = add_last};

const struct metric_kind metric_first = {.name = "first",
	.form = "first(x)",
	.help = "the first value, by time",
	.accum = &first,
	.needs = METRIC_EXPR,
	.put = put};
const struct metric_kind metric_last = {.name = "last",
	.form = "last(x)",
	.help = "the last value, by time",
	.accum = &last,
	.needs = METRIC_EXPR,
	.put = put};
