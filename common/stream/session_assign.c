/* Partitions that are assigned and revoked: see session.h. */
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/stream/session_impl.h"
#include "common/stream/starts.h"

static int by_place(const void *a, const void *b)
{
	const struct cursor *x = *(struct cursor *const *)a, *y = *(struct cursor *const *)b;
	int r = strcmp(x->topic->name, y->topic->name);
	return r ? r : (x->partition > y->partition) - (x->partition < y->partition);
}

/* From now on the question is about these partitions; answers to earlier ones are void. */
static void ask_about(struct session *s, const struct session_part *parts, size_t count)
{
	s->question++;
	s->asked = xreallocarray(s->asked, count + 1, sizeof(struct cursor *));
	s->asked_count = count;
	for (size_t i = 0; i < count; i++)
		s->asked[i] = parts[i].cursor;
	qsort(s->asked, count, sizeof(struct cursor *), by_place);
}

static void look_up(struct session *s, enum session_state state)
{
	struct session_action *a = session_act_parts(s, ACTION_LOOK_UP, s->asked_count);
	a->number = s->question;
	for (size_t i = 0; i < s->asked_count; i++)
		a->parts[i].cursor = s->asked[i];
	session_enter(s, state, 0);
}

/* Nothing is assigned: the marked stream goes on with empty batches. */
static void idle(struct session *s, int64_t now_ms)
{
	if (s->policy->marked)
		session_mark_resume(s, now_ms);
	session_enter(s, SESSION_IDLE, 0);
}

void session_assigned(struct session *s, int64_t now_ms, const struct session_event *e)
{
	if (s->state >= SESSION_FINISHING)
		return;
	cursors_drop_all(&s->cursors);
	s->started = true;
	s->others_done = false;
	ask_about(s, e->parts, e->count);
	if (s->policy->member) /* it is a member from now on; reading starts when the offsets are known */
		session_act_parts(s, ACTION_ASSIGN, 0);
	if (s->policy->marked)
		session_close_batch(s, now_ms, true);
	if (!s->asked_count) {
		idle(s, now_ms);
	} else if (s->policy->marked) {
		session_mark_query(s);
		session_enter(s, SESSION_ASKING, now_ms + s->policy->answer_ms);
	} else {
		look_up(s, SESSION_RESOLVING);
	}
}

void session_added(struct session *s, const struct session_event *e)
{
	ask_about(s, e->parts, e->count);
	cursors_renew(&s->cursors); /* all partitions are read again, from `next` on */
	look_up(s, SESSION_RESOLVING);
}

/* How many partitions each topic had when the group began to read it. */
static void find_parts(struct session *s)
{
	for (size_t i = 0; i < s->asked_count; i++) {
		struct cursor *c = s->asked[i];
		struct topic_facts facts = {.recorded = c->topic->recorded,
			.at_start = c->topic->at_start,
			.matched = c->topic->matched,
			.elsewhere = c->held ? s->elsewhere : s->cursors.stored && !c->topic->stored};
		if (i == 0 || c->topic != s->asked[i - 1]->topic)
			c->topic->parts = start_parts(&facts);
	}
}

void session_answered(struct session *s)
{
	look_up(s, SESSION_RESOLVING);
}

/*
 * Let the source read the assigned partitions: from `next`, or from the record before it if that is needed for a
 * comparison.
 */
static void assign(struct session *s)
{
	struct session_action *a = session_act_parts(s, ACTION_ASSIGN, s->cursors.assigned);
	size_t n = 0;
	for (size_t i = 0; i < s->cursors.count; i++) {
		struct cursor *c = s->cursors.items[i];
		if (!c->assigned)
			continue;
		a->parts[n].cursor = c;
		a->parts[n++].offset = c->before.known ? c->before.offset : c->next;
	}
	session_enter(s, SESSION_READING, 0);
}

/* Whether the offset that W means depends on the length of the partition. */
static bool is_relative(const struct where *w)
{
	return w->kind == WHERE_END || w->kind == WHERE_AFTER || w->kind == WHERE_BEFORE || w->kind == WHERE_TIME;
}

/*
 * Whether some partition begins at an offset that a new run would not find by itself.  The beginning of a partition is
 * such an offset, too, when --from is relative (its end, +N, -N, a time), and would mean another offset then.
 */
static bool begins_anew(const struct session *s)
{
	for (size_t i = 0; i < s->asked_count; i++) {
		const struct cursor *c = s->asked[i];
		if (c->held && c->expected < 0 && (c->next != c->lo || is_relative(&s->policy->from)))
			return true;
	}
	return false;
}

