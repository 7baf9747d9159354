/* Unit tests of common/lake/changes: what a version means to a reader of those before it. */
#include "common/lake/changes.h"

#include "tests/unit/check.h"

static struct strbuf why = STRBUF_INIT;

static struct entry parsed(const char *text)
{
	struct entry e = {0};
	struct strbuf s = STRBUF_INIT;
	strbuf_addstr(&s, text);
	CHECK_INT(entry_parse(&s, "x", &e, &why), 0);
	strbuf_release(&s);
	return e;
}

static void check_changes(const char *text, size_t adds, bool removes, const char *what)
{
	struct entry e = parsed(text);
	struct changes c;
	changes_find(&e, &c);
	CHECK_INT(json_array_size(c.adds), adds);
	CHECK_INT(c.removes, removes);
	if (what)
		CHECK_STR(c.what, what);
	else
		CHECK(!c.what);
	changes_release(&c);
	entry_release(&e);
}

static void test_changes(void)
{
#define INFO(op) "{\"commitInfo\":{\"timestamp\":7,\"operation\":\"" op "\"}}\n"
	check_changes(INFO("WRITE") "{\"add\":{\"path\":\"a\"}}\n", 1, false, NULL); /* it is about data by default */
	check_changes(INFO("WRITE") "{\"add\":{\"path\":\"a\",\"dataChange\":true}}\n", 1, false, NULL);
	check_changes(INFO("OPTIMIZE") "{\"add\":{\"path\":\"a\",\"dataChange\":false}}\n", 0, false, NULL);
	check_changes(INFO("DELETE") "{\"remove\":{\"path\":\"a\"}}\n", 0, true, "DELETE");
	check_changes(INFO("x") "{\"remove\":{\"path\":\"a\",\"dataChange\":false}}\n", 0, false, NULL);
	check_changes(INFO("RESTORE") "{\"add\":{\"path\":\"a\",\"dataChange\":true}}\n", 1, true, "RESTORE");
	check_changes("{\"remove\":{\"path\":\"a\"}}\n", 0, true, "removal");
}

static void test_identity(void)
{
	struct entry a = parsed("{\"commitInfo\":{\"timestamp\":7,\"txnId\":\"one\"}}\n{\"add\":{\"path\":\"a\"}}\n");
	struct entry b = parsed("{\"commitInfo\":{\"timestamp\":7,\"txnId\":\"two\"}}\n{\"add\":{\"path\":\"a\"}}\n");
	struct identity x = changes_identity(&a, 4), y = changes_identity(&b, 4);
	CHECK(x.known && x.offset == 4 && x.ms == 7);
	CHECK(x.crc != y.crc);
	entry_release(&a);
	entry_release(&b);
	a = parsed("{\"commitInfo\":{\"timestamp\":7}}\n{\"add\":{\"path\":\"a\",\"size\":1}}\n");
	b = parsed("{\"commitInfo\":{\"timestamp\":7}}\n{\"add\":{\"path\":\"b\",\"size\":1}}\n");
	x = changes_identity(&a, 4);
	y = changes_identity(&b, 4);
	CHECK(x.crc != y.crc);
	entry_release(&b);
	b = parsed("{\"commitInfo\":{\"timestamp\":7}}\n{\"add\":{\"size\":1,\"path\":\"a\"}}\n");
	y = changes_identity(&b, 4);
	CHECK(x.crc == y.crc);
	entry_release(&a);
	entry_release(&b);
	a = parsed("{\"add\":{\"path\":\"a\"}}\n");
	CHECK_INT(changes_identity(&a, 0).ms, -1);
	entry_release(&a);
	a = parsed("{\"commitInfo\":{\"timestamp\":-7}}\n");
	CHECK_INT(changes_identity(&a, 0).ms, -1);
	entry_release(&a);
	a = parsed("{\"commitInfo\":{\"timestamp\":9223372036854775807}}\n");
	CHECK_INT(changes_identity(&a, 0).ms, -1);
	entry_release(&a);
}

static void test_another_id(void)
{
	const char *id = "";
	struct entry e = parsed("{\"metaData\":{\"id\":\"x\"}}\n");
	CHECK(!changes_table(&e, "x", &id));
	CHECK(changes_table(&e, "y", &id));
	CHECK_STR(id, "x");
	entry_release(&e);
	e = parsed("{\"commitInfo\":{}}\n");
	CHECK(!changes_table(&e, "y", &id));
	entry_release(&e);
}

int main(void)
{
	TEST(test_changes);
	TEST(test_identity);
	TEST(test_another_id);
	strbuf_release(&why);
	return check_done();
}
