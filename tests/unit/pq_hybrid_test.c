/* Run lengths and packed bits, read in parts: however they are cut, the values are the same. */
#include "common/parquet/hybrid.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "tests/unit/check.h"

enum { N = 500 };

/* Values up to 2^WIDTH - 1, of which some repeat for a while. */
static void make(unsigned width, uint32_t v[N])
{
	uint32_t state = width + 1, last = 0;
	for (size_t i = 0; i < N; i++) {
		state = state * 1664525 + 1013904223;
		if (i % 100 < 50 || i % 100 == 99)
			last = state >> 8 & (uint32_t)((UINT64_C(1) << width) - 1);
		v[i] = last;
	}
}

static void test_parts(void)
{
	for (unsigned width = 1; width <= 28; width++) {
		uint32_t v[N], back[N];
		make(width, v);
		unsigned char *to = xmalloc(hybrid_room(N, width)), *exact;
		size_t len = hybrid_encode(v, N, width, to);
		exact = xmalloc(len);
		memcpy(exact, to, len);
		for (size_t part = 1; part < 300; part = 2 * part + 1) {
			struct hybrid_reader in;
			hybrid_begin(&in, exact, len, width);
			for (size_t at = 0; at < N; at += part) {
				size_t n = N - at < part ? N - at : part;
				if (at / part % 3 == 2)
					CHECK_INT(hybrid_skip(&in, n), 0);
				else
					CHECK_INT(hybrid_take(&in, back + at, n), 0);
				if (at / part % 3 != 2)
					CHECK(memcmp(back + at, v + at, n * sizeof *v) == 0);
			}
		}
		free(exact);
		free(to);
	}
}

static void test_levels(void)
{
	/* a run of 20 threes, then 16 packed values of two bits: 0 1 2 3 and again */
	static const unsigned char bytes[] = {40, 3, 5, 0xe4, 0xe4, 0xe4, 0xe4};
	struct hybrid_reader in;
	uint8_t v[36];
	size_t count;
	uint32_t greatest;
	hybrid_begin(&in, bytes, sizeof bytes, 2);
	CHECK_INT(hybrid_count(&in, 36, 3, &count, &greatest), 0);
	CHECK_INT(count, 24);
	CHECK_INT(greatest, 3);
	CHECK_INT(hybrid_count(&in, 36, 1, &count, &greatest), 0);
	CHECK_INT(count, 4);
	CHECK_INT(hybrid_count(&in, 37, 1, &count, &greatest), -EBADMSG);
	CHECK(!hybrid_take_run(&in, 2, 5));
	CHECK(!hybrid_take_run(&in, 3, 21));
	CHECK(hybrid_take_run(&in, 3, 5));
	CHECK_INT(hybrid_take_levels(&in, v, 31), 0);
	CHECK_INT(v[0], 3);
	CHECK(memcmp(v + 15, "\0\1\2\3\0\1\2\3", 8) == 0);
	CHECK(!hybrid_take_run(&in, 0, 1));
	CHECK_INT(hybrid_take_levels(&in, v, 1), -EBADMSG);
}

static void test_malformed(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		unsigned width;
	} bad[] = {{"", 0, 1}, {"\x00", 1, 1}, {"\x01", 1, 1}, {"\x04", 1, 8}, {"\x04\x02", 2, 1}, {"\x03", 1, 4},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10, 1}, {"\x80", 1, 1}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct hybrid_reader in;
		uint32_t v[4];
		uint8_t levels[4];
		hybrid_begin(&in, (const unsigned char *)bad[i].bytes, bad[i].len, bad[i].width);
		CHECK_INT(hybrid_take(&in, v, 1), -EBADMSG);
		hybrid_begin(&in, (const unsigned char *)bad[i].bytes, bad[i].len, bad[i].width);
		CHECK_INT(hybrid_take_levels(&in, levels, 1), -EBADMSG);
		CHECK_INT(hybrid_skip(&in, 1), -EBADMSG);
	}
	struct hybrid_reader in;
	uint32_t v[8];
	hybrid_begin(&in, (const unsigned char *)"\x03\x21\x43", 3, 4); /* without the padding of the group */
	CHECK_INT(hybrid_take(&in, v, 4), 0);
	CHECK_INT(v[3], 4);
	CHECK_INT(hybrid_take(&in, v, 1), -EBADMSG);
}

int main(void)
{
	TEST(test_parts);
	TEST(test_levels);
	TEST(test_malformed);
	return check_done();
}
