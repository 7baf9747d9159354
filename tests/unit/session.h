/*
 * Shared by the tests of common/stream/session: scripts of events, and the trace of the actions that follow.
 *
 * A script is a function in the role of the shell: say(...) reports an event and appends the actions that the session
 * asks for to the trace, one word each: `S`, `B0!` (batch 0 with flush) with what it lists, `Q`, `R`, `F`, `join`,
 * `look`, `assign`, `close`, …
 */
#ifndef WEIR_TESTS_SESSION_H
#define WEIR_TESTS_SESSION_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "common/base/strbuf.h"
#include "common/stream/session.h"
#include "tests/unit/check.h"

static struct session s;
static struct session_policy policy;
static struct strbuf trace;
static int64_t now;
static bool with_cuts; /* the trace also has the cuts in B and R: `^RUN.BATCH`, or `^-` */

static const char *const reasons[] = {[REASON_NO_SINKS] = "no-sinks",
	[REASON_NO_ANSWER] = "no-answer",
	[REASON_NOT_ACKNOWLEDGED] = "not-acknowledged",
	[REASON_NOT_SETTLED] = "not-settled",
	[REASON_DISAGREE] = "disagree",
	[REASON_OTHER_TABLE] = "other-table",
	[REASON_NO_POSITION] = "no-position",
	[REASON_LOST] = "lost",
	[REASON_OUT_OF_RANGE] = "out-of-range",
	[REASON_LOST_NEW_RUN] = "lost-new-run",
	[REASON_LOST_SKIPPED] = "lost-skipped",
	[REASON_BACKWARDS] = "backwards",
	[REASON_RECREATED] = "recreated",
	[REASON_GROUP_DIFFERS] = "group-differs",
	[REASON_GROUP_IGNORED] = "group-ignored",
	[REASON_ADOPTED] = "adopted",
	[REASON_BEYOND] = "beyond",
	[REASON_REVOKED] = "revoked",
	[REASON_NOT_DRAINED] = "not-drained",
	[REASON_REFUSED] = "refused",
	[REASON_LAST_COMMIT] = "last-commit"};
static const char *const outcomes[] = {[OUTCOME_DATA] = "data", [OUTCOME_AGAIN] = "again", [OUTCOME_CONFIG] = "config"};

static inline struct cursor *at(int partition)
{
	return cursors_get(&s.cursors, "t", partition);
}

static inline void trace_mark(const struct session_mark *m)
{
	strbuf_addf(&trace, " %c%s", m->kind, m->flush ? "!" : "");
	if (m->kind == 'B')
		strbuf_addf(&trace, "%" PRIu64, m->number);
	for (size_t i = 0; i < m->count; i++) {
		const struct session_mark_part *p = &m->parts[i];
		strbuf_addf(&trace, "%s%d", i ? "," : ":", (int)p->cursor->partition);
		if (m->kind == 'B')
			strbuf_addf(&trace, "[%" PRId64 ",%" PRId64 ")", p->from, p->to);
		if (m->kind == 'R')
			strbuf_addf(&trace, "=%" PRId64 "/%" PRId64, p->expected, p->from);
		if (with_cuts && m->kind != 'Q' && p->cut.known)
			strbuf_addf(&trace, "^%" PRIu64 ".%" PRIu64, p->cut.run, p->cut.batch);
		else if (with_cuts && m->kind != 'Q')
			strbuf_addstr(&trace, "^-");
	}
}

static inline void trace_parts(const struct session_action *a, bool offsets)
{
	for (size_t i = 0; i < a->count; i++) {
		strbuf_addf(&trace, "%s%d", i ? "," : ":", (int)a->parts[i].cursor->partition);
		if (offsets)
			strbuf_addf(&trace, "@%" PRId64, a->parts[i].offset);
	}
}

static inline void trace_action(const struct session_action *a)
{
	static const char *const words[] = {[ACTION_JOIN] = "join",
		[ACTION_LOOK_UP] = "look",
		[ACTION_ASSIGN] = "assign",
		[ACTION_UNASSIGN] = "unassign",
		[ACTION_FLUSH] = "flush",
		[ACTION_CLOSE] = "close",
		[ACTION_COMMIT] = "commit",
		[ACTION_END] = "end"};
	if (a->kind == ACTION_MARK) {
		trace_mark(a->mark);
		return;
	}
	if (a->kind == ACTION_TELL)
		strbuf_addf(&trace, " tell-%s", reasons[a->reason]);
	else if (a->kind == ACTION_FAIL)
		strbuf_addf(&trace, " fail-%s-%s", outcomes[a->outcome], reasons[a->reason]);
	else
		strbuf_addf(&trace, " %s", words[a->kind]);
	if (a->kind == ACTION_LOOK_UP || a->kind == ACTION_ASSIGN || a->kind == ACTION_COMMIT)
		trace_parts(a, a->kind != ACTION_LOOK_UP);
}

static inline void step(const struct session_event *e)
{
	session_step(&s, now, e);
	for (size_t i = 0; i < s.action_count; i++)
		trace_action(&s.actions[i]);
}

