/* Unit tests of lake-cat's file of positions. */
#include "cmd/lake-cat/position_file.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static struct strbuf why = STRBUF_INIT;

static int parse(const char *text, struct position_file *ret)
{
	strbuf_clear(&why);
	return position_file_parse(text, strlen(text), "t", ret, &why);
}

static void test_what_is_written_is_read(void)
{
	char dir[SCRATCH_SIZE], path[SCRATCH_SIZE + 8];
	struct position_file at = {.next = 12, .last = {true, 11, 1700000000000, 0xabcdef}}, is;
	CHECK(mkdtemp(scratch(dir, "position-file")) != NULL);
	snprintf(path, sizeof path, "%s/p", dir);
	CHECK_INT(position_file_read(path, "t\"", &is, &why), 0);
	CHECK_INT(is.next, OFFSET_NONE);
	CHECK_INT(position_file_write(path, "t\"", &at, &why), 0);
	CHECK_INT(position_file_read(path, "t\"", &is, &why), 0);
	CHECK_INT(is.next, 12);
	CHECK(is.last.known && is.last.offset == 11 && is.last.ms == 1700000000000 && is.last.crc == 0xabcdef);
	at = (struct position_file){.next = 13};
	CHECK_INT(position_file_write(path, "t\"", &at, &why), 0);
	CHECK_INT(position_file_read(path, "t\"", &is, &why), 0);
	CHECK(is.next == 13 && !is.last.known);
	CHECK_INT(position_file_read(path, "other", &is, &why), -EINVAL);
	CHECK(strstr(why.s, "is about the table t\", not about other"));
	CHECK_INT(unlink(path), 0);
	CHECK_INT(rmdir(dir), 0);
	CHECK_INT(position_file_write(path, "t", &at, &why), -ENOENT);
}

static void test_files_that_are_none(void)
{
	static const char *const bad[] = {"", "{}", "[]", "x", "{\"v\":2,\"table\":\"t\",\"next\":1,\"last\":null}",
		"{\"v\":1,\"next\":1,\"last\":null}", "{\"v\":1,\"table\":\"t\",\"last\":null}",
		"{\"v\":1,\"table\":\"t\",\"next\":-1,\"last\":null}", "{\"v\":1,\"table\":\"t\",\"next\":1}",
		"{\"v\":1,\"table\":\"t\",\"next\":1.5,\"last\":null}",
		"{\"v\":1,\"table\":\"t\",\"next\":1,\"next\":2,\"last\":null}",
		"{\"v\":1,\"table\":\"t\",\"next\":1,\"last\":[0,1]}",
		"{\"v\":1,\"table\":\"t\",\"next\":1,\"last\":[0,1,\"0000000\"]}",
		"{\"v\":1,\"table\":\"t\",\"next\":1,\"last\":[0,1,\"0000000g\"]}",
		"{\"v\":1,\"table\":\"t\",\"next\":1,\"last\":[-1,1,\"00000000\"]}",
		"{\"v\":1,\"table\":\"t\",\"next\":1,\"last\":[0,1,\"00000000\",4]}"};
	struct position_file is = {.next = 77};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK_INT(parse(bad[i], &is), -EBADMSG);
		CHECK_STR(why.s, "is not a file of positions");
	}
	CHECK_INT(is.next, 77); /* untouched */
	CHECK_INT(parse("{\"v\":1,\"table\":\"t\",\"next\":1,\"last\":[0,-1,\"0000000f\"]}\n", &is), 0);
	CHECK(is.next == 1 && is.last.known && is.last.crc == 15);
}

int main(void)
{
	TEST(test_what_is_written_is_read);
	TEST(test_files_that_are_none);
	strbuf_release(&why);
	return check_done();
}
