/* The life of transactions, tested by scripts of events: which call comes after each. */
#include "cmd/produce/txn_core.h"
#include "tests/unit/check.h"

static struct txn_core core;

static enum txn_action ok(enum txn_event event)
{
	return txn_step(&core, event, TXN_BROKEN, false);
}

static enum txn_action fails(enum txn_failure failure)
{
	return txn_step(&core, TXN_FAILED, failure, false);
}

/* A producer is open, and a membership known. */
static void ready(void)
{
	core = (struct txn_core){0};
	CHECK_INT(ok(TXN_ASKED), TXN_OPEN);
	CHECK_INT(ok(TXN_DONE), TXN_END);
	CHECK_INT(core.end, TXN_GOOD);
	CHECK_INT(ok(TXN_RESUMED), TXN_NOTHING);
}

/* Up to the call ACTION of a commit with records. */
static void up_to(enum txn_action action)
{
	ready();
	enum txn_action next = ok(TXN_DUE);
	CHECK_INT(next, TXN_BEGIN);
	while (next != action)
		next = ok(TXN_DONE);
}

static void test_a_commit(void)
{
	ready();
	for (int i = 0; i < 2; i++) {
		CHECK_INT(ok(TXN_DUE), TXN_BEGIN);
		CHECK_INT(ok(TXN_DONE), TXN_SEND);
		CHECK_INT(ok(TXN_DONE), TXN_OFFSETS);
		CHECK_INT(ok(TXN_DONE), TXN_COMMIT);
		CHECK_INT(ok(TXN_DONE), TXN_END);
		CHECK_INT(core.end, TXN_GOOD);
	}
}

static void test_offsets_without_records(void)
{
	ready();
	CHECK_INT(ok(TXN_DUE_OFFSETS), TXN_BEGIN);
	CHECK_INT(ok(TXN_DONE), TXN_OFFSETS);
	CHECK_INT(ok(TXN_DONE), TXN_COMMIT);
	CHECK_INT(ok(TXN_DONE), TXN_END);
	CHECK_INT(core.end, TXN_GOOD);
}

static void test_a_commit_needs_a_producer_and_a_membership(void)
{
	core = (struct txn_core){0};
	CHECK_INT(ok(TXN_DUE), TXN_END);
	CHECK_INT(core.end, TXN_TEMP);
	core = (struct txn_core){0};
	CHECK_INT(ok(TXN_ASKED), TXN_OPEN);
	CHECK_INT(ok(TXN_DONE), TXN_END);
	CHECK_INT(ok(TXN_DUE), TXN_END); /* no R has come since Q */
	CHECK_INT(core.end, TXN_TEMP);
	ready();
	CHECK_INT(ok(TXN_ASKED), TXN_OPEN);
	CHECK_INT(ok(TXN_DONE), TXN_END);
	CHECK_INT(ok(TXN_DUE), TXN_END); /* that of the R before is void */
	CHECK_INT(core.end, TXN_TEMP);
}

static void test_a_call_is_repeated_until_it_is_late(void)
{
	static const enum txn_action calls[] = {TXN_BEGIN, TXN_OFFSETS, TXN_COMMIT};
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		up_to(calls[i]);
		CHECK_INT(fails(TXN_RETRY), calls[i]);
		CHECK_INT(fails(TXN_RETRY), calls[i]);
		CHECK_INT(txn_step(&core, TXN_FAILED, TXN_RETRY, true), TXN_END);
		CHECK_INT(core.end, calls[i] == TXN_COMMIT ? TXN_UNKNOWN : TXN_TEMP);
	}
}

/* What has timed out may still come: nothing is called after it, not even an abort. */
static void test_nothing_follows_a_time_out(void)
{
	static const enum txn_action calls[] = {TXN_OFFSETS, TXN_COMMIT};
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		up_to(calls[i]);
		CHECK_INT(fails(TXN_SLOW), TXN_END);
		CHECK_INT(core.end, calls[i] == TXN_COMMIT ? TXN_UNKNOWN : TXN_TEMP);
		CHECK_INT(ok(TXN_ASKED), TXN_END); /* nor a new producer in this run */
		CHECK_INT(core.end, TXN_TEMP);
		CHECK_INT(ok(TXN_DUE), TXN_END);
		CHECK_INT(core.end, TXN_TEMP);
	}
	core = (struct txn_core){0};
	CHECK_INT(ok(TXN_ASKED), TXN_OPEN);
	CHECK_INT(fails(TXN_SLOW), TXN_END);
	CHECK_INT(core.end, TXN_TEMP);
	CHECK_INT(ok(TXN_DUE), TXN_END);
	CHECK_INT(core.end, TXN_TEMP);
}

