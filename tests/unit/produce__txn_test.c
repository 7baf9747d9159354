/* cmd/produce/txn: the transactional id, of which another pipeline must have another. */
#include "cmd/produce/txn.h"

#include <string.h>

#include "tests/unit/check.h"

static char topic_name[] = "t";
static struct mark_range parts[] = {{.topic = topic_name, .partition = 0}, {.topic = topic_name, .partition = 1}};

static void id_of(struct strbuf *id, const char *group, const char *topic, size_t count)
{
	const struct mark_ranges ranges = {.items = parts, .count = count};
	strbuf_clear(id);
	txn_add_id(id, group, topic, &ranges);
}

static void test_ids(void)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
	id_of(&a, "copy-eu", "clicks", 2);
	id_of(&b, "copy-eu", "clicks", 2);
	CHECK_STR(a.s, b.s);
	CHECK(strncmp(a.s, "weir-copy-eu-clicks-", 20) == 0);
	CHECK_INT(a.len, 20 + 16);
	id_of(&b, "copy-eu", "clicks", 1);
	CHECK(strcmp(a.s, b.s) != 0);
	id_of(&b, "copy", "eu-clicks", 2); /* the same except for the hash */
	CHECK(strcmp(a.s, b.s) != 0);
	strbuf_release(&a);
	strbuf_release(&b);
}

int main(void)
{
	TEST(test_ids);
	return check_done();
}
