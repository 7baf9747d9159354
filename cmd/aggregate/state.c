/*
 * What is kept over a crash (DESIGN section 6): the watermark, and all that is open.
 *
 * Numbers of 64 bits as the machine has them: the watermark's, the end of the last closed window; then for each group
 * the length of its bytes (saved.h), and these.
 */
#include "cmd/aggregate/state.h"

#include <errno.h>

#include "common/base/killpoint.h"

struct writer {
	struct aggregate *a;
	struct checkpoint_out *out;
	struct strbuf bytes;
};

static void put(struct writer *w, const struct saved *saved, const void *block)
{
	strbuf_clear(&w->bytes);
	saved_put(&w->bytes, &w->a->query, saved, block);
	checkpoint_put_u64(w->out, w->bytes.len);
	checkpoint_put(w->out, w->bytes.s, w->bytes.len);
}

static bool changed(const struct aggregate *a, void *block)
{
	return a->query.tracks && *query_block_changed(&a->query, block);
}

static void put_pane(struct writer *w, const struct pane *pane)
{
	struct saved saved = {.start_ms = pane->start_ms, .end_ms = pane->start_ms};

	for (uint32_t i = 0; i < pane->groups.slots; i++) {
		void *block = groups_state(&pane->groups, i);
		saved.key = groups_key(&pane->groups, i, &saved.key_len);
		saved.changed = changed(w->a, block);
		put(w, &saved, block);
	}
	if (!pane->other)
		return;
	saved = (struct saved){.other = true, .start_ms = pane->start_ms, .end_ms = pane->start_ms, .key = ""};
	saved.changed = changed(w->a, pane->other);
	put(w, &saved, pane->other);
}

static void put_session(struct writer *w, struct session *session)
{
	struct saved saved = {.start_ms = session->start_ms, .end_ms = session->last_ms, .key = ""};

	saved.other = session->slot == GROUPS_NONE;
	saved.changed = changed(w->a, session->block);
	if (!saved.other)
		saved.key = groups_key(&w->a->open.sessions.keys, session->slot, &saved.key_len);
	put(w, &saved, session->block);
}

static void state_save(void *self, bool full, struct checkpoint_out *out)
{
	struct aggregate *a = self;
	struct writer w = {.a = a, .out = out, .bytes = STRBUF_INIT};
	const struct watermark *m = &a->watermark;

	(void)full;
	const int64_t head[] = {m->max_ms, m->at_ms, m->has_lag, m->lag_ms, m->seen, a->open.windows.closed_ms};
	checkpoint_put(out, head, sizeof head);
	for (size_t i = 0; i < a->open.windows.count; i++)
		put_pane(&w, a->open.windows.panes[i]);
	for (size_t i = 0; i < a->open.sessions.count; i++)
		if (!a->open.sessions.heap[i].session->dead)
			put_session(&w, a->open.sessions.heap[i].session);
	strbuf_release(&w.bytes);
	KILL_POINT("aggregate-state-saved");
}

/* The new block of a group that was saved. */
static void *make_block(struct aggregate *a, const struct saved *s)
{
	if (a->window.kind == WINDOW_SESSION)
		return session_new(&a->open.sessions, s->key, s->key_len, s->other, s->start_ms, s->end_ms)->block;
	struct pane *pane = windows_pane(&a->open.windows, s->start_ms, WINDOW_NOT_BEGUN);
	return s->other ? pane_other(pane) : pane_block(pane, s->key, s->key_len);
}

static int load_group(struct aggregate *a, const char *data, size_t len)
{
	struct stat_in in = {.s = (const unsigned char *)data, .end = (const unsigned char *)data + len};
	struct saved saved;
	int r = saved_get(&in, &saved);

	if (r < 0)
		return r;
	void *block = make_block(a, &saved);
	r = saved_get_block(&in, &a->query, block);
	if (a->query.tracks)
		*query_block_changed(&a->query, block) = saved.changed;
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
	int64_t head[6];
	int r = 0;

	(void)full;
	if (len < sizeof head)
		return bad(err);
	memcpy(head, data, sizeof head);
	a->watermark.max_ms = head[0];
	a->watermark.at_ms = head[1];
	a->watermark.has_lag = head[2];
	a->watermark.lag_ms = head[3];
	a->watermark.seen = head[4];
	a->open.windows.closed_ms = head[5];
	a->set.max_groups = 0; /* they were let in */
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

const struct checkpoint_ops state_form = {.version = SAVED_VERSION, .save = state_save, .load = state_load};
