/* Unit tests of common/lake/owner_fs: names of machines in writers' locks. */
#include "common/lake/store_fs.h"
#include "tests/unit/check.h"

static void test_every_host_can_have_locks(void)
{
	static const char *const hosts[][2] = {{"vm-1.example", "vm-1.example"}, {".hidden", "_hidden"}, {"..", "_."},
		{"a b\n/c", "a_b__c"}, {"x+dead", "x_dead"}, {"\"\\", "__"}, {"\xc3\xa9", "__"}, {"", ""}};
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		struct strbuf name = STRBUF_INIT;
		fs_host_name(&name, hosts[i][0]);
		CHECK_STR(name.s, hosts[i][1]);
		strbuf_addstr(&name, "-01234567-89ab-4cde-8f01-23456789abcd");
		const char *uuid = fs_lock_uuid(name.s);
		CHECK(uuid); /* if a lock were not recognised as one, anybody could remove its stages */
		CHECK_STR(uuid ? uuid : "", "01234567-89ab-4cde-8f01-23456789abcd");
		strbuf_release(&name);
	}
}

int main(void)
{
	TEST(test_every_host_can_have_locks);
	return check_done();
}
