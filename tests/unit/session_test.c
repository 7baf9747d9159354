/*
 * common/stream/session: scripts of events, and the trace of the actions that follow.
 *
 * A script is a function that plays the shell: say(...) reports an event and appends to the trace what the session
 * wants, a word an action: `S`, `B0!` (batch 0 with flush) with what it lists, `Q`, `R`, `F`, `join`, `look`, `assign`,
 * `close`, …
 */
#include "common/stream/session.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "common/base/strbuf.h"
#include "tests/unit/check.h"

static struct session s;
static struct session_policy policy;
static struct strbuf trace;
static int64_t now;

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
	[REASON_MADE_ANEW] = "made-anew",
	[REASON_GROUP_DIFFERS] = "group-differs",
	[REASON_GROUP_IGNORED] = "group-ignored",
	[REASON_TAKEN_AWAY] = "taken-away",
	[REASON_NOT_DRAINED] = "not-drained",
	[REASON_REFUSED] = "refused",
	[REASON_LAST_COMMIT] = "last-commit"};
static const char *const outcomes[] = {[OUTCOME_DATA] = "data", [OUTCOME_AGAIN] = "again", [OUTCOME_CONFIG] = "config"};

static struct cursor *at(int partition)
{
	return cursors_get(&s.cursors, "t", partition);
}

static void trace_mark(const struct session_mark *m)
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
	}
}

static void trace_parts(const struct session_action *a, bool offsets)
{
	for (size_t i = 0; i < a->count; i++) {
		strbuf_addf(&trace, "%s%d", i ? "," : ":", (int)a->parts[i].cursor->partition);
		if (offsets)
			strbuf_addf(&trace, "@%" PRId64, a->parts[i].offset);
	}
}

static void trace_action(const struct session_action *a)
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

static void step(const struct session_event *e)
{
	session_step(&s, now, e);
	for (size_t i = 0; i < s.action_count; i++)
		trace_action(&s.actions[i]);
}

/* The event KIND, without anything else. */
static void say(enum session_event_kind kind)
{
	step(&(struct session_event){.kind = kind, .number = s.question});
}

static void say_number(enum session_event_kind kind, uint64_t number)
{
	step(&(struct session_event){.kind = kind, .number = number});
}

/* The event KIND about the partitions 0 to COUNT - 1. */
static void say_parts(enum session_event_kind kind, size_t count)
{
	struct session_part parts[8] = {0};
	for (size_t i = 0; i < count; i++)
		parts[i].cursor = at((int)i);
	step(&(struct session_event){.kind = kind, .parts = parts, .count = count, .number = s.question});
}

static void tick(int64_t ms)
{
	now += ms;
	say(EVENT_TIME);
}

static void committed(enum session_refusal refusal)
{
	struct session_part parts[8];
	size_t n = 0;
	for (size_t i = 0; refusal == REFUSAL_NONE && i < s.cursors.count; i++)
		if (s.cursors.items[i]->assigned)
			parts[n++] = (struct session_part){
				.cursor = s.cursors.items[i], .offset = s.cursors.items[i]->acked};
	step(&(struct session_event){.kind = EVENT_COMMITTED, .parts = parts, .count = n, .refusal = refusal});
}

/* What sinks answer about the first COUNT partitions, and the look-up finds: 100 records each. */
static void answer(size_t count, bool held, int64_t expected)
{
	for (size_t i = 0; i < count; i++) {
		at((int)i)->held = held;
		at((int)i)->expected = expected;
	}
	say(EVENT_ANSWERED);
}

static void find(size_t count)
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

/* N records of a partition are taken. */
static void read_records(int partition, int n)
{
	struct cursor *c = at(partition);
	for (int i = 0; i < n; i++) {
		CHECK_INT(cursors_accept(&s.cursors, c, c->next, s.cursors.epoch), RECORD_TAKE);
		if (session_took(&s, c, c->next, 1000 + c->next, 10))
			say(EVENT_FULL);
	}
}

