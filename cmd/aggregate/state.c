/*
 * The state that survives a crash (doc/design.md, 7): the watermark, and all open groups.
 *
 * Numbers have 64 bits in the machine's byte order: the watermark, the end of the last closed window; then for each
 * group the length of its bytes (saved.h), and these bytes; then the ends of closed sessions, in the same form.
 */
#include "cmd/aggregate/state.h"

#include <errno.h>

#include "common/base/killpoint.h"

struct state_writer {
	const struct query *query;
	struct checkpoint_out *out;
	struct strbuf bytes;
};

static void put(void *self, const struct key_group *group)
{
	struct state_writer *w = self;

	strbuf_clear(&w->bytes);
	saved_put(&w->bytes, w->query, group);
	checkpoint_put_u64(w->out, w->bytes.len);
	checkpoint_put(w->out, w->bytes.s, w->bytes.len);
}

static void state_save(void *self, bool full, struct checkpoint_out *out)
{
	struct aggregate *a = self;
	struct state_writer w = {.query = &a->query, .out = out, .bytes = STRBUF_INIT};
	const struct watermark *m = &a->watermark;

	(void)full;
	const int64_t head[] = {m->max_ms, m->at_ms, a->open.closed_ms};
	checkpoint_put(out, head, sizeof head);
	store_each(&a->open, put, &w);
	store_each_closed(&a->open, put, &w);
	strbuf_release(&w.bytes);
	KILL_POINT("aggregate-state-saved");
}

static int load_group(struct aggregate *a, const char *data, size_t len)
{
	struct stat_in in = {.s = (const unsigned char *)data, .end = (const unsigned char *)data + len};
	struct key_group group;
	bool changed;
	int r = saved_get(&in, &a->query, &group, &changed);

	if (r < 0)
		return r;
	if (group.closed)
		return in.s == in.end ? store_put_closed(&a->open, &group) : -EBADMSG;
	void *block = store_put(&a->open, &group);
	r = saved_get_block(&in, &a->query, block);
	if (a->query.tracks)
		*query_block_changed(&a->query, block) = changed;
	return r;
}

static int bad(struct strbuf *err)
{
	strbuf_addstr(err, "the state is damaged");
	return -EBADMSG;
}

static int state_load(void *self, bool full, const char *data, size_t len, struct strbuf *err)
{
	struct aggregate *a = self;
	uint64_t limit = a->set.max_groups, size;
	int64_t head[3];
	int r = 0;

	(void)full;
	if (len < sizeof head)
		return bad(err);
	memcpy(head, data, sizeof head);
	a->watermark.max_ms = head[0];
	a->watermark.at_ms = head[1];
	a->open.closed_ms = head[2];
	a->set.max_groups = 0; /* they were admitted in an earlier run */
	for (size_t at = sizeof head; at < len && r == 0; at += size) {
		if (len - at < sizeof size)
			r = -EBADMSG;
		else
			memcpy(&size, data + at, sizeof size);
		at += sizeof size;
		r = r < 0 || size > len - at ? -EBADMSG : load_group(a, data + at, (size_t)size);
	}
	a->set.max_groups = limit;
	return r < 0 ? bad(err) : 0;
}

const struct checkpoint_ops state_form = {.version = 5, .save = state_save, .load = state_load};
