/* Unit tests of what a table has of a commit of many: cmd/lake-put/share. */
#include <errno.h>
#include <string.h>

#include "cmd/lake-put/share.h"
#include "tests/unit/check.h"

static const struct position positions[] = {
	{.group = "g", .topic = "a", .partition = 0, .was = 0, .next = 5, .records = 5},
	{.group = "g", .topic = "b", .partition = 0, .was = -1, .next = 0},
	{.group = "g", .topic = "a", .partition = 2, .was = 3, .next = 9, .records = 4},
	/* they stay: */
	{.group = "g", .topic = "c", .partition = 0, .was = 7, .next = 7},
	{.group = "g", .topic = "a", .partition = 1, .was = 8, .next = 8},
	{.group = "g", .topic = "ab", .partition = 0, .was = 1, .next = 1},
};

static void take(const char *topic, size_t count, size_t stay, uint64_t read)
{
	const struct sink_commit commit = {.positions = positions, .count = 3, .stay = 3};
	struct share share;
	share_take(&commit, topic, &share);
	CHECK_INT(share.count, count);
	CHECK_INT(share.stay, stay);
	CHECK_INT(share.read, read);
	for (size_t i = 0; i < share.count + share.stay; i++) {
		CHECK_STR(share.positions[i].topic, topic);
		CHECK_INT(share.positions[i].was == share.positions[i].next, i >= share.count);
	}
	share_release(&share);
	CHECK(!share.positions);
}

/* Each position is in one share; those that move come first. */
static void test_take(void)
{
	take("a", 2, 1, 9);
	take("b", 1, 0, 0);
	take("c", 0, 1, 0);
	take("ab", 0, 1, 0);
	take("d", 0, 0, 0);
	take("", 0, 0, 0);
	struct share share;
	share_take(&(struct sink_commit){0}, "a", &share); /* of a plain stream */
	CHECK_INT(share.count + share.stay, 0);
	share_release(&share);
}

static void check(size_t count, uint64_t read, uint64_t rows, bool exact, const char *why)
{
	struct strbuf err = STRBUF_INIT;
	const struct share share = {.count = count, .read = read};
	CHECK_INT(share_check(&share, "t", rows, exact, &err), why ? -EBADMSG : 0);
	CHECK_STR(err.len ? err.s : "", why ? why : "");
	strbuf_release(&err);
}

static void test_check(void)
{
	check(0, 0, 0, false, NULL);
	check(1, 5, 0, false, NULL);
	check(1, 5, 7, false, NULL); /* a filter makes more of them */
	check(1, 5, 5, true, NULL);
	check(0, 0, 0, true, NULL);
	check(0, 0, 1, false,
		"1 row is for the topic 't', of which no position moves: what is upstream changes the field that names "
		"the table, or holds rows back");
	check(0, 0, 2, true,
		"2 rows are for the topic 't', of which no position moves: what is upstream changes the field that "
		"names "
		"the table, or holds rows back");
	check(1, 5, 4, true,
		"the table has 4 rows of the 5 records of the topic 't': what is upstream changes the field that names "
		"the "
		"table");
	check(1, 0, 1, true,
		"the table has 1 row of the 0 records of the topic 't': what is upstream changes the field that names "
		"the "
		"table");
}

static void test_moves(void)
{
	static char a[] = "a", b[] = "b";
	struct mark_range items[] = {
		{.topic = a, .partition = 0, .from = 3, .to = 3},
		{.topic = a, .partition = 1, .from = 3, .to = 4},
		{.topic = b, .partition = 0, .from = 0, .to = 0},
	};
	const struct mark_ranges ranges = {.items = items, .count = 3}, none = {0};
	CHECK(share_moves(&ranges, "a"));
	CHECK(!share_moves(&ranges, "b"));
	CHECK(!share_moves(&ranges, "c"));
	CHECK(!share_moves(&none, "a"));
}

int main(void)
{
	TEST(test_take);
	TEST(test_check);
	TEST(test_moves);
	return check_done();
}