/* The trace since the last time is this. */
static void expect_at(int line, const char *words)
{
	const char *is = trace.len ? trace.s + 1 : "";
	if (strcmp(is, words) != 0) {
		printf("# %s:%d: the trace is\n#   %s\n# not\n#   %s\n", __FILE__, line, is, words);
		check_failures++;
	}
	strbuf_clear(&trace);
}
#define expect(words) expect_at(__LINE__, words)

static void begin(bool marked)
{
	session_release(&s);
	strbuf_clear(&trace);
	now = 1000000;
	policy = (struct session_policy){.marked = marked,
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

/* A marked stream that reads two partitions from where the sinks are. */
static void begin_reading(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	answer(2, true, 5);
	find(2);
	expect("S join assign B!0 Q:0,1 look:0,1 R:0=5/5,1=5/5 assign:0@5,1@5");
	CHECK_INT(s.state, SESSION_READING);
}

/* --- a marked stream ---------------------------------------------------------------------------------------------- */

static void test_join_read_commit_end(void)
{
	begin_reading();
	read_records(0, 3);
	tick(1000);
	expect("B1:0[5,8),1[5,5)");
	say_number(EVENT_ACKED, 2);
	expect("");
	tick(1);
	expect("commit:0@8");
	committed(REFUSAL_NONE);
	CHECK_INT(at(0)->committed, 8);
	read_records(1, 1);
	say(EVENT_STOP);
	expect("B!2:0[8,8),1[5,6) F close");
	say(EVENT_CLOSED);
	say_number(EVENT_ACKED, 3);
	expect("commit:1@6");
	committed(REFUSAL_NONE);
	expect("end");
	CHECK(!s.failed);
}

static void test_sinks_that_do_not_come(void)
{
	begin(true);
	expect("S");
	tick(29999);
	expect("");
	tick(1);
	expect("fail-again-no-sinks close");
	say(EVENT_CLOSED);
	expect("end");
}

static void test_stop_before_the_sinks_are_there(void)
{
	begin(true);
	say(EVENT_STOP);
	expect("S"); /* F goes to sinks that have said hello only */
	say(EVENT_SINKS_READY);
	expect("B!0 F close");
	say(EVENT_CLOSED);
	say_number(EVENT_ACKED, 1);
	expect("end");
}

static void test_sinks_disagree(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	say_parts(EVENT_DISAGREED, 1);
	expect("S join assign B!0 Q:0,1 fail-config-disagree close");
}

static void test_sinks_do_not_answer(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	tick(30000);
	expect("S join assign B!0 Q:0 fail-again-no-answer close");
}

static void test_first_positions_are_durable_before_a_record_is_read(void)
{
	begin(true);
	policy.from.kind = WHERE_END;
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, OFFSET_NONE);
	find(1);
	expect("S join assign B!0 Q:0 look:0 R:0=-1/100 B!1:0[100,100)");
	CHECK_INT(s.state, SESSION_SETTLING);
	say_number(EVENT_ACKED, 1);
	expect("");
	say_number(EVENT_ACKED, 2);
	expect("assign:0@100");
	begin(true);
	policy.from.kind = WHERE_END;
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, OFFSET_NONE);
	find(1);
	strbuf_clear(&trace);
	tick(30000);
	expect("fail-again-not-settled close");
}

static void test_a_partition_that_came_later_begins_at_its_start(void)
{
	begin(true);
	policy.from.kind = WHERE_END;
	at(0)->topic->recorded = 1; /* partition 1 came later */
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	answer(2, true, OFFSET_NONE);
	find(2);
	expect("S join assign B!0 Q:0,1 look:0,1 R:0=-1/100,1=-1/0 B!1:0[100,100),1[0,0)");
}

static void test_revoked_while_positions_are_asked(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	uint64_t old = s.question;
	say(EVENT_REVOKED);
	expect("S join assign B!0 Q:0,1 unassign");
	say_number(EVENT_ANSWERED, old); /* void */
	say_number(EVENT_FOUND, old);
	expect("");
	say_parts(EVENT_ASSIGNED, 1);
	say_number(EVENT_ANSWERED, old);
	expect("assign B!1 Q:0");
	answer(1, true, 7);
	find(1);
	expect("look:0 R:0=7/7 assign:0@7");
}

