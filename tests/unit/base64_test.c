#include "common/data/base64.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/check.h"

/* RFC 4648 section 10. */
static void test_vectors(void)
{
	static const char *const vectors[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
		{"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\xff\xfe\xfd\xfc", "//79/A=="}};
	char buf[32];
	size_t n;

	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		const char *plain = vectors[i][0], *coded = vectors[i][1];
		CHECK_INT(BASE64_SIZE(strlen(plain)), strlen(coded));
		n = base64_encode(buf, plain, strlen(plain));
		CHECK_MEM(buf, n, coded, strlen(coded));
		CHECK_INT(base64_decode(buf, coded, strlen(coded), &n), 0);
		CHECK_MEM(buf, n, plain, strlen(plain));
	}
}

static void test_bad(void)
{
	static const struct {
		const char *s;
		size_t pos;
	} bad[] = {{"Z", 1}, {"Zg", 2}, {"Zg=", 3}, {"Zm9", 3}, {"=", 1}, {"==", 2}, {"====", 0}, {"Z===", 1},
		{"Zh==", 1}, {"Zm9=", 2}, {"Zg==Zg==", 2}, {"Zm9v\n", 4}, {"Zm 9v", 2}, {"Zm9v Zm9v", 4}, {"Zm-_", 2},
		{"Zm9vZ", 5}, {"\xff\xff\xff\xff", 0}, {"Zm=v", 2}, {"Zm9vYg=", 7}};
	char buf[32];
	size_t pos;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		pos = 99;
		CHECK_INT(base64_decode(buf, bad[i].s, strlen(bad[i].s), &pos), -EINVAL);
		if (pos != bad[i].pos)
			printf("# '%s'\n", bad[i].s);
		CHECK_INT(pos, bad[i].pos);
	}
	CHECK_INT(base64_decode(buf, "Zm\0v", 4, &pos), -EINVAL);
}

static void test_round_trip(void)
{
	unsigned char bytes[256];
	char buf[BASE64_SIZE(256)];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 167 + 13);
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		size_t n = base64_encode(buf, bytes, len), back;
		CHECK_INT(n, BASE64_SIZE(len));
		CHECK_INT(base64_decode(buf, buf, n, &back), 0);
		CHECK_MEM(buf, back, bytes, len);
	}
}

int main(void)
{
	TEST(test_vectors);
	TEST(test_bad);
	TEST(test_round_trip);
	return check_done();
}
