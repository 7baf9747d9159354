/* Commits, and the end of a run: see session.h. */
#include "common/stream/session_impl.h"

static size_t count_due(const struct session *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->cursors.count; i++)
		n += progress_due(s->cursors.items[i]);
	return n;
}

void session_commit_due(struct session *s, int64_t now_ms)
{
	if (!s->policy->commits || s->committing || now_ms < s->next_commit)
		return;
	s->next_commit = now_ms + s->policy->commit_every_ms;
	size_t n = count_due(s);
	if (!n) {
		/* an earlier refusal no longer matters: the partition was given back, or committed since */
		s->refusal = REFUSAL_NONE;
		return;
	}
	struct session_action *a = session_act_parts(s, ACTION_COMMIT, n);
	a->count = 0;
	for (size_t i = 0; i < s->cursors.count; i++)
		if (progress_due(s->cursors.items[i]))
			a->parts[a->count++] = (struct session_part){
				.cursor = s->cursors.items[i], .offset = s->cursors.items[i]->acked};
	s->committing = true;
}

void session_committed(struct session *s, const struct session_event *e)
{
	s->committing = false;
	s->refusal = e->refusal;
	for (size_t i = 0; i < e->count; i++) {
		struct cursor *c = e->parts[i].cursor;
		if (e->parts[i].offset > c->committed)
			c->committed = e->parts[i].offset;
	}
	if (e->refusal == REFUSAL_FINAL)
		session_fail(s, OUTCOME_CONFIG, REASON_REFUSED, NULL, 0, 0);
}

/* Make every commit that can be made, one after the other; true when nothing is due any more or one was refused. */
bool session_commits_done(struct session *s, int64_t now_ms)
{
	if (!s->policy->commits)
		return true;
	if (s->committing)
		return false;
	if (s->refusal || !count_due(s))
		return true;
	s->next_commit = 0;
	session_commit_due(s, now_ms);
	return false;
}

void session_finish(struct session *s, int64_t now_ms)
{
	s->question++;
	if (s->policy->marked) {
		session_close_batch(s, now_ms, true);
		session_mark_final(s);
	}
	session_act(s, ACTION_CLOSE);
	session_enter(s, SESSION_FINISHING, 0);
}

void session_leave(struct session *s, int64_t now_ms)
{
	s->refusal = REFUSAL_NONE;
	session_enter(s, SESSION_LEAVING, now_ms + s->policy->last_commit_ms);
}