static void test_what_is_aborted(void)
{
	static const struct {
		enum txn_action call;
		enum txn_failure failure;
		enum txn_end end;
	} cases[] = {
		{TXN_SEND, TXN_UNSENT, TXN_MESSAGES},
		{TXN_OFFSETS, TXN_SPOILED, TXN_TEMP},
		{TXN_OFFSETS, TXN_OVERTAKEN, TXN_STALE},
		{TXN_COMMIT, TXN_SPOILED, TXN_TEMP},
		{TXN_COMMIT, TXN_OVERTAKEN, TXN_STALE},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (int bad = 0; bad < 2; bad++) { /* the abort itself may fail */
			up_to(cases[i].call);
			CHECK_INT(fails(cases[i].failure), TXN_ABORT);
			CHECK_INT(bad ? fails(TXN_RETRY) : ok(TXN_DONE), TXN_END);
			CHECK_INT(core.end, cases[i].end);
			CHECK_INT(ok(TXN_DUE), TXN_END);
			CHECK_INT(core.end, TXN_TEMP);
		}
	up_to(TXN_BEGIN);
	CHECK_INT(fails(TXN_SPOILED), TXN_END); /* there is nothing to abort */
	CHECK_INT(core.end, TXN_TEMP);
}

/* The producer stays, and the same commit may be due again; unless it is not known whether the abort has come through.
 */
static void test_a_record_that_is_refused(void)
{
	up_to(TXN_SEND);
	for (int i = 0; i < 2; i++) {
		CHECK_INT(fails(TXN_REJECTED), TXN_ABORT);
		CHECK_INT(ok(TXN_DONE), TXN_END);
		CHECK_INT(core.end, TXN_AGAIN);
		CHECK_INT(ok(TXN_DUE), TXN_BEGIN);
		CHECK_INT(ok(TXN_DONE), TXN_SEND);
	}
	CHECK_INT(ok(TXN_DONE), TXN_OFFSETS);
	CHECK_INT(ok(TXN_DONE), TXN_COMMIT);
	CHECK_INT(ok(TXN_DONE), TXN_END);
	CHECK_INT(core.end, TXN_GOOD);
	up_to(TXN_SEND);
	CHECK_INT(fails(TXN_REJECTED), TXN_ABORT);
	CHECK_INT(fails(TXN_SLOW), TXN_END);
	CHECK_INT(core.end, TXN_TEMP);
	CHECK_INT(ok(TXN_DUE), TXN_END);
	CHECK_INT(core.end, TXN_TEMP);
}

static void test_fenced_refused_and_broken(void)
{
	up_to(TXN_OFFSETS);
	CHECK_INT(fails(TXN_FENCED), TXN_END);
	CHECK_INT(core.end, TXN_STALE);
	up_to(TXN_COMMIT);
	CHECK_INT(fails(TXN_FENCED), TXN_END);
	CHECK_INT(core.end, TXN_UNKNOWN); /* an earlier try may have committed it */
	up_to(TXN_COMMIT);
	CHECK_INT(fails(TXN_BROKEN), TXN_END);
	CHECK_INT(core.end, TXN_UNKNOWN);
	up_to(TXN_BEGIN);
	CHECK_INT(fails(TXN_BROKEN), TXN_END);
	CHECK_INT(core.end, TXN_TEMP);
	core = (struct txn_core){0};
	CHECK_INT(ok(TXN_ASKED), TXN_OPEN);
	CHECK_INT(fails(TXN_REFUSED), TXN_END);
	CHECK_INT(core.end, TXN_CONFIG);
}

static void test_a_question_in_a_transaction_is_a_mistake(void)
{
	up_to(TXN_SEND);
	CHECK_INT(ok(TXN_ASKED), TXN_END);
	CHECK_INT(core.end, TXN_TEMP);
}

int main(void)
{
	TEST(test_a_commit);
	TEST(test_offsets_without_records);
	TEST(test_a_commit_needs_a_producer_and_a_membership);
	TEST(test_a_call_is_repeated_until_it_is_late);
	TEST(test_nothing_follows_a_time_out);
	TEST(test_what_is_aborted);
	TEST(test_a_record_that_is_refused);
	TEST(test_fenced_refused_and_broken);
	TEST(test_a_question_in_a_transaction_is_a_mistake);
	return check_done();
}
