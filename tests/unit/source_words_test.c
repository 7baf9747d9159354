/* Unit tests of common/stream/source_words and source_watch: messages that all sources share. */
#include "common/stream/source_watch.h"

#include "tests/unit/check.h"

static const struct source_options opt = {
	.sinks = 2, .sink_timeout_ms = 1500, .drain_timeout_ms = 30000, .stall_warning_ms = 1000};

static void check(enum session_reason reason, const char *part)
{
	struct strbuf text = STRBUF_INIT;
	struct session_action a = {.kind = ACTION_FAIL, .reason = reason};
	source_words_add(&text, &opt, 1, "their answers", &a);
	CHECK(strstr(text.s, part) != NULL);
	strbuf_release(&text);
}

static void test_messages_about_sinks(void)
{
	check(REASON_NO_SINKS, "1 of 2 sinks connected within 1.5 s");
	check(REASON_NO_ANSWER, "did not report their positions within 1.5 s");
	check(REASON_NOT_SETTLED, "did not commit the starts of the partitions within 1.5 s");
	check(REASON_NOT_ACKNOWLEDGED, "within 30 s (--drain-timeout)");
	check(REASON_NOT_DRAINED, "another member");
	check(REASON_DISAGREE, "their answers");
}

static void test_a_missing_answer_is_told_once_after_a_second(void)
{
	struct strbuf text = STRBUF_INIT;
	struct session_policy policy = {.marked = true, .answer_ms = 2500, .last_ack_ms = 4000};
	struct session s = {.policy = &policy, .state = SESSION_ASKING};
	struct source_watch w = {0};
	source_watch_answer(&w, &s, 1000, &text);
	source_watch_answer(&w, &s, 1999, &text);
	CHECK_STR(text.s, "");
	source_watch_answer(&w, &s, 2000, &text);
	CHECK_STR(text.s, "waiting for the sinks to report their positions, for at most 2.5 s");
	strbuf_clear(&text);
	source_watch_answer(&w, &s, 3000, &text);
	s.state = SESSION_FINISHING; /* what is waited for now is something else */
	s.closed = true;
	source_watch_answer(&w, &s, 3001, &text);
	CHECK_STR(text.s, "");
	source_watch_answer(&w, &s, 4001, &text);
	CHECK_STR(text.s, "waiting for the sinks to acknowledge the last batch, for at most 4 s");
	strbuf_clear(&text);
	s.state = SESSION_READING; /* no answer is expected */
	source_watch_answer(&w, &s, 9000, &text);
	source_watch_answer(&w, &s, 99000, &text);
	CHECK_STR(text.s, "");
	strbuf_release(&text);
}

static void test_a_plain_stream_has_no_sinks_to_wait_for(void)
{
	struct strbuf text = STRBUF_INIT;
	struct source s = {.sinks = {.acks = {.fd = -1}}};
	int64_t limit_ms;
	s.session.policy = &s.policy;
	source_watch_stall(&s, &opt, 5000, &text);
	CHECK_STR(text.s, "");
	s.session.state = SESSION_GREETING;
	CHECK_STR(source_words_wait(&s.session, &limit_ms), "");
	strbuf_release(&text);
}

int main(void)
{
	TEST(test_messages_about_sinks);
	TEST(test_a_missing_answer_is_told_once_after_a_second);
	TEST(test_a_plain_stream_has_no_sinks_to_wait_for);
	return check_done();
}
