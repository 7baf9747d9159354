/* Unit tests of common/lake/log, entry and store: what tables, entries and stores refuse. */
#include <errno.h>

#include "tests/unit/fake_store.h"

static void test_tables_that_differ(void)
{
	char dt[] = "dt", *columns[] = {dt};
	struct table by_day = {.columns = columns, .ncolumns = 1, .pattern = "dt=%F", .zone = "UTC", .delim = '\n'};
	struct table by_month = by_day, in_berlin = by_day, nul = {.delim = '\0'};
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log, late;
	CHECK_INT(log_open(&late, &f->base, &by_day, &err), 0); /* opened before the table exists */
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	CHECK_INT(commit_positions(&log, NULL, 0, NULL, &err), 0);
	CHECK_INT(commit_positions(&late, NULL, 0, NULL, &err), -EINVAL);
	log_release(&log);
	log_release(&late);
	CHECK_INT(log_open(&log, &f->base, &by_day, &err), -EINVAL);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, &nul, &err), -EINVAL);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, NULL, &err), 0); /* a reader accepts the table as it is */
	log_release(&log);
	store_close(&f->base);
	f = open_fake(++tables);
	by_month.pattern = "dt=%Y-%m";
	in_berlin.zone = "Europe/Berlin";
	CHECK_INT(log_open(&late, &f->base, &by_month, &err), 0);
	CHECK_INT(log_open(&log, &f->base, &by_day, &err), 0);
	CHECK_INT(commit_positions(&log, NULL, 0, NULL, &err), 0);
	CHECK_INT(commit_positions(&late, NULL, 0, NULL, &err), -EINVAL); /* created by another writer meanwhile */
	log_release(&late);
	CHECK_INT(log_open(&late, &f->base, &in_berlin, &err), -EINVAL);
	log_release(&late);
	CHECK_INT(log_open(&late, &f->base, &by_day, &err), 0);
	log_release(&late);
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

static void test_entries_that_are_none(void)
{
	static const char *const bad[] = {"", "\n", "{", "[]\n", "1\n", "{}{}\n", "{\"a\":1,\"a\":2}\n", "{}\n\n",
		"{\"commitInfo\":{\"weir\":{\"actions\":2}}}\n", "\xff\n", "{\"add\":\"\xff\"}\n"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
		struct entry entry;
		strbuf_addstr(&text, bad[i]);
		CHECK_INT(entry_parse(&text, "name", &entry, &err), -EBADMSG);
		CHECK(strstr(err.s, "'name' is damaged"));
		strbuf_release(&text);
		strbuf_release(&err);
	}
	struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
	struct entry entry;
	strbuf_addstr(&text, "{\"commitInfo\":{\"weir\":{\"actions\":2}}}\n{\"future\":{}}"); /* no last LF */
	CHECK_INT(entry_parse(&text, "name", &entry, &err), 0);
	CHECK(entry_state(&entry) != NULL);
	CHECK_STR(entry_txn_id(&entry), "");
	entry_release(&entry);
	strbuf_release(&text);
}

static void test_stores(void)
{
	struct strbuf err = STRBUF_INIT, data = STRBUF_INIT, got = STRBUF_INIT;
	struct names names = {0};
	struct fake *f = open_fake(++tables);
	struct store *s = f->real;
	strbuf_addstr(&data, "one");
	CHECK_INT(store_list(s, "dir", &names, &err), 0);
	CHECK_INT(names.count, 0);
	CHECK_INT(store_put_if_absent(s, "dir/a", &data, &err), 0);
	CHECK_INT(store_put_if_absent(s, "dir/a", &data, &err), -EEXIST);
	CHECK_INT(store_put(s, "dir/b", &data, &err), 0);
	strbuf_addstr(&data, " two");
	CHECK_INT(store_put(s, "dir/b", &data, &err), 0);
	CHECK_INT(store_get(s, "dir/b", 7, &got, &err), 0);
	CHECK_STR(got.s, "one two");
	CHECK_INT(store_get(s, "dir/c", 7, &got, &err), -ENOENT);
	CHECK_INT(store_get(s, "dir/b", 6, &got, &err), -EBADMSG); /* the file has more bytes than that */
	CHECK_INT(store_get(s, "dir", 6, &got, &err), -EBADMSG);
	CHECK_INT(store_list(s, "dir", &names, &err), 0);
	CHECK_INT(names.count, 2);
	names_release(&names);
	CHECK_INT(store_publish(s, "../x", 1, ".x", &err), -EBADMSG);
	CHECK_INT(store_publish(s, "x", 1, "/x", &err), -EBADMSG);
	CHECK_INT(store_publish(s, "x", 1, ".x", &err), -EBADMSG);
	/* only a stage of this file is ever renamed */
	CHECK_INT(store_publish(s, "dir/x", 7, "dir/b", &err), -EBADMSG);
	CHECK_INT(store_publish(s, "dir/x", 7, "dir/.x.new", &err), -EBADMSG);
	CHECK_INT(store_discard(s, ".part-01234567-89ab-4cde-8f01-23456789abcd-00000.new", &err), 0);
	CHECK_INT(store_discard(s, "dir/b", &err), -EBADMSG); /* not a stage */
	CHECK_INT(store_discard(s, "../.part-01234567-89ab-4cde-8f01-23456789abcd-00000.new", &err), -EBADMSG);
	store_close(&f->base);
	struct store *none;
	CHECK_INT(store_open("gs://b/x", NULL, NULL, &none, &err), -EINVAL);
	CHECK_INT(store_open("", NULL, NULL, &none, &err), -EINVAL);
	CHECK_INT(store_open("/dev/null", NULL, NULL, &none, &err), -ENOTDIR);
	strbuf_release(&err);
	strbuf_release(&data);
	strbuf_release(&got);
}

/* The lock of a writer that has staged and published for months is not longer than a new one. */
static void test_a_lock_does_not_grow(void)
{
	struct strbuf err = STRBUF_INIT, path = STRBUF_INIT;
	struct names names = {0};
	struct fake *f = open_fake(++tables);
	struct stage *stage;
	uint64_t size = 0, largest = 0;
	for (int i = 0; i < 30000; i++) {
		strbuf_clear(&path);
		strbuf_addf(&path, "part-01234567-89ab-4cde-8f01-23456789abcd-%05d", i);
		CHECK_INT(store_stage(f->real, path.s, &stage, &err), 0);
		CHECK_INT(store_discard(f->real, stage->tag, &err), 0);
		store_stage_free(stage);
		if (i % 1000)
			continue;
		names_release(&names);
		CHECK_INT(store_list(f->real, ".writers", &names, &err), 0);
		CHECK_INT(names.count, 1);
		strbuf_clear(&path);
		strbuf_addf(&path, ".writers/%s", names.items[0]);
		CHECK_INT(store_size(f->real, path.s, &size, &err), 0);
		largest = size > largest ? size : largest;
	}
	CHECK(largest > 900000 && largest < 1100000);
	names_release(&names);
	store_close(&f->base);
	strbuf_release(&path);
	strbuf_release(&err);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_tables_that_differ);
	TEST(test_entries_that_are_none);
	TEST(test_stores);
	TEST(test_a_lock_does_not_grow);
	return tables_end() ? check_done() : 1;
}
