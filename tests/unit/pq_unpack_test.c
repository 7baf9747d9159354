/* Codecs that are only read: pages of other writers; and what memory is taken for. */
#include "common/parquet/unpack.h"

#include <errno.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/parquet/budget.h"
#include "common/parquet/codec.h"
#include "tests/unit/check.h"

#define TEXT "weir weir weir weir"

static const unsigned char brotli[] = {
	0x1b, 0x12, 0x00, 0x00, 0x04, 0x36, 0xe0, 0x48, 0x73, 0x09, 0xd2, 0xe5, 0x50, 0x27, 0x0a, 0x6e, 0x03};
static const unsigned char raw[] = {0x55, 0x77, 0x65, 0x69, 0x72, 0x20, 0x05, 0x00, 0x50, 0x20, 0x77, 0x65, 0x69, 0x72};
/* a block of Hadoop's codec */
static const unsigned char hadoop[] = {
	0, 0, 0, 19, 0, 0, 0, 14, 0x55, 0x77, 0x65, 0x69, 0x72, 0x20, 0x05, 0x00, 0x50, 0x20, 0x77, 0x65, 0x69, 0x72};
/* two members: "weir weir" and " weir weir" */
static const unsigned char gzip[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2b, 0x4f, 0xcd, 0x2c,
	0x52, 0x28, 0x07, 0x12, 0x00, 0x85, 0xcf, 0x05, 0xc1, 0x09, 0x00, 0x00, 0x00, 0x1f, 0x8b, 0x08, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x02, 0x03, 0x53, 0x28, 0x4f, 0xcd, 0x2c, 0x52, 0x00, 0x11, 0x00, 0x8d, 0xb0, 0xdb, 0x8b,
	0x0a, 0x00, 0x00, 0x00};

/* DATA is TEXT; nothing shorter, and no other size, is. */
static void check(struct pq_unpacker *u, int kind, const unsigned char *data, size_t len)
{
	struct strbuf err = STRBUF_INIT;
	char to[64];
	size_t size = strlen(TEXT);
	CHECK(pq_unpack_fits(kind, data, len, size));
	CHECK_INT(pq_unpack(u, kind, data, len, to, size, &err), 0);
	CHECK(memcmp(to, TEXT, size) == 0);
	CHECK_STR(err.s, "");
	CHECK_INT(pq_unpack(u, kind, data, len, to, size - 1, &err), -EBADMSG);
	CHECK_INT(pq_unpack(u, kind, data, len, to, size + 1, &err), -EBADMSG);
	for (size_t cut = 0; cut < len; cut++)
		CHECK_INT(pq_unpack(u, kind, data, cut, to, size, &err), -EBADMSG);
	CHECK(err.len > 0);
	strbuf_release(&err);
}

static void test_codecs(void)
{
	struct pq_unpacker *u = pq_unpacker_new();
	struct strbuf err = STRBUF_INIT;
	check(u, PQ_BROTLI, brotli, sizeof brotli);
	check(u, PQ_LZ4_RAW, raw, sizeof raw);
	check(u, PQ_LZ4, hadoop, sizeof hadoop);
	check(u, PQ_LZ4, raw, sizeof raw); /* some writers left out the framing */
	check(u, PQ_GZIP, gzip, sizeof gzip);
	CHECK_INT(pq_unpack(u, 3, "", 0, NULL, 0, &err), -ENOTSUP);
	CHECK_STR(err.s, "codec 3 is not read");
	strbuf_release(&err);
	pq_unpacker_free(u);
	pq_unpacker_free(NULL);
}

/* A page that cannot be so large is refused before memory is taken. */
static void test_fits(void)
{
	CHECK(pq_unpack_fits(PQ_NONE, "abc", 3, 3));
	CHECK(!pq_unpack_fits(PQ_NONE, "abc", 3, 4));
	CHECK(!pq_unpack_fits(PQ_SNAPPY,
		"\x03\x08"
		"abc",
		5, 1 << 30));
	CHECK(!pq_unpack_fits(PQ_GZIP, gzip, sizeof gzip, 1 << 30));
	CHECK(!pq_unpack_fits(PQ_LZ4_RAW, raw, sizeof raw, 1 << 20));
	CHECK(!pq_unpack_fits(PQ_ZSTD, "\x28\xb5\x2f\xfd", 4, 1 << 30));
}

static void test_budget(void)
{
	struct pq_budget b = {.limit = 1000};
	char *p = NULL;
	size_t room = 0;
	CHECK_INT(pq_budget_room(&b, &p, &room, 100, 1, true), 0);
	CHECK_INT(b.used, room);
	memcpy(p, "keep", 5);
	CHECK_INT(pq_budget_room(&b, &p, &room, 500, 1, true), 0);
	CHECK_STR(p, "keep");
	CHECK(room >= 500);
	size_t before = room;
	CHECK_INT(pq_budget_room(&b, &p, &room, 2000, 1, true), -EFBIG);
	CHECK_INT(pq_budget_room(&b, &p, &room, SIZE_MAX / 4, 8, false), -EFBIG);
	CHECK_STR(p, "keep");
	CHECK_INT(room, before);
	CHECK_INT(pq_budget_take(&b, 1000 - b.used), 0);
	CHECK_INT(pq_budget_take(&b, 1), -EFBIG);
	pq_budget_give(&b, 1000 - room);
	pq_budget_free(&b, &p, &room, 1);
	CHECK(!p && !room);
	CHECK_INT(b.used, 0);
}

int main(void)
{
	TEST(test_codecs);
	TEST(test_fits);
	TEST(test_budget);
	return check_done();
}
