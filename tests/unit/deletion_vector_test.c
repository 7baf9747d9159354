/* Deletion vectors: each kind of container, and everything that is refused. */
#include "common/lake/deletion_vector.h"

#include <errno.h>

#include "common/base/strbuf.h"
#include "tests/unit/check.h"

#define ROWS (UINT64_C(1) << 34)

static void put(struct strbuf *b, uint32_t n, int bytes)
{
	for (int i = 0; i < bytes; i++)
		strbuf_addch(b, (char)(n >> 8 * i));
}

/* The magic number and how many bitmaps follow; each begins with the upper half of its rows. */
static void begin(struct strbuf *b, uint32_t bitmaps)
{
	strbuf_clear(b);
	put(b, 1681511377, 4);
	put(b, bitmaps, 4);
	put(b, 0, 4);
}

/* A bitmap with one container of an array: the rows at ROW. */
static void put_array(struct strbuf *b, uint32_t high, uint32_t key, const uint16_t *row, uint32_t count)
{
	put(b, high, 4);
	put(b, 12346, 4);
	put(b, 1, 4);
	put(b, key, 2);
	put(b, count - 1, 2);
	put(b, 16, 4); /* the offset, which is not used */
	for (uint32_t i = 0; i < count; i++)
		put(b, row[i], 2);
}

/* A bitmap of a container of 8192 bytes, in which every third row is deleted, and one of runs. */
static void put_mixed(struct strbuf *b)
{
	put(b, 0, 4);
	put(b, 12347 | 1u << 16, 4); /* two containers, of which the second has runs */
	put(b, 2, 1);
	put(b, 1, 2); /* rows 65536 on */
	put(b, 21845, 2);
	put(b, 3, 2); /* rows 196608 on */
	put(b, 1000, 2);
	for (uint32_t i = 0; i < 8192; i++) {
		uint32_t byte = 0;
		for (uint32_t bit = 0; bit < 8; bit++)
			byte |= (uint32_t)((8 * i + bit) % 3 == 0) << bit;
		put(b, byte, 1);
	}
	put(b, 2, 2);
	put(b, 5, 2);
	put(b, 0, 2); /* row 5 */
	put(b, 100, 2);
	put(b, 999, 2); /* rows 100 to 1099 */
}

static int parse(const struct strbuf *b, uint64_t rows, struct deletion_vector *v)
{
	struct strbuf err = STRBUF_INIT;
	int r = deletion_vector_parse(b->s, b->len, rows, v, &err);
	CHECK(r == 0 ? !err.len : err.len > 0);
	strbuf_release(&err);
	return r;
}

static void test_kinds(void)
{
	static const uint16_t rows[] = {0, 7, 65535};
	struct strbuf b = STRBUF_INIT;
	struct deletion_vector v;
	begin(&b, 2);
	put_mixed(&b);
	put_array(&b, 1, 2, rows, 3); /* rows beyond 2^32 */
	CHECK_INT(parse(&b, ROWS, &v), 0);
	CHECK_INT(v.rows, 21846 + 1001 + 3);
	uint64_t counted = 0;
	for (uint64_t row = 0; row < 300000; row++)
		counted += deletion_vector_has(&v, row);
	CHECK_INT(counted, 21846 + 1001);
	CHECK(deletion_vector_has(&v, 65536) && !deletion_vector_has(&v, 65537) && deletion_vector_has(&v, 65539));
	CHECK(deletion_vector_has(&v, 196608 + 5) && !deletion_vector_has(&v, 196608 + 6));
	CHECK(deletion_vector_has(&v, 196608 + 1099) && !deletion_vector_has(&v, 196608 + 1100));
	uint64_t far = (UINT64_C(1) << 32) + 131072;
	CHECK(deletion_vector_has(&v, far) && deletion_vector_has(&v, far + 7) && !deletion_vector_has(&v, far + 8));
	CHECK(deletion_vector_has(&v, far + 65535) && !deletion_vector_has(&v, far + 65536));
	CHECK(deletion_vector_has(&v, 65536)); /* backwards */
	deletion_vector_release(&v);
	begin(&b, 0);
	CHECK_INT(parse(&b, ROWS, &v), 0);
	CHECK(!deletion_vector_has(&v, 0));
	strbuf_release(&b);
}

/* Every prefix is refused, and so is what follows the end. */
static void test_cut(void)
{
	struct strbuf b = STRBUF_INIT;
	struct deletion_vector v;
	begin(&b, 1);
	put_mixed(&b);
	size_t len = b.len;
	for (b.len = 0; b.len < len; b.len += b.len < 40 || b.len + 20 > len ? 1 : 97)
		CHECK_INT(parse(&b, ROWS, &v), -EBADMSG);
	b.len = len;
	strbuf_addch(&b, 0);
	CHECK_INT(parse(&b, ROWS, &v), -EBADMSG);
	strbuf_release(&b);
}

static void test_refused(void)
{
	static const uint16_t good[] = {1, 2}, twice[] = {2, 2}, down[] = {2, 1};
	struct strbuf b = STRBUF_INIT;
	struct deletion_vector v;
	begin(&b, 1);
	put_array(&b, 0, 0, good, 2);
	CHECK_INT(parse(&b, 3, &v), 0);
	deletion_vector_release(&v);
	CHECK_INT(parse(&b, 2, &v), -EBADMSG); /* row 2 of two rows */
	CHECK_INT(parse(&b, 0, &v), -EBADMSG);
	begin(&b, 1);
	put_array(&b, 0, 0, twice, 2);
	CHECK_INT(parse(&b, ROWS, &v), -EBADMSG);
	begin(&b, 1);
	put_array(&b, 0, 0, down, 2);
	CHECK_INT(parse(&b, ROWS, &v), -EBADMSG);
	begin(&b, 2);
	put_array(&b, 0, 0, good, 2);
	put_array(&b, 0, 0, good, 2);
	CHECK_INT(parse(&b, ROWS, &v), -EBADMSG); /* the same container twice */
	begin(&b, 1);
	put_array(&b, 0, 0, good, 2);
	b.s[0]++;
	CHECK_INT(parse(&b, ROWS, &v), -EBADMSG); /* the magic number */
	b.s[0]--;
	b.s[16]++;
	CHECK_INT(parse(&b, ROWS, &v), -EBADMSG); /* the cookie of the bitmap */
	b.s[16]--;
	b.s[22] = 1;
	CHECK_INT(parse(&b, ROWS, &v), -EBADMSG); /* more containers than there can be */
	strbuf_release(&b);
}

int main(void)
{
	TEST(test_kinds);
	TEST(test_cut);
	TEST(test_refused);
	return check_done();
}
