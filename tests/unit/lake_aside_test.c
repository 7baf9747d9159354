/* Unit tests of files that are set aside: their names, and what a store of a directory does with them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/lake/aside.h"
#include "common/lake/store.h"
#include "common/base/uuid.h"
#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

#define UUID  "01234567-89ab-4cde-8f01-23456789abcd"
#define FILE_ "x=1/part-" UUID "-00007.ndjson.zst"
#define ASIDE "x=1/.part-" UUID "-00007.old"

static char top[SCRATCH_SIZE];

static void test_names(void)
{
	static const char *const others[] = {"part-00007.zst", "x/part-" UUID ".zst", "part-" UUID "-0007.zst",
		"part-" UUID "-00007_1.zst", ".part-" UUID "-00007.new", "compacted.gz", "",
		"part-0123456789ab4cde8f0123456789abcd-00007.zst"};
	char *name = aside_name(FILE_);
	CHECK_STR(name, ASIDE);
	free(name);
	name = aside_name("part-" UUID "-123456");
	CHECK_STR(name, ".part-" UUID "-123456.old");
	free(name);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		CHECK(!aside_name(others[i]));
	CHECK(aside_is(".part-" UUID "-00007.old"));
	CHECK(!aside_is(".part-" UUID "-00007.new"));
	CHECK(!aside_is(".part-" UUID "-7.old"));
	CHECK(!aside_is("part-" UUID "-00007.old"));
	CHECK(!aside_is(".old"));
}

static struct store *open_store(const char *name)
{
	struct strbuf path = STRBUF_INIT, err = STRBUF_INIT;
	struct store *store = NULL;
	strbuf_addf(&path, "%s/%s", top, name);
	CHECK_INT(store_open(path.s, UUID, NULL, &store, &err), 0);
	strbuf_release(&path);
	strbuf_release(&err);
	return store;
}

/* Publish a file with TEXT as FILE_. */
static void publish(struct store *store, const char *text)
{
	struct strbuf err = STRBUF_INIT;
	struct stage *stage;
	CHECK_INT(store_stage(store, FILE_, &stage, &err), 0);
	CHECK_INT(store_append(store, stage, text, strlen(text), &err), 0);
	CHECK_INT(store_seal(store, stage, &err), 0);
	CHECK_INT(store_sync(store, &err), 0);
	CHECK_INT(store_publish(store, FILE_, strlen(text), stage->tag, &err), 0);
	store_stage_free(stage);
	strbuf_release(&err);
}

static void test_aside_and_back(void)
{
	struct store *store = open_store("back");
	struct strbuf err = STRBUF_INIT;
	char buf[8];
	uint64_t size = 0;
	publish(store, "abc");
	char *name = store_aside_name(store, FILE_);
	CHECK_STR(name, ASIDE);
	free(name);
	CHECK_INT(store_size_aside(store, FILE_, &size, &err), -ENOENT);
	CHECK_INT(store_set_aside(store, FILE_, ASIDE, &err), 0);
	CHECK_INT(store_set_aside(store, FILE_, ASIDE, &err), 0); /* by another process, too */
	CHECK_INT(store_sync(store, &err), 0);
	CHECK_INT(store_size(store, FILE_, &size, &err), -ENOENT);
	CHECK_INT(store_size_aside(store, FILE_, &size, &err), 0);
	CHECK_INT(size, 3);
	CHECK_INT(store_read(store, FILE_, NULL, 1, buf, sizeof buf, &err), 2); /* as readers of an older version do */
	CHECK(memcmp(buf, "bc", 2) == 0);
	CHECK_INT(store_publish(store, FILE_, 3, "x=1/.part-" UUID "-00007.new", &err), 0); /* a late writer */
	CHECK_INT(store_size(store, FILE_, &size, &err), -ENOENT);
	CHECK_INT(store_publish(store, FILE_, 3, ASIDE, &err), 0);
	CHECK_INT(store_size(store, FILE_, &size, &err), 0);
	CHECK_INT(store_size_aside(store, FILE_, &size, &err), -ENOENT);
	CHECK_STR(err.len ? err.s : "", "");
	store_close(store);
	strbuf_release(&err);
}

/* Names come from a log that anyone may have written. */
static void test_other_names_are_refused(void)
{
	static const char *const names[][2] = {{FILE_, "x=1/.part-" UUID "-00008.old"},
		{FILE_, "x=2/.part-" UUID "-00007.old"}, {FILE_, "../x"}, {"notes", ".notes.old"},
		{"../part-" UUID "-00007.zst", "../.part-" UUID "-00007.old"}, {FILE_, "x=1/.part-" UUID "-00007.new"}};
	struct store *store = open_store("names");
	uint64_t size;
	publish(store, "abc");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct strbuf err = STRBUF_INIT;
		CHECK_INT(store_set_aside(store, names[i][0], names[i][1], &err), -EBADMSG);
		CHECK(strstr(err.s, "which it cannot"));
		strbuf_release(&err);
	}
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(store_size(store, FILE_, &size, &err), 0);
	CHECK_INT(store_publish(store, FILE_, 3, "x=1/.part-" UUID "-00008.old", &err), -EBADMSG);
	store_close(store);
	strbuf_release(&err);
}

/* A file that is gone, because it was vacuumed, needs no hiding. */
static void test_gone(void)
{
	struct store *store = open_store("gone");
	struct strbuf err = STRBUF_INIT;
	char buf[8];
	publish(store, "abc");
	CHECK_INT(store_remove(store, FILE_, &err), 0);
	CHECK_INT(store_set_aside(store, FILE_, ASIDE, &err), 0);
	CHECK_INT(
		store_set_aside(store, "nowhere/part-" UUID "-00001.zst", "nowhere/.part-" UUID "-00001.old", &err), 0);
	CHECK_STR(err.len ? err.s : "", "");
	CHECK_INT(store_read(store, FILE_, NULL, 0, buf, sizeof buf, &err), -ENOENT);
	store_close(store);
	strbuf_release(&err);
}

int main(void)
{
	if (!mkdtemp(scratch(top, "weir-aside")))
		return 1;
	TEST(test_names);
	TEST(test_aside_and_back);
	TEST(test_other_names_are_refused);
	TEST(test_gone);
	struct strbuf command = STRBUF_INIT;
	strbuf_addf(&command, "rm -rf '%s'", top);
	int r = system(command.s);
	strbuf_release(&command);
	return r ? 1 : check_done();
}