static void test_revoked_while_looking_up(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	answer(2, true, 5);
	uint64_t old = s.question;
	say(EVENT_REVOKED);
	say_number(EVENT_FOUND, old);
	expect("S join assign B!0 Q:0,1 look:0,1 unassign");
}

static void test_revoked_while_first_positions_settle(void)
{
	begin(true);
	policy.from.kind = WHERE_END;
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, OFFSET_NONE);
	find(1);
	strbuf_clear(&trace);
	say(EVENT_REVOKED);
	expect("B!2:0[100,100)");
	say_number(EVENT_ACKED, 3);
	expect("commit:0@100");
	committed(REFUSAL_NONE);
	expect("unassign");
}

static void test_revoked_drains_and_commits(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_REVOKED);
	expect("B!1:0[5,7),1[5,5)");
	CHECK_INT(cursors_accept(&s.cursors, at(0), 7, s.cursors.epoch),
		RECORD_TAKE); /* the shell takes none in DRAINING */
	tick(10);
	expect("");
	say_number(EVENT_ACKED, 2);
	expect("commit:0@7");
	committed(REFUSAL_NONE);
	expect("unassign");
	CHECK_INT(s.cursors.assigned, 0);
	tick(1000);
	expect("B2:0[7,7),1[5,5)");
	tick(1000);
	expect("B3");
}

static void test_revoked_and_not_drained_in_time(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_REVOKED);
	tick(30000);
	expect("B!1:0[5,7),1[5,5) tell-not-drained unassign");
	say_number(EVENT_ACKED, 2); /* too late: it is somebody else's */
	tick(6000);
	expect("B2:0[7,7),1[5,5)");
}

static void test_lost_while_draining(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_REVOKED);
	say(EVENT_LOST);
	expect("B!1:0[5,7),1[5,5) tell-taken-away unassign B2:0[7,7),1[5,5)");
	say_number(EVENT_ACKED, 3);
	tick(1);
	expect(""); /* an acknowledgement of an epoch that is gone commits nothing */
}

static void test_an_acknowledgement_of_another_epoch_commits_nothing(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_LOST);
	expect("tell-taken-away unassign B1:0[5,7),1[5,5)");
	say_parts(EVENT_ASSIGNED, 2);
	answer(2, true, 7);
	find(2);
	strbuf_clear(&trace);
	CHECK_INT(at(0)->acked, 7);
	at(0)->committed = 7;
	at(1)->committed = 7;
	say_number(EVENT_ACKED, 2);
	tick(1);
	expect("");
}

static void test_reading_never_goes_back(void)
{
	begin_reading();
	read_records(0, 4);
	say(EVENT_LOST);
	strbuf_clear(&trace);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, 5); /* but this run has read up to 9 */
	find(1);
	expect("assign B!2 Q:0 look:0 fail-again-backwards close");
}

static void test_another_table(void)
{
	struct session_part part = {.other_table = true};
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, OFFSET_NONE);
	at(0)->hi = 100;
	at(0)->stored = 20;
	part.cursor = at(0);
	struct session_event e = {.kind = EVENT_FOUND, .number = s.question, .parts = &part, .count = 1};
	strbuf_clear(&trace);
	step(&e);
	expect("fail-config-other-table close");
}

static void test_the_sink_counts_not_the_group(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	at(0)->stored = 50;
	at(1)->stored = 60;
	answer(2, true, OFFSET_NONE);
	find(2);
	expect("S join assign B!0 Q:0,1 look:0,1 tell-group-ignored R:0=-1/0,1=-1/0 assign:0@0,1@0");
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	at(0)->stored = 50;
	answer(1, true, 40);
	find(1);
	expect("S join assign B!0 Q:0 look:0 tell-group-differs R:0=40/40 assign:0@40");
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	at(0)->stored = 50;
	answer(1, false, OFFSET_NONE); /* ack holds no positions: the group counts */
	find(1);
	expect("S join assign B!0 Q:0 look:0 R:0=-1/50 assign:0@50");
}

