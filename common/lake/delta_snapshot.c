/* The files of a Delta table: see delta_snapshot.h. */
#include "common/lake/delta_snapshot.h"

#include <errno.h>
#include <string.h>

#include "common/lake/delta_readable.h"

#define TRIES 3 /* entries may be cleaned away while we read */

/* Read what AS_OF says once; -EAGAIN: an entry that was there has gone meanwhile. */
static int read_log(struct delta_snapshot *s, const struct as_of *as_of, struct strbuf *err)
{
	struct delta_found found;
	int r = delta_snapshot_find(s->store, as_of, &found, err);
	if (r == 0) {
		s->version = found.version;
		r = delta_base_open(&s->base, s->store, &found, err);
		if (r == 0)
			r = delta_tail_read(&s->tail, s->store, found.checkpoint.version + 1, found.version, err);
		r = r == -ENOENT ? -EAGAIN : r;
	}
	delta_found_release(&found);
	return r;
}

int delta_snapshot_open(struct delta_snapshot *s, struct store *store, const struct as_of *as_of, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	*s = (struct delta_snapshot){.store = store};
	delta_base_init(&s->base);
	delta_tail_init(&s->tail);
	int r = read_log(s, as_of, &text);
	for (int try = 1; r == -EAGAIN && try < TRIES; try++) {
		delta_snapshot_release(s);
		strbuf_clear(&text);
		r = read_log(s, as_of, &text);
	}
	strbuf_addstr(err, r < 0 ? text.s : "");
	strbuf_release(&text);
	if (r < 0)
		return r == -EAGAIN ? -EBADMSG : r;
	s->protocol = json_incref(s->tail.protocol ? s->tail.protocol : s->base.protocol);
	s->meta = json_incref(s->tail.meta ? s->tail.meta : s->base.meta);
	return delta_readable(s->protocol, s->meta, store->url, err);
}

void delta_snapshot_release(struct delta_snapshot *s)
{
	delta_base_release(&s->base);
	delta_tail_release(&s->tail);
	json_decref(s->protocol);
	json_decref(s->meta);
	s->protocol = s->meta = NULL;
}

int delta_snapshot_next(struct delta_snapshot *s, json_t **ret_add, struct strbuf *err)
{
	while (!s->in_tail) {
		int r = delta_base_next(&s->base, ret_add, err);
		if (r < 0)
			return r;
		if (r == 0)
			s->in_tail = true;
		else if (delta_tail_names(&s->tail, *ret_add))
			json_decref(*ret_add);
		else
			return 1;
	}
	return delta_tail_next(&s->tail, ret_add, err);
}
