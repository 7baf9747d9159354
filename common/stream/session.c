/* The states of a session, and the events that lead from one to the next: see session.h. */
#include "common/stream/session_impl.h"

/* C moves on behind OFFSET, of which RECORDS were read; MS is the greatest of their timestamps. */
static void move(struct session *s, struct cursor *c, int64_t offset, int64_t ms, uint64_t records)
{
	cursors_advance(&s->cursors, c, offset + 1);
	c->reached = c->next;
	c->max_ms = ms > c->max_ms ? ms : c->max_ms;
	c->records += records;
}

void session_left_out(struct session *s, struct cursor *c, int64_t offset, int64_t ms)
{
	move(s, c, offset, ms, 1);
}

bool session_took_many(
	struct session *s, struct cursor *c, int64_t offset, int64_t ms, uint64_t records, uint64_t bytes)
{
	move(s, c, offset, ms, records);
	s->within = false;
	s->left -= records < s->left ? records : s->left;
	if (!s->policy->marked)
		return !s->left;
	s->records += records;
	s->bytes += bytes;
	if (ms >= 0 && records) {
		s->ts_min = s->ts_min < 0 || ms < s->ts_min ? ms : s->ts_min;
		s->ts_max = ms > s->ts_max ? ms : s->ts_max;
	}
	return !s->left || s->records >= s->policy->batch_records || s->bytes >= s->policy->batch_bytes;
}

bool session_took(struct session *s, struct cursor *c, int64_t offset, int64_t ms, uint64_t bytes)
{
	return session_took_many(s, c, offset, ms, 1, bytes);
}

void session_began(struct session *s)
{
	s->within = true;
}

bool session_finished(const struct session *s)
{
	if (!s->left)
		return true;
	if (!s->policy->bounded || (s->state != SESSION_READING && s->state != SESSION_IDLE))
		return false;
	if (s->policy->member && s->state == SESSION_IDLE)
		return s->others_done;
	return s->started && !s->cursors.open;
}

/* Nothing is left to do. */
static void end(struct session *s)
{
	if (s->refusal || s->unknown)
		session_fail(s, OUTCOME_AGAIN, REASON_LAST_COMMIT, NULL, 0, 0);
	session_act(s, ACTION_END);
	session_enter(s, SESSION_ENDED, 0);
}

/* A step of the protocol has taken too long. */
static void overdue(struct session *s, int64_t now_ms)
{
	switch (s->state) {
	case SESSION_GREETING:
		session_fail(s, OUTCOME_AGAIN, REASON_NO_SINKS, NULL, 0, 0);
		break;
	case SESSION_ASKING:
		session_fail(s, OUTCOME_AGAIN, REASON_NO_ANSWER, NULL, 0, 0);
		break;
	case SESSION_SETTLING:
		session_fail(s, OUTCOME_AGAIN, REASON_NOT_SETTLED, NULL, 0, 0);
		break;
	case SESSION_DRAINING:
		if (s->policy->marked)
			session_report(s, REASON_NOT_DRAINED, NULL, 0, 0);
		session_drained(s, now_ms);
		break;
	case SESSION_GIVING_BACK:
		session_given_back(s);
		break;
	case SESSION_FINISHING:
		session_fail(s, OUTCOME_AGAIN, REASON_NOT_ACKNOWLEDGED, NULL, 0, 0);
		break;
	case SESSION_LEAVING:
		s->refusal = REFUSAL_AGAIN;
		end(s);
		break;
	default:
		break;
	}
}

/* Everything read so far is safe: acknowledged by all sinks or, on a plain stream, written. */
static void all_safe(struct session *s, int64_t now_ms)
{
	if (s->state == SESSION_DRAINING)
		session_drained(s, now_ms);
	else if (s->state == SESSION_SETTLING)
		session_settled(s);
}

static void on_acked(struct session *s, int64_t now_ms, uint64_t done)
{
	if (!progress_acked(&s->progress, &s->cursors, done < s->batch ? done : s->batch))
		return;
	s->next_commit = 0;
	if (session_all_acked(s))
		all_safe(s, now_ms);
}

/* On a plain stream, all that was put into the output has been written. */
static void on_flushed(struct session *s, int64_t now_ms)
{
	if (s->policy->marked)
		return;
	for (size_t i = 0; i < s->cursors.count; i++)
		s->cursors.items[i]->acked = s->cursors.items[i]->next;
	all_safe(s, now_ms);
}

/* Do whatever is due by now. */
static void on_time(struct session *s, int64_t now_ms)
{
	if (s->deadline && now_ms >= s->deadline)
		overdue(s, now_ms);
	bool open = s->state == SESSION_READING || s->state == SESSION_IDLE;
	if (open && s->resumed && !s->within && now_ms >= s->due)
		session_close_batch(s, now_ms, false);
	session_commit_due(s, now_ms);
}

/* Sinks have said hello, or there are none to wait for. */
static void begin(struct session *s)
{
	session_enter(s, SESSION_IDLE, 0);
	if (!s->stopping)
		session_act(s, ACTION_JOIN);
}