static void test_the_record_before_the_start_is_compared(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	at(0)->before = (struct identity){.known = true, .offset = 4, .ms = 1, .crc = 2};
	answer(1, true, 5);
	find(1);
	expect("S join assign B!0 Q:0 look:0 R:0=5/5 assign:0@4");
	CHECK_INT(cursors_accept(&s.cursors, at(0), 4, s.cursors.epoch), RECORD_COMPARE);
	struct session_part part = {.cursor = at(0), .offset = 4};
	step(&(struct session_event){.kind = EVENT_DIFFERENT, .parts = &part, .count = 1});
	expect("fail-data-made-anew close");
}

static void test_a_full_batch(void)
{
	begin_reading();
	policy.batch_records = 2;
	read_records(0, 5);
	expect("B1:0[5,7),1[5,5) B2:0[7,9),1[5,5)");
	policy.batch_records = UINT64_MAX;
	policy.batch_bytes = 30;
	read_records(1, 2);
	expect("B3:0[9,10),1[5,7)");
}

static void test_a_sink_that_leaves(void)
{
	begin_reading();
	read_records(0, 2);
	tick(1000);
	say_number(EVENT_ACKED, 2);
	strbuf_clear(&trace);
	say(EVENT_FAILED); /* the shell has worded it */
	expect("close");
	say(EVENT_CLOSED);
	expect("commit:0@7"); /* what was acknowledged */
	committed(REFUSAL_NONE);
	expect("end");
}

static void test_a_sink_that_leaves_after_F(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_STOP);
	say(EVENT_CLOSED);
	expect("B!1:0[5,7),1[5,5) F close");
	say(EVENT_FAILED);
	expect("end"); /* nothing was acknowledged, nothing is committed */
}

static void test_sinks_that_do_not_acknowledge_the_last_batch(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_STOP);
	say(EVENT_CLOSED);
	say(EVENT_REVOKED); /* leaving the group is the answer */
	expect("B!1:0[5,7),1[5,5) F close");
	tick(29000);
	say(EVENT_SEEN); /* slow, but alive */
	tick(29000);
	expect("");
	tick(1000);
	expect("fail-again-not-acknowledged end");
}

static void test_the_last_commit_fails(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_STOP);
	say(EVENT_CLOSED);
	say_number(EVENT_ACKED, 2);
	strbuf_clear(&trace);
	committed(REFUSAL_AGAIN);
	expect("fail-again-last-commit end");
	begin_reading();
	read_records(0, 2);
	say(EVENT_STOP);
	say(EVENT_CLOSED);
	say_number(EVENT_ACKED, 2);
	strbuf_clear(&trace);
	tick(30000);
	expect("fail-again-last-commit end");
}

static void test_retake(void)
{
	begin_reading();
	read_records(0, 2);
	at(0)->stored = at(1)->stored = 7;
	say(EVENT_RETAKE);
	expect("assign B!1:0[5,7),1[5,5) Q:0,1");
	answer(2, true, 7);
	find(2);
	expect("look:0,1 R:0=7/7,1=7/7 assign:0@7,1@7");
}

static void test_stop_at_each_state(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say(EVENT_STOP);
	expect("S join B!0 F close"); /* IDLE */
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	say(EVENT_STOP);
	expect("S join assign B!0 Q:0 B!1 F close"); /* ASKING */
	say(EVENT_ANSWERED);
	expect("");
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, 5);
	say(EVENT_STOP);
	expect("S join assign B!0 Q:0 look:0 B!1 F close"); /* RESOLVING */
	begin_reading();
	read_records(0, 1);
	say(EVENT_REVOKED);
	say(EVENT_STOP);
	expect("B!1:0[5,6),1[5,5) B!2:0[6,6),1[5,5) F close"); /* DRAINING */
	begin_reading();
	say(EVENT_STOP);
	say(EVENT_STOP);
	expect("B!1:0[5,5),1[5,5) F close");
}

/* --- a plain stream ----------------------------------------------------------------------------------------------- */

static void begin_plain(void)
{
	begin(false);
	say_parts(EVENT_ASSIGNED, 2);
	find(2);
	expect("join assign look:0,1 assign:0@0,1@0");
}

