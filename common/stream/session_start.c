/* Where each partition begins and ends: see session.h. */
#include "common/stream/session_impl.h"
#include "common/stream/starts.h"

static struct start_facts facts_of(const struct session *s, const struct cursor *c)
{
	/*
	 * A partition without a position, of a topic of which the group has some, came later.  But partitions that
	 * users name one by one may simply be started at different times.
	 */
	bool beside = c->topic->stored && !c->held && c->stored < 0 && !s->policy->named;
	return (struct start_facts){
		.from = &s->policy->from,
		.lo = c->lo,
		.hi = c->hi,
		.timed = c->from_timed,
		.sink = c->expected,
		.held = c->held,
		.stored = c->stored,
		.reset = s->policy->reset,
		.later = c->partition >= c->topic->parts || beside,
	};
}

bool session_forgive(struct session *s, struct cursor *c, int64_t start)
{
	bool start_will_do = !s->policy->marked && s->policy->from_start;
	if (!start_will_do && !s->policy->skip_lost) {
		session_fail(s, OUTCOME_DATA, REASON_LOST, c, start, c->lo);
		return false;
	}
	session_report(s, REASON_LOST_SKIPPED, c, start, c->lo);
	return true;
}

/* Where to begin reading C; OFFSET_NONE when that lies after the end. */
static int64_t begin_at(struct session *s, struct cursor *c, enum start_by *by)
{
	struct start_facts facts = facts_of(s, c);
	int64_t start = start_of(&facts, by);
	c->committed = s->policy->reset ? OFFSET_NONE : c->stored;
	if (start < 0)
		session_fail(s, OUTCOME_CONFIG, REASON_NO_POSITION, c, 0, 0);
	else if (start < c->lo)
		start = session_forgive(s, c, start) ? c->lo : OFFSET_NONE;
	return start;
}

static void find_end(const struct session *s, struct cursor *c)
{
	struct start_facts facts = facts_of(s, c);
	if (c->end_known || !s->policy->bounded)
		return;
	facts.timed = c->to_timed;
	int64_t end = start_place(&facts, &s->policy->to);
	if (end > c->hi && !(s->policy->named && s->policy->single))
		end = c->hi;
	c->end = end < 0 ? 0 : end;
	c->end_known = true;
}

/* The group's position must not contradict the sinks' answers. */
static bool check_group(struct session *s, struct cursor *c, bool other_table)
{
	if (!s->policy->marked)
		return true;
	bool foreign = c->stored >= 0 && other_table;
	if (foreign && !s->policy->adopt) {
		session_fail(s, OUTCOME_CONFIG, REASON_OTHER_TABLE, c, 0, 0);
		return false;
	}
	if (foreign)
		c->committed = OFFSET_NONE; /* from now on the group follows this table, even if the table is behind */
	if (!foreign && c->expected >= 0 && c->stored >= 0 && c->expected != c->stored)
		session_report(s, REASON_GROUP_DIFFERS, c, c->expected, c->stored);
	return true;
}

/* Filters downstream keep what they have counted, so a run never goes back. */
static bool check_forwards(struct session *s, struct cursor *c)
{
	if (!s->policy->marked || c->next >= c->reached)
		return true;
	session_fail(s, OUTCOME_AGAIN, REASON_BACKWARDS, c, c->next, c->reached);
	return false;
}

/*
 * Set what is known before the first record of an assignment: the last timestamp, by the sinks, and where the records
 * end.
 */
static void find_progress(const struct session *s, struct cursor *c)
{
	if (c->before.known && c->before.ms > c->max_ms)
		c->max_ms = c->before.ms;
	/* For a run that begins at its end, the source need not report the end. */
	if (s->policy->bounded || c->next == c->hi)
		c->tail = c->hi;
}

/* If the record before the start can be compared, read it again.  It exists unless retention has removed it. */
static void prepare_comparison(struct cursor *c)
{
	struct identity *b = &c->before;
	b->known = b->known && b->offset < c->next && b->offset >= c->lo && c->expected == c->next;
}