static void resume(struct session *s, int64_t now_ms, const struct session_event *e)
{
	find_parts(s);
	if (!session_place_all(s, e))
		return;
	if (!s->policy->marked) {
		assign(s);
		return;
	}
	session_mark_resume(s, now_ms);
	if (begins_anew(s)) {
		session_close_batch(s, now_ms, true);
		session_enter(s, SESSION_SETTLING, now_ms + s->policy->answer_ms);
	} else {
		assign(s);
	}
}

void session_settled(struct session *s)
{
	assign(s);
}

/* --- the next record is gone ---------------------------------------------------------------------------------------
 */

void session_missing(struct session *s, struct cursor *c)
{
	struct session_part part = {.cursor = c};
	if (!c->assigned || c->ended)
		return;
	ask_about(s, &part, 1);
	look_up(s, SESSION_RELOCATING);
}

static void relocated(struct session *s)
{
	struct cursor *c = s->asked[0];
	if (c->before.known && c->before.offset < c->lo && c->lo <= c->next) {
		/* the record to compare with was deleted after its offset had been asked for */
		c->before.known = false;
		session_refetch(s);
	} else if (c->next >= c->lo) {
		session_fail(s, OUTCOME_DATA, REASON_OUT_OF_RANGE, c, c->next, c->hi);
		/* a marked stream can record a gap only at the start of a run */
	} else if (s->policy->marked && s->policy->skip_lost) {
		session_fail(s, OUTCOME_AGAIN, REASON_LOST_NEW_RUN, c, c->next, c->lo);
	} else if (session_forgive(s, c, c->next)) {
		/*
		 * All partitions are read again from explicit offsets.  The new epoch distinguishes the new records
		 * from those that were fetched before.
		 */
		cursors_advance(&s->cursors, c, c->lo);
		session_refetch(s);
	}
}

void session_refetch(struct session *s)
{
	cursors_renew(&s->cursors);
	assign(s);
}

void session_found(struct session *s, int64_t now_ms, const struct session_event *e)
{
	if (s->state == SESSION_RESOLVING)
		resume(s, now_ms, e);
	else if (s->state == SESSION_RELOCATING)
		relocated(s);
}

void session_retake(struct session *s, int64_t now_ms)
{
	struct session_part *parts = xcalloc(s->cursors.assigned + 1, sizeof *parts);
	struct session_event e = {.kind = EVENT_ASSIGNED, .parts = parts};
	for (size_t i = 0; i < s->cursors.count; i++)
		if (s->cursors.items[i]->assigned)
			parts[e.count++].cursor = s->cursors.items[i];
	session_assigned(s, now_ms, &e);
	free(parts);
}

/* --- partitions go -------------------------------------------------------------------------------------------------
 */

void session_give_all_back(struct session *s)
{
	s->question++; /* answers to what was asked about them become void */
	cursors_drop_all(&s->cursors);
	session_act(s, ACTION_UNASSIGN);
}

/* Whether an assigned partition was read further than the group knows. */
static bool holds_uncommitted(const struct session *s)
{
	if (!s->policy->commits) /* then the sink commits there, and finds out itself */
		return false;
	for (size_t i = 0; i < s->cursors.count; i++) {
		const struct cursor *c = s->cursors.items[i];
		if (c->assigned && c->next > c->committed)
			return true;
	}
	return false;
}

void session_lost(struct session *s, int64_t now_ms)
{
	bool any = s->cursors.assigned;
	if (s->state >= SESSION_FINISHING)
		s->unknown |= holds_uncommitted(s);
	if (any)
		session_report(s, REASON_REVOKED, NULL, 0, 0);
	session_give_all_back(s);
	if (s->state >= SESSION_FINISHING)
		return;
	if (any && s->policy->marked)
		session_close_batch(s, now_ms, false);
	session_enter(s, SESSION_IDLE, 0);
}

void session_revoked(struct session *s, int64_t now_ms)
{
	int64_t deadline = now_ms + s->policy->drain_ms;
	if (!s->cursors.assigned) {
		session_give_all_back(s);
		if (s->state < SESSION_FINISHING)
			session_enter(s, SESSION_IDLE, 0);
		return;
	}
	if (s->state >= SESSION_FINISHING)
		return; /* nothing to do: leaving the group gives them back */
	s->question++;
	if (s->policy->marked)
		session_close_batch(s, now_ms, true);
	else
		session_act(s, ACTION_FLUSH);
	session_enter(s, SESSION_DRAINING, deadline);
}

/* Everything read of the revoked partitions is acknowledged, or the time for that is over. */
void session_drained(struct session *s, int64_t now_ms)
{
	s->next_commit = 0;
	session_enter(s, SESSION_GIVING_BACK, now_ms + s->policy->give_back_ms);
	session_commit_due(s, now_ms);
}

void session_given_back(struct session *s)
{
	session_give_all_back(s);
	session_enter(s, SESSION_IDLE, 0);
}