static void test_plain(void)
{
	begin_plain();
	read_records(0, 3);
	tick(1);
	expect("");
	say(EVENT_FLUSHED);
	tick(5000);
	expect("commit:0@3");
	committed(REFUSAL_NONE);
	read_records(1, 1);
	say(EVENT_STOP);
	expect("close");
	say(EVENT_CLOSED);
	expect("commit:1@1");
	committed(REFUSAL_NONE);
	expect("end");
}

static void test_plain_revoked(void)
{
	begin_plain();
	read_records(0, 3);
	say(EVENT_REVOKED);
	expect("flush");
	say(EVENT_FLUSHED);
	expect("commit:0@3");
	committed(REFUSAL_STALE);
	expect("unassign");
}

static void test_plain_broken_output(void)
{
	begin_plain();
	read_records(0, 3);
	say(EVENT_FLUSHED);
	read_records(0, 3);
	say(EVENT_BROKEN);
	expect("commit:0@3"); /* what has arrived before */
	committed(REFUSAL_NONE);
	expect("end");
}

static void test_plain_lost_offsets(void)
{
	begin(false);
	policy.from = (struct where){WHERE_OFFSET, 3};
	say_parts(EVENT_ASSIGNED, 1);
	at(0)->lo = 10;
	at(0)->hi = 100;
	say(EVENT_FOUND);
	expect("join assign look:0 fail-data-lost close");
	begin(false);
	policy.from_start = true;
	say_parts(EVENT_ASSIGNED, 1);
	at(0)->stored = 3;
	at(0)->lo = 10;
	at(0)->hi = 100;
	say(EVENT_FOUND);
	expect("join assign look:0 tell-lost-skipped assign:0@10");
}

static void test_the_next_record_is_gone(void)
{
	begin_plain();
	read_records(0, 3);
	say_parts(EVENT_MISSING, 1);
	at(0)->lo = 50;
	say(EVENT_FOUND);
	expect("look:0 fail-data-lost close");
	begin_plain();
	policy.from_start = true;
	say_parts(EVENT_MISSING, 1);
	at(0)->lo = 50;
	unsigned before = s.cursors.epoch;
	say(EVENT_FOUND);
	expect("look:0 tell-lost-skipped assign:0@50,1@0");
	CHECK_INT(cursors_accept(&s.cursors, at(1), 0, before), RECORD_SKIP); /* in hand, and void */
	say_parts(EVENT_MISSING, 1);
	say(EVENT_FOUND);
	expect("look:0 fail-data-out-of-range close");
}

static void test_bounded(void)
{
	begin(false);
	policy.bounded = true;
	say_parts(EVENT_ASSIGNED, 2);
	find(2);
	read_records(0, 100);
	say(EVENT_TIME);
	expect("join assign look:0,1 assign:0@0,1@0");
	read_records(1, 100);
	say(EVENT_TIME);
	expect("close");
	CHECK_INT(s.state, SESSION_FINISHING);
	begin(false);
	policy.bounded = true;
	say_parts(EVENT_ASSIGNED, 0);
	tick(100);
	expect("join assign"); /* others read */
	say(EVENT_OTHERS_DONE);
	expect("close");
}

static void test_an_end_that_does_not_exist_yet(void)
{
	begin(false);
	policy.bounded = true;
	policy.to = (struct where){WHERE_OFFSET, 500};
	say_parts(EVENT_ASSIGNED, 1);
	find(1);
	CHECK_INT(at(0)->end, 100);
	begin(false);
	policy.bounded = policy.awaits_end = true;
	policy.to = (struct where){WHERE_OFFSET, 500};
	say_parts(EVENT_ASSIGNED, 1);
	find(1);
	CHECK_INT(at(0)->end, 500);
	begin(false); /* nothing is there from the offset of --from on */
	policy.bounded = policy.reset = true;
	policy.from = (struct where){WHERE_OFFSET, 200};
	say_parts(EVENT_ASSIGNED, 1);
	find(1);
	CHECK(at(0)->ended);
}

static void test_partitions_that_are_added(void)
{
	begin(false);
	policy.member = false;
	say_parts(EVENT_ASSIGNED, 1);
	find(1);
	read_records(0, 3);
	struct session_part part = {.cursor = at(1)};
	at(1)->topic->parts = 1;
	at(1)->topic->at_start = 1;
	step(&(struct session_event){.kind = EVENT_ADDED, .parts = &part, .count = 1});
	at(1)->hi = 10;
	say(EVENT_FOUND);
	expect("join look:0 assign:0@0 look:1 assign:0@3,1@0");
}