static bool other_table(const struct session_event *found, const struct cursor *c)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->parts[i].cursor == c)
			return found->parts[i].other_table;
	return false;
}

/* Whether a table has nothing of C yet. */
static bool is_new(const struct cursor *c)
{
	return c->held && c->expected < 0;
}

enum about { ABOUT_IGNORED, ABOUT_ADOPTED, ABOUT_BEYOND };

/* Whether C is one of the partitions that the message ABOUT is about. */
static bool is_about(
	enum about about, const struct session *s, const struct session_event *found, const struct cursor *c)
{
	/* otherwise it would have been refused */
	bool adopted = s->policy->marked && c->stored >= 0 && other_table(found, c);
	switch (about) {
	case ABOUT_ADOPTED:
		return adopted;
	case ABOUT_IGNORED: /* where a sink has no position, the group's is ignored */
		return is_new(c) && !adopted && c->stored >= 0 && c->next != c->stored;
	default: /* what lies before will never be in the table */
		return is_new(c) && c->next > c->lo;
	}
}

/* Report REASON once, for the first partition that it applies to, with the number of the others. */
static void tell_once(
	struct session *s, const struct session_event *found, enum about about, enum session_reason reason)
{
	struct cursor *first = NULL;
	size_t more = 0;
	int64_t before = 0;
	for (size_t i = 0; i < s->asked_count; i++) {
		struct cursor *c = s->asked[i];
		if (!is_about(about, s, found, c))
			continue;
		more += first != NULL;
		before += c->next - c->lo;
		first = first ? first : c;
	}
	if (!first)
		return;
	if (about == ABOUT_BEYOND)
		session_report(s, reason, first, first->next, before);
	else
		session_report(s, reason, first, first->stored, first->next);
	s->actions[s->action_count - 1].more = more;
}

static bool place(struct session *s, struct cursor *c, bool foreign)
{
	enum start_by by;
	int64_t start = begin_at(s, c, &by);
	if (start < 0)
		return false;
	find_end(s, c);
	cursors_assign(&s->cursors, c, start);
	/*
	 * A position beyond `hi` may come from an uncommitted transaction, or be an error; reading will show which.  An
	 * offset in --from need not exist in every partition.
	 */
	if (start <= c->hi || (by == START_BY_FROM && !s->policy->single))
		cursors_advance(&s->cursors, c, start);
	if (!check_group(s, c, foreign) || !check_forwards(s, c))
		return false;
	if (c->held && c->expected < 0)
		c->acked = OFFSET_NONE; /* until a batch is acknowledged */
	c->in_batch = s->policy->marked;
	c->from = c->next;
	c->records = 0;
	find_progress(s, c);
	prepare_comparison(c);
	return true;
}

bool session_place_all(struct session *s, const struct session_event *found)
{
	for (size_t i = 0; i < s->asked_count; i++)
		if (!place(s, s->asked[i], other_table(found, s->asked[i])))
			return false;
	tell_once(s, found, ABOUT_ADOPTED, REASON_ADOPTED);
	tell_once(s, found, ABOUT_IGNORED, REASON_GROUP_IGNORED);
	tell_once(s, found, ABOUT_BEYOND, REASON_BEYOND);
	return true;
}

/* The offset at which a member that is assigned C now would go on. */
static int64_t group_position(const struct session *s, const struct cursor *c)
{
	struct start_facts facts = facts_of(s, c);
	enum start_by by;
	facts.held = facts.reset = false;
	int64_t at = start_of(&facts, &by);
	return at < c->lo ? c->lo : at;
}

const struct cursor *session_behind(struct session *s, const struct session_part *parts, size_t count, int64_t *ret_sum)
{
	const struct cursor *behind = NULL;
	*ret_sum = 0;
	for (size_t i = 0; i < count; i++) {
		struct cursor *c = parts[i].cursor;
		int64_t at = group_position(s, c);
		find_end(s, c);
		*ret_sum += at;
		behind = !behind && at < c->end ? c : behind;
	}
	return behind;
}
