/* common/stream/ackd, ackdir and ack: the socket between sinks and consume. */
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/unit/ackd.h"

static int tell(struct ack *ack, uint64_t b, const char *at, const char *last, const char *parts, const char *table)
{
	struct strbuf answer = STRBUF_INIT;
	strbuf_addf(&answer, ",\"at\":%s,\"last\":%s,\"parts\":%s", at, last, parts);
	int r = ack_at(ack, b, answer.s, table);
	strbuf_release(&answer);
	return r;
}

static void test_modes_and_removal(void)
{
	struct stat st;
	open_for(1);
	char *path = strdup(d.path), *dir = strdup(d.path);
	*strrchr(dir, '/') = '\0';
	CHECK_INT(stat(path, &st), 0);
	CHECK_INT(st.st_mode & 07777, 0600);
	CHECK_INT(stat(dir, &st), 0);
	CHECK_INT(st.st_mode & 07777, 0700);
	ackd_close(&d);
	CHECK_INT(stat(dir, &st), -1);
	ackd_close(&d);
	free(path);
	free(dir);
}

static void test_two_sinks(void)
{
	struct ack a, b;
	open_for(2);
	hello(&a, "table-1");
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(!ackd_ready(&d));
	CHECK_INT(ackd_done(&d), 0);
	hello(&b, NULL);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(ackd_ready(&d));
	CHECK_STR(d.sinks[0].table, "table-1");
	CHECK(d.sinks[1].table == NULL);
	CHECK_INT(ack_seen(&a, 4), 0);
	CHECK_INT(ack_done(&a, 4, NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_done(&d), 0);
	CHECK_INT(ack_done(&b, 2, NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_done(&d), 3);
	CHECK_INT(ackd_seen(&d), 0);
	CHECK_INT(ack_done(&b, 1, "table-2"), 0); /* it never goes backwards */
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_done(&d), 3);
	CHECK_STR(d.sinks[1].table, "table-2"); /* a table that was created meanwhile */
	ack_release(&a);
	ack_release(&b);
	ackd_close(&d);
}

static void test_positions(void)
{
	struct ack a, b;
	int64_t at = 5;
	open_for(2);
	hello(&a, NULL);
	hello(&b, "table-2");
	CHECK_INT(tell(&a, 7, "{\"t\":{\"0\":10,\"1\":20}}", "{\"t\":{\"0\":[99,\"00000abc\",8]}}", "{}", NULL), 0);
	CHECK_INT(tell(&b, 6, "{}", "{}", "{}", NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(!ackd_answered(&d, 7));
	CHECK_INT(tell(&b, 7, "{\"t\":{\"1\":21}}", "{}", "{}", "table-3"), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(ackd_answered(&d, 7));
	CHECK_STR(d.sinks[1].table, "table-3"); /* created by another sink meanwhile */
	CHECK(!ackd_answered(&d, 8));
	CHECK_INT(ackd_position(&d, "t", 0, &at, &err), 0);
	CHECK_INT(at, 10);
	CHECK_INT(ackd_position(&d, "t", 2, &at, &err), 0);
	CHECK_INT(at, -1);
	CHECK_INT(ackd_position(&d, "t", 1, &at, &err), -EEXIST);
	CHECK_STR(err.s, "test holds 20, test (table table-3) holds 21");
	strbuf_clear(&err);
	CHECK_INT(tell(&b, 7, "{\"t\":{\"0\":null,\"1\":20,\"2\":null}}", "{}", "{}", NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_position(&d, "t", 1, &at, &err), 0);
	CHECK_INT(at, 20);
	CHECK(ackd_holds(&d, "t", 2));
	CHECK(!ackd_holds(&d, "t", 3));
	CHECK_INT(ackd_position(&d, "t", 2, &at, &err), 0); /* one holds none yet, the other never holds positions */
	CHECK_INT(at, -1);
	CHECK_INT(ackd_position(&d, "t", 0, &at, &err), -EEXIST);
	CHECK_STR(err.s, "test holds 10, test (table table-3) holds none");
	struct mark_range last = {0};
	CHECK(ackd_last(&d, "t", 0, &last));
	CHECK_INT(last.last_ms, 99);
	CHECK_INT(last.last_crc, 0xabc);
	CHECK_INT(last.last_offset, 8);
	CHECK(!ackd_last(&d, "t", 1, &last));
	ack_release(&a);
	ack_release(&b);
	ackd_close(&d);
}

/* The cut of a position is known only if all sinks that can hold one agree. */
static void test_cuts(void)
{
	struct ack a, b;
	const char *one = ",\"at\":{\"t\":{\"0\":10,\"1\":5}},\"cut\":{\"t\":{\"0\":[\"00000000000000aa\",3]}}";
	const char *other = ",\"at\":{\"t\":{\"0\":10}},\"cut\":{\"t\":{\"0\":[\"00000000000000aa\",4]}}";
	open_for(2);
	hello(&a, NULL);
	hello(&b, NULL);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(!ackd_cut(&d, "t", 0).known); /* before any answer */
	CHECK_INT(ack_at(&a, 7, one, NULL), 0);
	CHECK_INT(ack_at(&b, 7, ",\"at\":{}", NULL), 0); /* `ack` at the end of a pipeline holds none */
	CHECK_INT(ackd_serve(&d, &err), 0);
	struct cut cut = ackd_cut(&d, "t", 0);
	CHECK(cut.known && cut.run == 0xaa && cut.batch == 3);
	CHECK(!ackd_cut(&d, "t", 1).known); /* a user has moved it */
	CHECK_INT(ack_at(&b, 8, one, NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	cut = ackd_cut(&d, "t", 0);
	CHECK(cut.known && cut.batch == 3);
	CHECK_INT(ack_at(&b, 9, other, NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(!ackd_cut(&d, "t", 0).known);
	CHECK_INT(ack_at(&b, 10, ",\"at\":{\"t\":{\"0\":10}}", NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(!ackd_cut(&d, "t", 0).known);
	ack_release(&a);
	ack_release(&b);
	ackd_close(&d);
}

/* How many partitions a topic had, and whether the group began before this run, by the tables. */
static void test_when_the_group_began(void)
{
	struct ack a, b;
	int32_t parts = 5;
	open_for(2);
	hello(&a, NULL);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(!ackd_began(&d));
	hello(&b, "table-2");
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK(ackd_began(&d));
	CHECK_INT(ackd_parts(&d, "t", &parts, &err), 0); /* before any answer */
	CHECK_INT(parts, -1);
	CHECK_INT(tell(&a, 0, "{}", "{}", "{\"t\":0,\"u\":3,\"w\":-1,\"x\":\"3\"}", NULL), 0);
	CHECK_INT(tell(&b, 0, "{}", "{}", "{\"u\":4,\"v\":7}", NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_parts(&d, "t", &parts, &err), 0);
	CHECK_INT(parts, 0);
	CHECK_INT(ackd_parts(&d, "v", &parts, &err), 0);
	CHECK_INT(parts, 7);
	CHECK_INT(ackd_parts(&d, "w", &parts, &err), 0); /* not a number */
	CHECK_INT(parts, -1);
	CHECK_INT(ackd_parts(&d, "x", &parts, &err), 0);
	CHECK_INT(parts, -1);
	CHECK_STR(err.s, "");
	CHECK_INT(ackd_parts(&d, "u", &parts, &err), -EEXIST);
	CHECK_STR(err.s, "test says 3, test says 4");
	strbuf_clear(&err);
	ack_release(&a);
	ack_release(&b);
	ackd_close(&d);
}

static void test_a_sink_that_goes(void)
{
	struct ack a;
	open_for(1);
	close(say("")); /* a connection without hello is not a sink */
	CHECK_INT(ackd_serve(&d, &err), 0);
	hello(&a, NULL);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(d.count, 1);
	CHECK_INT(ack_done(&a, 3, NULL), 0);
	ack_release(&a);
	CHECK_INT(ackd_serve(&d, &err), -EPIPE);
	CHECK_STR(err.s, "the sink test has gone");
	CHECK_INT(ackd_done(&d), 4); /* what it sent before is used */
	ackd_close(&d);
}

static void test_sinks_that_leave_at_the_end(void)
{
	struct ack a, b;
	open_for(2);
	hello(&a, NULL);
	hello(&b, NULL);
	CHECK_INT(ack_done(&a, 3, NULL), 0);
	CHECK_INT(ack_done(&b, 2, NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	ackd_final(&d, 4);
	ack_release(&a); /* this one has finished, the other has not */
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_done(&d), 3);
	CHECK_INT(ack_done(&b, 3, NULL), 0);
	CHECK_INT(ackd_serve(&d, &err), 0);
	CHECK_INT(ackd_done(&d), 4);
	ack_release(&b);
	CHECK_INT(ackd_serve(&d, &err), 0);
	ackd_close(&d);

	open_for(1);
	hello(&a, NULL);
	CHECK_INT(ack_done(&a, 2, NULL), 0);
	ackd_final(&d, 4);
	ack_release(&a); /* too early */
	CHECK_INT(ackd_serve(&d, &err), -EPIPE);
	ackd_close(&d);
}

int main(void)
{
	TEST(test_modes_and_removal);
	TEST(test_two_sinks);
	TEST(test_positions);
	TEST(test_cuts);
	TEST(test_when_the_group_began);
	TEST(test_a_sink_that_goes);
	TEST(test_sinks_that_leave_at_the_end);
	strbuf_release(&err);
	return check_done();
}
