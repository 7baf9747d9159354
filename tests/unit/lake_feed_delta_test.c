/* Unit tests of common/lake/feed: the versions of a Delta table. */
#include "tests/unit/lake_feed.h"

#define WRITTEN(ms) "{\"commitInfo\":{\"timestamp\":" #ms ",\"operation\":\"WRITE\"}}\n"

static void test_delta_versions_of_others(void)
{
	struct fed t = {.fake = open_fake(++tables)};
	foreign(t.fake, 0, WRITTEN(1) PROTOCOL METADATA);
	foreign(t.fake, 1, WRITTEN(2));
	foreign(t.fake, 2, WRITTEN(3));
	CHECK_INT(at(&t, 1, FEED_REFUSE), 0);
	CHECK_STR(t.feed.table, TABLE_ID);
	CHECK_STR(next(&t), "1:");
	CHECK_STR(next(&t), "2:");
	CHECK_STR(next(&t), "-");
	foreign(t.fake, 2, WRITTEN(9)); /* overwritten by a writer that does not look */
	foreign(t.fake, 3, WRITTEN(4));
	CHECK_STR(next(&t), "bad");
	CHECK(strstr(why.s, "version 2 of "));
	CHECK_INT(at(&t, 3, FEED_REFUSE), 0);
	CHECK_STR(next(&t), "3:");
	foreign(t.fake, 4, WRITTEN(5) "{\"metaData\":{\"id\":\"another\"}}\n");
	CHECK_STR(next(&t), "bad");
	CHECK(strstr(why.s, "makes another table"));
	end(&t);
}

static void test_delta_entries_that_are_cleaned(void)
{
	struct fed t = {.fake = open_fake(++tables)};
	foreign(t.fake, 0, WRITTEN(1) PROTOCOL METADATA);
	for (int64_t v = 1; v < 5; v++)
		foreign(t.fake, v, WRITTEN(2));
	CHECK_INT(at(&t, 2, FEED_REFUSE), 0);
	clean_entry(t.fake, 1);
	CHECK_STR(next(&t), "2:");
	CHECK_STR(next(&t), "3:");
	CHECK_INT(feed_place(&t.feed, 2, &why), 0);
	clean_entry(t.fake, 2);
	CHECK_STR(next(&t), "bad"); /* there are later ones, as feed_newest() has seen */
	CHECK(strstr(why.s, "the entry of version 2 of "));
	strbuf_clear(&why);
	CHECK_INT(feed_check(&t.feed, &why), -EBADMSG);
	CHECK(strstr(why.s, "the entry of version 2 of "));
	end(&t);
}

static void test_delta_ids_that_are_none(void)
{
	struct strbuf text = STRBUF_INIT;
	for (size_t len = 0; len <= FEED_ID_MAX + 1; len += FEED_ID_MAX + 1) {
		struct fed t = {.fake = open_fake(++tables)};
		strbuf_clear(&text);
		strbuf_addstr(&text, WRITTEN(1) PROTOCOL "{\"metaData\":{\"id\":\"");
		for (size_t i = 0; i < len; i++)
			strbuf_addch(&text, 'x');
		strbuf_addstr(&text, "\",\"format\":{\"provider\":\"parquet\",\"options\":{}},"
				     "\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[]}\","
				     "\"partitionColumns\":[],\"configuration\":{}}}\n");
		foreign(t.fake, 0, text.s);
		CHECK_INT(at(&t, 0, FEED_REFUSE), -EBADMSG);
		CHECK(strstr(why.s, "does not say which table it is"));
		end(&t);
	}
	strbuf_release(&text);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_delta_versions_of_others);
	TEST(test_delta_entries_that_are_cleaned);
	TEST(test_delta_ids_that_are_none);
	strbuf_release(&why);
	return check_done() || !tables_end();
}
