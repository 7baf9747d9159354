/* Unit tests of common/lake/feed: what is read of a raw table, version by version. */
#include <sys/stat.h>

#include "common/lake/undo.h"
#include "tests/unit/lake_feed.h"

#define A "x=a/part-01234567-89ab-4cde-8f01-23456789abcd-00000" /* file_of("a") */

static void test_the_whole_table_then_version_by_version(void)
{
	struct fed t;
	begin(&t);
	commit_file(&t, "a");
	commit_file(&t, "b"); /* publishes a */
	publish(&t);
	CHECK_INT(at(&t, 0, FEED_REFUSE), 0);
	CHECK_STR(t.feed.table, state_table(t.log.state));
	CHECK_STR(next(&t), "all 1: a b");
	CHECK_STR(next(&t), "-");
	CHECK_STR(why.s, "");
	CHECK_INT(feed_check(&t.feed, &why), 0);
	commit_file(&t, "c");
	commit_file(&t, "d");
	publish(&t);
	CHECK_STR(next(&t), "2: c");
	CHECK_STR(next(&t), "3: d");
	CHECK_STR(next(&t), "-");
	CHECK_INT(at(&t, 2, FEED_REFUSE), 0);
	CHECK_STR(next(&t), "2: c");
	CHECK_INT(at(&t, 4, FEED_REFUSE), 0);
	CHECK_STR(next(&t), "-");
	CHECK_INT(at(&t, 6, FEED_REFUSE), -EBADMSG);
	CHECK(strstr(why.s, "there is no version 5 yet"));
	end(&t);
}

static void test_a_version_that_is_not_published_is_waited_for(void)
{
	struct fed t;
	begin(&t);
	commit_file(&t, "a");
	CHECK_INT(at(&t, 0, FEED_REFUSE), 0);
	CHECK_STR(next(&t), "-");
	CHECK(strstr(why.s, "of version 0"));
	CHECK(strstr(why.s, "is not published yet"));
	publish(&t);
	CHECK_STR(next(&t), "all 0: a");
	commit_file(&t, "b");
	CHECK_STR(next(&t), "-");
	CHECK(strstr(why.s, "of version 1"));
	CHECK_STR(next(&t), "-");
	commit_file(&t, "c"); /* publishes b */
	CHECK_STR(next(&t), "1: b");
	CHECK_STR(next(&t), "-");
	publish(&t);
	CHECK_STR(next(&t), "2: c");
	end(&t);
}

/* Version 1 is undone by version 2: neither has rows, whether reading begins before them, at them or after them. */
static void test_an_undone_version_is_no_data(void)
{
	struct fed t;
	struct undo undo;
	begin(&t);
	commit_file(&t, "a");
	publish(&t);
	CHECK_INT(at(&t, 0, FEED_REFUSE), 0);
	CHECK_STR(next(&t), "all 0: a");
	commit_file(&t, "b");
	const char *tag = json_string_value(
		json_object_get(json_object_get(json_array_get(t.log.head.adds, 0), "tags"), "weir.stage"));
	CHECK_INT(unlink(path_of(&t, tag)), 0);
	CHECK_STR(next(&t), "-");
	CHECK_INT(undo_head(t.fake->real, NULL, &undo, &why), 0);
	undo_release(&undo);
	CHECK_STR(next(&t), "2:");
	CHECK_STR(next(&t), "-");
	CHECK_INT(log_refresh(&t.log, &why), 0);
	commit_file(&t, "c");
	publish(&t);
	CHECK_STR(next(&t), "3: c");
	CHECK_INT(at(&t, 1, FEED_REFUSE), 0);
	CHECK_STR(next(&t), "2:");
	CHECK_STR(next(&t), "3: c");
	CHECK_INT(at(&t, 0, FEED_REFUSE), 0);
	CHECK_STR(next(&t), "all 3: a c");
	end(&t);
}

static void test_files_that_are_gone(void)
{
	struct fed t;
	begin(&t);
	commit_file(&t, "a");
	commit_file(&t, "b");
	commit_file(&t, "c");
	publish(&t);
	CHECK_INT(unlink(path_of(&t, file_of("b"))), 0);
	CHECK_INT(at(&t, 1, FEED_REFUSE), 0);
	CHECK_STR(next(&t), "bad");
	CHECK(strstr(why.s, ", which version 1 of "));
	CHECK_STR(next(&t), "bad"); /* it is not skipped by asking again */
	CHECK_INT(at(&t, 2, FEED_REFUSE), 0);
	CHECK_STR(next(&t), "2: c");
	end(&t);
}

static void test_entries_without_rows(void)
{
	struct fed t;
	begin(&t);
	commit_file(&t, "a");
	publish(&t);
	struct position p = {.group = "g", .topic = "t", .was = -1, .next = 5};
	CHECK_INT(commit_positions(&t.log, &p, 1, NULL, &why), 0);
	/* a compaction; the new file need not even be there */
	entry(&t, 2,
		"{\"commitInfo\":{\"timestamp\":7,\"operation\":\"OPTIMIZE\"}}\n"
		"{\"remove\":{\"path\":\"" A "\",\"dataChange\":false}}\n"
		"{\"add\":{\"path\":\"x=z/c\",\"size\":10,\"partitionValues\":{},\"dataChange\":false}}\n");
	CHECK_INT(at(&t, 1, FEED_REFUSE), 0);
	CHECK_STR(next(&t), "1:");
	CHECK_STR(next(&t), "2:");
	CHECK_INT(t.feed.last.ms, 7);
	CHECK_STR(next(&t), "-");
	end(&t);
}

