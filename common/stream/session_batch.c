/* Batches and the marks around them: see session.h. */
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/stream/session_impl.h"

bool session_all_acked(const struct session *s)
{
	return s->progress.done == s->batch; /* a plain stream has no marks */
}

static struct session_mark *add_mark(struct session *s, char kind, uint64_t number)
{
	struct session_mark *m = xcalloc(1, sizeof *m);
	*m = (struct session_mark){
		.kind = kind, .number = number, .done = s->progress.done, .ts_min = -1, .ts_max = -1, .watermark = -1};
	session_act(s, ACTION_MARK)->mark = m;
	return m;
}

static void add_part(struct session_mark *m, const struct cursor *c)
{
	m->parts[m->count++] = (struct session_mark_part){.cursor = c,
		.from = c->from,
		.to = c->next,
		.records = c->records,
		.last = c->last,
		.expected = c->expected,
		.end = c->end,
		.cut = c->cut};
}

/* The partitions of the open batch. */
static void add_parts(const struct session *s, struct session_mark *m)
{
	m->parts = xcalloc(s->cursors.count + 1, sizeof *m->parts);
	for (size_t i = 0; i < s->cursors.count; i++)
		if (s->cursors.items[i]->in_batch)
			add_part(m, s->cursors.items[i]);
}

void session_mark_start(struct session *s)
{
	add_mark(s, 'S', s->batch);
}

static void open_next(struct session *s, int64_t now_ms)
{
	s->batch++;
	s->records = s->bytes = 0;
	s->ts_min = s->ts_max = -1;
	s->due = now_ms + s->policy->batch_ms;
	for (size_t i = 0; i < s->cursors.count; i++) {
		struct cursor *c = s->cursors.items[i];
		c->from = c->next;
		c->records = 0;
		c->in_batch = c->assigned; /* it may be the last batch of an assignment that is over */
	}
}

/* The cut of the positions that the mark with NUMBER moves. */
static struct cut own_cut(const struct session *s, uint64_t number)
{
	return (struct cut){.known = true, .run = s->policy->run, .batch = number};
}

/* The open batch ends: set the cut of the partitions of which it has read. */
static void find_cuts(struct session *s)
{
	for (size_t i = 0; i < s->cursors.count; i++) {
		struct cursor *c = s->cursors.items[i];
		if (c->from != c->next)
			c->cut = own_cut(s, s->batch);
	}
}

/* Whether C holds the watermark back: it may have more records, and as far as is known they have timestamps. */
static bool holds_back(const struct cursor *c)
{
	return cursor_has_more(c) && c->max_ms != TIME_NONE;
}

/* How far event time has come at the end of the open batch. */
static void find_watermark(struct session *s)
{
	const struct cursor *slowest = NULL;
	bool moves = false;
	for (size_t i = 0; i < s->cursors.count; i++) {
		const struct cursor *c = s->cursors.items[i];
		if (!c->in_batch)
			continue;
		moves |= c->from != c->next;
		if (holds_back(c) && (!slowest || c->max_ms < slowest->max_ms))
			slowest = c;
	}
	if (!moves)
		return;
	s->slowest = slowest;
	if (slowest && slowest->max_ms > s->watermark)
		s->watermark = slowest->max_ms;
}

void session_close_batch(struct session *s, int64_t now_ms, bool flush)
{
	struct session_mark *m = add_mark(s, 'B', s->batch);
	m->flush = flush;
	m->records = s->records;
	m->ts_min = s->ts_min;
	m->ts_max = s->ts_max;
	find_watermark(s);
	m->watermark = s->slowest ? s->watermark : -1;
	m->slowest = s->slowest;
	find_cuts(s);
	add_parts(s, m);
	progress_expect(&s->progress, &s->cursors, s->batch);
	open_next(s, now_ms);
}

/* Q, R and F carry the number of the batch before them. */
void session_mark_query(struct session *s)
{
	struct session_mark *m = add_mark(s, 'Q', s->batch - 1);
	m->parts = xcalloc(s->asked_count + 1, sizeof *m->parts);
	for (size_t i = 0; i < s->asked_count; i++)
		add_part(m, s->asked[i]);
}

void session_mark_resume(struct session *s, int64_t now_ms)
{
	const struct cut own = own_cut(s, s->batch - 1);
	add_parts(s, add_mark(s, 'R', s->batch - 1));
	for (size_t i = 0; i < s->cursors.count; i++) {
		struct cursor *c = s->cursors.items[i];
		c->cut = cut_resume(&c->cut, c->from != c->expected, &own);
	}
	s->due = now_ms + s->policy->batch_ms;
	s->resumed = true;
}

void session_mark_final(struct session *s)
{
	add_mark(s, 'F', s->batch - 1);
}
