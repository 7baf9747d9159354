/* Accumulators of any values, and of what depends on the order: see accum.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/aggregate/accum_state.h"
#include "common/base/alloc.h"
#include "common/data/keys.h"

static bool is_null(const struct value *v)
{
	return v->type <= VALUE_NULL || (v->type == VALUE_TEXT && !v->len);
}

/* V as canonical bytes, valid until the next call. */
static const struct strbuf *bytes_of(struct accum *a, const struct value *v)
{
	strbuf_clear(a->scratch);
	key_add(a->scratch, v);
	return a->scratch;
}

static void keep(struct accum_kept *k, const char *s, size_t len, const struct accum_time *at)
{
	if (len > k->room) {
		k->room = len;
		k->s = xreallocarray(k->s, len, 1);
	}
	memcpy(k->s, s, len);
	k->len = len;
	k->at = *at;
}

/* Does a value of the time AT, which arrives now, stand before or behind the one that is kept? */
static bool kept_is_first(const struct accum_kept *k, const struct accum_time *at)
{
	return !k->len || accum_before(at, &k->at);
}

static bool kept_is_last(const struct accum_kept *k, const struct accum_time *at)
{
	return !k->len || !accum_before(at, &k->at);
}

static void first_add(struct accum *a, void *state, const struct value *v)
{
	if (!kept_is_first(state, a->now) || is_null(v))
		return;
	const struct strbuf *b = bytes_of(a, v);
	keep(state, b->s, b->len, a->now);
}

static void last_add(struct accum *a, void *state, const struct value *v)
{
	if (!kept_is_last(state, a->now) || is_null(v))
		return;
	const struct strbuf *b = bytes_of(a, v);
	keep(state, b->s, b->len, a->now);
}

static void kept_free(void *state)
{
	free(((struct accum_kept *)state)->s);
}

static void first_merge(const struct accum *a, void *into, const void *from)
{
	const struct accum_kept *f = from;

	(void)a;
	if (f->len && kept_is_first(into, &f->at))
		keep(into, f->s, f->len, &f->at);
}

static void last_merge(const struct accum *a, void *into, const void *from)
{
	const struct accum_kept *f = from;

	(void)a;
	if (f->len && kept_is_last(into, &f->at))
		keep(into, f->s, f->len, &f->at);
}

static void kept_save(const struct accum *a, const void *state, struct strbuf *out)
{
	const struct accum_kept *k = state;

	(void)a;
	stat_put_bytes(out, k->s, k->len);
	if (k->len)
		accum_time_save(&k->at, out);
}

static int kept_load(const struct accum *a, void *state, struct stat_in *in)
{
	const unsigned char *s;
	struct accum_time at;
	size_t len;
	struct value v;

	(void)a;
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

const struct accum_kind accum_first = {
	.name = "first",
	.size = sizeof(struct accum_kept),
	.add = first_add,
	.release = kept_free,
	.merge = first_merge,
	.save = kept_save,
	.load = kept_load,
};
const struct accum_kind accum_last = {
	.name = "last",
	.size = sizeof(struct accum_kept),
	.add = last_add,
	.release = kept_free,
	.merge = last_merge,
	.save = kept_save,
	.load = kept_load,
};

static void distinct_add(struct accum *a, void *state, const struct value *v)
{
	if (is_null(v))
		return;
	const struct strbuf *b = bytes_of(a, v);
	hll_add(state, b->s, b->len);
}

static void distinct_release(void *state)
{
	hll_release(state);
}

static void distinct_merge(const struct accum *a, void *into, const void *from)
{
	(void)a;
	hll_merge(into, from);
}

static void distinct_save(const struct accum *a, const void *state, struct strbuf *out)
{
	(void)a;
	hll_save(state, out);
}

static int distinct_load(const struct accum *a, void *state, struct stat_in *in)
{
	(void)a;
	return hll_load(state, in);
}

const struct accum_kind accum_distinct = {
	.name = "distinct",
	.size = sizeof(struct hll),
	.add = distinct_add,
	.release = distinct_release,
	.merge = distinct_merge,
	.save = distinct_save,
	.load = distinct_load,
};

/* Ten times as many counters as are asked for, so that the counts of those are near the truth. */
static void top_init(const struct accum *a, void *state)
{
	spacesaving_init(state, a->args[0] > 100 ? (uint32_t)a->args[0] * 10 : 1000);
}

static void top_add(struct accum *a, void *state, const struct value *v)
{
	if (is_null(v))
		return;
	const struct strbuf *b = bytes_of(a, v);
	if (spacesaving_add(state, b->s, b->len, 1) < 0)
		accum_fault(a, FAULT_COMPUTE, "this value is longer than 2 GiB");
}

static void top_release(void *state)
{
	spacesaving_release(state);
}

static void top_merge(const struct accum *a, void *into, const void *from)
{
	(void)a;
	spacesaving_merge(into, from);
}

static void top_save(const struct accum *a, const void *state, struct strbuf *out)
{
	(void)a;
	spacesaving_save(state, out);
}

static int top_load(const struct accum *a, void *state, struct stat_in *in)
{
	(void)a;
	return spacesaving_load(state, in);
}

const struct accum_kind accum_top = {
	.name = "top",
	.size = sizeof(struct spacesaving),
	.init = top_init,
	.add = top_add,
	.release = top_release,
	.merge = top_merge,
	.save = top_save,
	.load = top_load,
};