/* Versions 1 to 3: a compaction; it is undone; a commit.  Version 4 undoes the commit after it was read. */
static void test_what_is_undone_after_it_was_read(void)
{
	struct fed t;
	begin(&t);
	commit_file(&t, "a");
	publish(&t);
	entry(&t, 1,
		"{\"commitInfo\":{\"timestamp\":7}}\n"
		"{\"remove\":{\"path\":\"" A "\",\"dataChange\":false}}\n"
		"{\"add\":{\"path\":\"x=z/c\",\"size\":10,\"partitionValues\":{},\"dataChange\":false}}\n");
	entry(&t, 2,
		"{\"commitInfo\":{\"timestamp\":8,\"undoes\":[1,1]}}\n"
		"{\"remove\":{\"path\":\"x=z/c\",\"dataChange\":true}}\n"
		"{\"add\":{\"path\":\"" A "\",\"size\":10,\"partitionValues\":{},\"dataChange\":true}}\n");
	CHECK_INT(log_refresh(&t.log, &why), 0);
	commit_file(&t, "b");
	publish(&t);
	CHECK_INT(at(&t, 1, FEED_REFUSE), 0);
	CHECK_STR(next(&t), "1:");
	CHECK_STR(next(&t), "2:");
	CHECK_STR(next(&t), "3: b");
	entry(&t, 4,
		"{\"commitInfo\":{\"timestamp\":9,\"operation\":\"UNDO HEAD\",\"undoes\":[3,3]}}\n"
		"{\"remove\":{\"path\":\"x=b/c\",\"dataChange\":true}}\n");
	CHECK_STR(next(&t), "bad");
	CHECK(strstr(why.s, "removes or replaces records (UNDO HEAD)"));
	end(&t);
}

static void test_a_version_that_removes_rows(void)
{
	static const char text[] =
		"{\"commitInfo\":{\"timestamp\":7,\"operation\":\"MERGE\"}}\n"
		"{\"remove\":{\"path\":\"" A "\",\"dataChange\":true}}\n"
		"{\"add\":{\"path\":\"x=b/c\",\"size\":10,\"partitionValues\":{},\"dataChange\":true}}\n";
	struct fed t;
	begin(&t);
	commit_file(&t, "a");
	publish(&t);
	entry(&t, 1, text);
	CHECK_INT(mkdir(path_of(&t, "x=b"), 0777), 0);
	FILE *file = fopen(path_of(&t, "x=b/c"), "w");
	CHECK(file && fputs("1234\n6789\n", file) >= 0 && fclose(file) == 0);
	CHECK_INT(at(&t, 1, FEED_REFUSE), 0);
	CHECK_STR(next(&t), "bad");
	CHECK(strstr(why.s, "version 1 of "));
	CHECK(strstr(why.s, "removes or replaces records (MERGE): --on-change"));
	CHECK_STR(next(&t), "bad");
	CHECK_INT(at(&t, 1, FEED_SKIP), 0);
	CHECK_STR(next(&t), "1:");
	CHECK_INT(at(&t, 1, FEED_ADDS), 0);
	CHECK_STR(next(&t), "1: b");
	CHECK_INT(at(&t, 0, FEED_REFUSE), 0); /* in the whole table only what is left counts */
	CHECK_STR(next(&t), "all 1: b");
	end(&t);
}

static void test_another_table_in_its_place(void)
{
	struct fed t;
	begin(&t);
	commit_file(&t, "a");
	publish(&t);
	CHECK_INT(at(&t, 1, FEED_REFUSE), 0);
	CHECK_STR(next(&t), "-");
	entry(&t, 0, "{\"commitInfo\":{\"timestamp\":7,\"operation\":\"WRITE\"}}\n");
	CHECK_INT(feed_check(&t.feed, &why), -EBADMSG);
	CHECK(strstr(why.s, "version 0 of "));
	CHECK(strstr(why.s, "is not the one that was read before"));
	CHECK_INT(unlink(path_of(&t, "_weir_log/00000000000000000000.json")), 0);
	strbuf_clear(&why);
	CHECK_INT(feed_check(&t.feed, &why), -EBADMSG);
	CHECK(strstr(why.s, "has become shorter"));
	end(&t);
}

static void test_an_entry_that_was_emptied(void)
{
	struct fed t;
	struct identity id;
	begin(&t);
	commit_file(&t, "a");
	commit_file(&t, "b");
	commit_file(&t, "c");
	publish(&t);
	CHECK_INT(at(&t, 2, FEED_REFUSE), 0);
	CHECK_INT(feed_identity(&t.feed, 1, &id, &why), 1);
	CHECK_INT(id.offset, 1);
	entry(&t, 1, "");
	CHECK_INT(feed_identity(&t.feed, 1, &id, &why), 0);
	CHECK_INT(feed_identity(&t.feed, 9, &id, &why), 0);
	CHECK_INT(feed_check(&t.feed, &why), 0); /* the next one is there */
	CHECK_STR(next(&t), "2: c");
	entry(&t, 0, "{");
	CHECK_INT(feed_identity(&t.feed, 0, &id, &why), -EBADMSG);
	end(&t);
}

static void test_no_table(void)
{
	struct fed t;
	begin(&t);
	CHECK_INT(feed_open(&t.feed, &t.fake->base, FEED_REFUSE, &why), -ENOENT);
	end(&t);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_the_whole_table_then_version_by_version);
	TEST(test_a_version_that_is_not_published_is_waited_for);
	TEST(test_an_undone_version_is_no_data);
	TEST(test_files_that_are_gone);
	TEST(test_entries_without_rows);
	TEST(test_what_is_undone_after_it_was_read);
	TEST(test_a_version_that_removes_rows);
	TEST(test_another_table_in_its_place);
	TEST(test_an_entry_that_was_emptied);
	TEST(test_no_table);
	strbuf_release(&why);
	return check_done() || !tables_end();
}