static void test_a_record_is_fetched_again(void)
{
	begin_plain();
	read_records(0, 3);
	at(0)->before = (struct identity){.known = true, .offset = 2};
	unsigned before = s.cursors.epoch;
	say(EVENT_REFETCH);
	expect("assign:0@2,1@0");
	CHECK_INT(cursors_accept(&s.cursors, at(0), 3, before), RECORD_SKIP);
	CHECK_INT(cursors_accept(&s.cursors, at(0), 2, s.cursors.epoch), RECORD_COMPARE);
	CHECK_INT(cursors_accept(&s.cursors, at(0), 3, s.cursors.epoch), RECORD_TAKE);
}

static void test_count(void)
{
	begin(false);
	s.left = 3;
	say_parts(EVENT_ASSIGNED, 2);
	find(2);
	read_records(0, 3);
	expect("join assign look:0,1 assign:0@0,1@0 close");
}

/* What was once a defect: taken away while the last record before --to is half written, and then given another. */
static void test_taken_away_while_the_last_record_is_written(void)
{
	begin(false);
	policy.bounded = true;
	say_parts(EVENT_ASSIGNED, 2);
	find(2);
	struct cursor *c = at(0);
	for (int i = 0; i < 99; i++)
		session_took(&s, c, i, -1, 1);
	say(EVENT_LOST);
	session_took(&s, c, 99, -1, 1);
	strbuf_clear(&trace);
	say_parts(EVENT_ASSIGNED, 1);
	say(EVENT_FOUND);
	CHECK_INT(s.cursors.open, 1);
	say(EVENT_TIME);
	expect("assign look:0 assign:0@0");
}

static void test_waiting(void)
{
	begin_reading();
	CHECK_INT(session_wait_ms(&s, now, 200), 200);
	now += 900;
	CHECK_INT(session_wait_ms(&s, now, 200), 100);
	now += 900;
	CHECK_INT(session_wait_ms(&s, now, 200), 0);
}

int main(void)
{
	strbuf_init(&trace);
	TEST(test_join_read_commit_end);
	TEST(test_sinks_that_do_not_come);
	TEST(test_stop_before_the_sinks_are_there);
	TEST(test_sinks_disagree);
	TEST(test_sinks_do_not_answer);
	TEST(test_first_positions_are_durable_before_a_record_is_read);
	TEST(test_a_partition_that_came_later_begins_at_its_start);
	TEST(test_revoked_while_positions_are_asked);
	TEST(test_revoked_while_looking_up);
	TEST(test_revoked_while_first_positions_settle);
	TEST(test_revoked_drains_and_commits);
	TEST(test_revoked_and_not_drained_in_time);
	TEST(test_lost_while_draining);
	TEST(test_an_acknowledgement_of_another_epoch_commits_nothing);
	TEST(test_reading_never_goes_back);
	TEST(test_another_table);
	TEST(test_the_sink_counts_not_the_group);
	TEST(test_the_record_before_the_start_is_compared);
	TEST(test_a_full_batch);
	TEST(test_a_sink_that_leaves);
	TEST(test_a_sink_that_leaves_after_F);
	TEST(test_sinks_that_do_not_acknowledge_the_last_batch);
	TEST(test_the_last_commit_fails);
	TEST(test_retake);
	TEST(test_stop_at_each_state);
	TEST(test_plain);
	TEST(test_plain_revoked);
	TEST(test_plain_broken_output);
	TEST(test_plain_lost_offsets);
	TEST(test_the_next_record_is_gone);
	TEST(test_bounded);
	TEST(test_an_end_that_does_not_exist_yet);
	TEST(test_partitions_that_are_added);
	TEST(test_a_record_is_fetched_again);
	TEST(test_count);
	TEST(test_taken_away_while_the_last_record_is_written);
	TEST(test_waiting);
	session_release(&s);
	strbuf_release(&trace);
	return check_done();
}