/* Report the event KIND, with nothing else. */
static inline void say(enum session_event_kind kind)
{
	step(&(struct session_event){.kind = kind, .number = s.question});
}

static inline void say_number(enum session_event_kind kind, uint64_t number)
{
	step(&(struct session_event){.kind = kind, .number = number});
}

/* Report the event KIND about the partitions 0 to COUNT - 1. */
static inline void say_parts(enum session_event_kind kind, size_t count)
{
	struct session_part parts[16] = {0};
	for (size_t i = 0; i < count; i++)
		parts[i].cursor = at((int)i);
	step(&(struct session_event){.kind = kind, .parts = parts, .count = count, .number = s.question});
}

/* Report the event KIND about one partition. */
static inline void say_one(enum session_event_kind kind, int partition)
{
	struct session_part part = {.cursor = at(partition)};
	step(&(struct session_event){.kind = kind, .parts = &part, .count = 1, .number = s.question});
}

static inline void tick(int64_t ms)
{
	now += ms;
	say(EVENT_TIME);
}

static inline void committed(enum session_refusal refusal)
{
	struct session_part parts[16];
	size_t n = 0;
	for (size_t i = 0; refusal == REFUSAL_NONE && i < s.cursors.count; i++)
		if (s.cursors.items[i]->assigned)
			parts[n++] = (struct session_part){
				.cursor = s.cursors.items[i], .offset = s.cursors.items[i]->acked};
	step(&(struct session_event){.kind = EVENT_COMMITTED, .parts = parts, .count = n, .refusal = refusal});
}

/* Set what sinks answer about the first COUNT partitions, and what the look-up finds: 100 records each. */
static inline void answer(size_t count, bool held, int64_t expected)
{
	for (size_t i = 0; i < count; i++) {
		at((int)i)->held = held;
		at((int)i)->expected = expected;
	}
	say(EVENT_ANSWERED);
}

static inline void find(size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct cursor *c = at((int)i);
		c->lo = 0;
		c->hi = 100;
		if (c->stored < 0) /* the group knows what the sinks know */
			c->stored = policy.marked ? c->expected : 0;
	}
	say(EVENT_FOUND);
}

/* Take N records of a partition. */
static inline void read_records(int partition, int n)
{
	struct cursor *c = at(partition);
	for (int i = 0; i < n; i++) {
		CHECK_INT(cursors_accept(&s.cursors, c, c->next, s.cursors.epoch), RECORD_TAKE);
		if (session_took(&s, c, c->next, 1000 + c->next, 10))
			say(EVENT_FULL);
	}
}

/* Check the trace since the last check. */
static inline void expect_at(int line, const char *words)
{
	const char *is = trace.len ? trace.s + 1 : "";
	if (strcmp(is, words) != 0) {
		printf("# %s:%d: the trace is\n#   %s\n# not\n#   %s\n", __FILE__, line, is, words);
		check_failures++;
	}
	strbuf_clear(&trace);
}
#define expect(words) expect_at(__LINE__, words)

static inline void begin(bool marked)
{
	session_release(&s);
	strbuf_clear(&trace);
	now = 1000000;
	policy = (struct session_policy){.run = 7,
		.marked = marked,
		.member = true,
		.commits = true,
		.from = {WHERE_START, 0},
		.to = {WHERE_END, 0},
		.count = UINT64_MAX,
		.batch_records = UINT64_MAX,
		.batch_bytes = UINT64_MAX,
		.batch_ms = 1000,
		.answer_ms = 30000,
		.drain_ms = 30000,
		.give_back_ms = 5000,
		.commit_every_ms = 5000,
		.last_ack_ms = 30000,
		.last_commit_ms = 30000};
	session_init(&s, &policy);
	for (int i = 0; i < 2; i++)
		at(i)->topic->at_start = 2;
	say(EVENT_BEGIN);
}

/* Begin a plain stream that reads two partitions from their beginnings. */
static inline void begin_plain(void)
{
	begin(false);
	say_parts(EVENT_ASSIGNED, 2);
	find(2);
	expect("join assign look:0,1 assign:0@0,1@0");
}

/* Begin a marked stream that reads two partitions from the sinks' positions. */
static inline void begin_reading(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	answer(2, true, 5);
	find(2);
	expect("S join assign B!0 Q:0,1 look:0,1 R:0=5/5,1=5/5 assign:0@5,1@5");
	CHECK_INT(s.state, SESSION_READING);
}

/* Assign a partition with the offsets 10 to 99 to a marked stream; its group has STORED, its sinks EXPECTED. */
static inline void place_marked(int64_t stored, bool held, int64_t expected)
{
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, held, expected);
	at(0)->lo = 10;
	at(0)->hi = 100;
	at(0)->stored = stored;
	strbuf_clear(&trace);
	say(EVENT_FOUND);
}

/* Set up before the scripts, and clean up after them; returns the status of the program. */
static inline void session_begin(void)
{
	strbuf_init(&trace);
}

static inline int session_done(void)
{
	session_release(&s);
	strbuf_release(&trace);
	return check_done();
}

#endif
