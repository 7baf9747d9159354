/* State as bytes: see state.h. */
#include "cmd/detect/state.h"

#include <errno.h>

#include "cmd/detect/judge.h"

static void put_judge(const struct judge *j, bool all, struct strbuf *b)
{
	stat_put_u64(b, all);
	stat_put_u64(b, j->batch);
	stat_put_u64(b, j->records);
	stat_put_i64(b, j->clock_ms);
	stat_put_i64(b, j->swept_ms);
	for (int i = 0; i < 3; i++)
		stat_put_u64(b, j->rule.seed.k[i]);
}

static void put_series(const struct judge *j, uint32_t slot, struct strbuf *b)
{
	struct series *s = groups_state(&j->groups, slot);
	size_t len;
	const char *key = groups_key(&j->groups, slot, &len);

	stat_put_bytes(b, key, len);
	stat_put_u64(b, s->n);
	stat_put_u64(b, s->seen);
	stat_put_i64(b, s->last_ms);
	alarms_save(judge_alarms(j, s), b);
	method_save(&j->rule, series_state(s), b);
}

static void save(void *self, bool full, struct checkpoint_out *out)
{
	struct judge *j = self;
	struct strbuf b = STRBUF_INIT;
	bool all = full || j->forgotten;

	put_judge(j, all, &b);
	checkpoint_put(out, b.s, b.len);
	for (uint32_t i = 0; i < j->groups.slots; i++) {
		if (!groups_used(&j->groups, i))
			continue;
		const struct series *s = groups_state(&j->groups, i);
		if (!all && s->batch < j->saved)
			continue;
		strbuf_clear(&b);
		put_series(j, i, &b);
		checkpoint_put(out, b.s, b.len);
	}
	strbuf_release(&b);
	j->saved = j->batch;
	j->forgotten = false;
}

static int get_judge(struct judge *j, bool *ret_all, struct stat_in *in)
{
	uint64_t all;

	if (stat_get_u64(in, &all) < 0 || stat_get_u64(in, &j->batch) < 0 || stat_get_u64(in, &j->records) < 0 ||
		stat_get_i64(in, &j->clock_ms) < 0 || stat_get_i64(in, &j->swept_ms) < 0)
		return -EBADMSG;
	for (int i = 0; i < 3; i++)
		if (stat_get_u64(in, &j->rule.seed.k[i]) < 0)
			return -EBADMSG;
	*ret_all = all != 0;
	return 0;
}

static int get_series(struct judge *j, struct stat_in *in)
{
	const unsigned char *text;
	uint32_t slot;
	size_t len;
	bool new;

	if (stat_get_bytes(in, &text, &len) < 0)
		return -EBADMSG;
	struct groups_key key = groups_key_of(&j->groups, (const char *)text, len);
	struct series *s = judge_series(j, &key, &slot, &new);
	if (!new) { /* of an earlier state */
		judge_forget(j, slot);
		s = judge_series(j, &key, &slot, &new);
	}
	if (stat_get_u64(in, &s->n) < 0 || stat_get_u64(in, &s->seen) < 0 || stat_get_i64(in, &s->last_ms) < 0 ||
		alarms_load(judge_alarms(j, s), in) < 0)
		return -EBADMSG;
	return method_load(&j->rule, series_state(s), in);
}

static int load(void *self, bool full, const char *data, size_t len, struct strbuf *err)
{
	struct judge *j = self;
	struct stat_in in = {.s = (const unsigned char *)data, .end = (const unsigned char *)data + len};
	bool all = full;
	int e = get_judge(j, &all, &in);

	if (e == 0 && (full || all))
		judge_forget_all(j);
	while (e == 0 && in.s < in.end)
		e = get_series(j, &in);
	if (e < 0)
		strbuf_addstr(err, "the state is not what detect writes");
	j->saved = j->batch;
	j->forgotten = false;
	return e;
}

const struct checkpoint_ops state_form = {.version = 2, .deltas = true, .save = save, .load = load};
