/* common/stream/scan: every version finds what the slow way finds. */
#include <stdlib.h>
#include <string.h>

#include "common/stream/mark.h"
#include "common/stream/scan.h"
#include "tests/unit/check.h"

/* What scan_records() should return, computed the slow way. */
static size_t slow_scan(const char *s, size_t len, char delim, uint64_t *ret)
{
	size_t i = 0;
	for (*ret = 0; i < len; i = (size_t)((const char *)memchr(s + i, delim, len - i) - s) + 1, ++*ret)
		if (s[i] == MARK_ETB || s[i] == MARK_DLE)
			break;
	return i;
}

static void test_scan(void)
{
	static const char bytes[] = "\n\nxxxx\x17\x10";
	char buf[300];
	srand(7);
	for (int round = 0; round < 20000; round++) {
		size_t len = 1 + (unsigned)rand() % 290;
		uint64_t want_n, n;
		for (size_t i = 0; i < len; i++)
			buf[i] = round % 3 ? "\nxxxxxxxxxxxxxxxxxxxxxxxxxxxx\x17"[rand() % 30] : bytes[rand() % 8];
		buf[len - 1] = '\n';
		size_t want = slow_scan(buf, len, '\n', &want_n);
		for (unsigned v = 0; v < 3; v++) {
			scan_function *scan = scan_version(v);
			if (!scan)
				continue;
			CHECK_INT(scan(buf, len, '\n', &n), want);
			CHECK_INT(n, want_n);
		}
	}
	uint64_t n;
	CHECK_INT(scan_records(buf, 0, '\n', &n), 0);
	CHECK_INT(n, 0);
}

int main(void)
{
	TEST(test_scan);
	return check_done();
}