static void on_begin(struct session *s, int64_t now_ms)
{
	if (!s->policy->marked) {
		begin(s);
		return;
	}
	session_mark_start(s);
	session_enter(s, SESSION_GREETING, now_ms + s->policy->answer_ms);
}

/* Events of the sinks and of the output. */
static void step_sinks(struct session *s, int64_t now_ms, const struct session_event *e)
{
	switch (e->kind) {
	case EVENT_SINKS_READY:
		if (s->state == SESSION_GREETING)
			begin(s);
		break;
	case EVENT_ANSWERED:
		if (s->state == SESSION_ASKING && e->number == s->question)
			session_answered(s);
		break;
	case EVENT_DISAGREED:
		session_fail(s, OUTCOME_CONFIG, REASON_DISAGREE, e->count ? e->parts[0].cursor : NULL, 0, 0);
		break;
	case EVENT_FLUSHED:
		on_flushed(s, now_ms);
		break;
	case EVENT_ACKED:
		on_acked(s, now_ms, e->number);
		/* fall through */
	case EVENT_SEEN:
		if (s->state == SESSION_FINISHING && s->closed)
			s->deadline = now_ms + s->policy->last_ack_ms; /* sinks that make progress get more time */
		break;
	default:
		break;
	}
}

/* Events of the source about its partitions. */
static void step_source(struct session *s, int64_t now_ms, const struct session_event *e)
{
	switch (e->kind) {
	case EVENT_ASSIGNED:
		session_assigned(s, now_ms, e);
		break;
	case EVENT_REVOKED:
		session_revoked(s, now_ms);
		break;
	case EVENT_LOST:
		session_lost(s, now_ms);
		break;
	case EVENT_FOUND:
		if (e->number == s->question)
			session_found(s, now_ms, e);
		break;
	case EVENT_COMMITTED:
		session_committed(s, e);
		break;
	case EVENT_MISSING:
		if (s->state == SESSION_READING)
			session_missing(s, e->parts[0].cursor);
		break;
	case EVENT_RETAKE:
		if (s->state == SESSION_READING || s->state == SESSION_RELOCATING)
			session_retake(s, now_ms);
		break;
	case EVENT_ADDED:
		if (s->state == SESSION_READING && !s->policy->marked)
			session_added(s, e);
		break;
	case EVENT_REFETCH:
		if (s->state == SESSION_READING)
			session_refetch(s);
		break;
	case EVENT_DIFFERENT:
		session_fail(s, OUTCOME_DATA, REASON_RECREATED, e->parts[0].cursor, e->parts[0].offset, 0);
		break;
	case EVENT_OTHERS_DONE:
		s->others_done = true;
		break;
	default:
		break;
	}
}

/* Events about how a run goes on and ends. */
static void step_run(struct session *s, int64_t now_ms, const struct session_event *e)
{
	switch (e->kind) {
	case EVENT_BEGIN:
		on_begin(s, now_ms);
		break;
	case EVENT_FULL:
		if (s->state == SESSION_READING && s->left)
			session_close_batch(s, now_ms, false);
		break;
	case EVENT_TIME:
		on_time(s, now_ms);
		break;
	case EVENT_STOP:
		s->stopping = true;
		break;
	case EVENT_CLOSED:
		on_flushed(s, now_ms);
		s->closed = true;
		s->deadline = now_ms + s->policy->last_ack_ms;
		break;
	case EVENT_BROKEN:
		s->closed = true;
		session_give_up(s);
		break;
	case EVENT_FAILED:
		session_give_up(s);
		break;
	default:
		break;
	}
}

void session_step(struct session *s, int64_t now_ms, const struct session_event *e)
{
	session_forget_actions(s);
	if (s->state == SESSION_ENDED)
		return;
	step_run(s, now_ms, e);
	step_source(s, now_ms, e);
	step_sinks(s, now_ms, e);
	bool waits = s->state == SESSION_GREETING; /* a sink that has not said hello cannot acknowledge F */
	bool whole = !s->within || !s->policy->marked;
	if (s->state < SESSION_FINISHING && !waits && whole && (s->stopping || session_finished(s)))
		session_finish(s, now_ms);
	bool acked = s->state == SESSION_FINISHING && session_all_acked(s);
	if (s->closed && (acked || s->state == SESSION_FAILING))
		session_leave(s, now_ms);
	if (s->state == SESSION_GIVING_BACK && session_commits_done(s, now_ms))
		session_given_back(s);
	if (s->state == SESSION_LEAVING && session_commits_done(s, now_ms))
		end(s);
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int session_wait_ms(const struct session *s, int64_t now_ms, int max_ms)
{
	int64_t at = now_ms + max_ms;
	if (s->deadline)
		at = sooner(at, s->deadline);
	if (s->resumed && !s->within && (s->state == SESSION_READING || s->state == SESSION_IDLE))
		at = sooner(at, s->due);
	return at > now_ms ? (int)(at - now_ms) : 0;
}
