/* Z85: the example of its specification, and what is refused. */
#include "common/data/z85.h"

#include <errno.h>

#include "tests/unit/check.h"

static void test_decode(void)
{
	static const unsigned char hello[] = {0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b};
	unsigned char out[8] = {0};
	CHECK_INT(z85_decode(out, "HelloWorld", 10), 0);
	CHECK(memcmp(out, hello, sizeof hello) == 0);
	CHECK_INT(z85_decode(out, "00000%nSc0", 10), 0);
	CHECK(memcmp(out, "\0\0\0\0\xff\xff\xff\xff", 8) == 0);
	CHECK_INT(z85_decode(out, "", 0), 0);
}

static void test_refused(void)
{
	unsigned char out[8];
	CHECK_INT(z85_decode(out, "Hell", 4), -EINVAL);
	CHECK_INT(z85_decode(out, "Hell ", 5), -EINVAL);
	CHECK_INT(z85_decode(out, "Hell\0", 5), -EINVAL);
	CHECK_INT(z85_decode(out, "%nSc1", 5), -EINVAL); /* 2^32 */
	CHECK_INT(z85_decode(out, "#####", 5), -EINVAL);
}

int main(void)
{
	TEST(test_decode);
	TEST(test_refused);
	return check_done();
}
