/* Decompressing while reading: pieces of every size, several members, and damaged input. */
#include "common/io/unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "common/base/alloc.h"
#include "common/base/strbuf.h"
#include "tests/unit/check.h"

static struct strbuf plain;

/* A source that gives PIECE bytes at a time, and fails at byte `fails`. */
struct test_source {
	const char *s;
	size_t len, pos, piece, fails;
};

static ssize_t give(void *arg, void *buf, size_t size)
{
	struct test_source *src = arg;
	size_t n = src->len - src->pos;
	if (src->pos >= src->fails)
		return -EIO;
	n = n < src->piece ? n : src->piece;
	n = n < size ? n : size;
	memcpy(buf, src->s + src->pos, n);
	src->pos += n;
	return (ssize_t)n;
}

static void pack(enum unpack_kind kind, struct strbuf *out)
{
	size_t room = plain.len + 1000, from = out->len;
	char *to = strbuf_grow(out, room);
	if (kind == UNPACK_ZSTD) {
		strbuf_extend(out, ZSTD_compress(to, room, plain.s, plain.len, 1));
		return;
	}
	z_stream z = {0};
	CHECK_INT(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)plain.s;
	z.avail_in = (unsigned)plain.len;
	z.next_out = (unsigned char *)to;
	z.avail_out = (unsigned)room;
	CHECK_INT(deflate(&z, Z_FINISH), Z_STREAM_END);
	strbuf_extend(out, room - z.avail_out);
	deflateEnd(&z);
	CHECK(out->len > from);
}

/*
 * Read all of PACKED in pieces of IN bytes into buffers of OUT bytes; returns what unpack_read() returned last, and the
 * text.
 */
static ssize_t unpack_all(
	enum unpack_kind kind, const struct strbuf *packed, size_t in, size_t out, size_t fails, struct strbuf *ret)
{
	struct test_source src = {packed->s, packed->len, 0, in, fails};
	struct unpack *u;
	char *buf = xmalloc(out);
	ssize_t n;
	CHECK_INT(unpack_new(kind, give, &src, &u), 0);
	strbuf_clear(ret);
	while ((n = unpack_read(u, buf, out)) > 0)
		strbuf_add(ret, buf, (size_t)n);
	CHECK(n != -EBADMSG || *unpack_why(u));
	unpack_free(u);
	free(buf);
	return n;
}

static void test_pieces(void)
{
	static const size_t sizes[] = {1, 2, 7, 4096, 1 << 20};
	struct strbuf got = STRBUF_INIT;
	for (int kind = UNPACK_GZIP; kind <= UNPACK_ZSTD; kind++) {
		struct strbuf packed = STRBUF_INIT;
		pack(kind, &packed);
		pack(kind, &packed);
		CHECK_INT(unpack_kind(packed.s, packed.len), kind);
		for (size_t i = 0; i < 5; i++)
			for (size_t j = 0; j < 5; j++) {
				CHECK_INT(unpack_all(kind, &packed, sizes[i], sizes[j], SIZE_MAX, &got), 0);
				CHECK_INT(got.len, 2 * plain.len);
				CHECK(memcmp(got.s + plain.len, plain.s, plain.len) == 0);
			}
		strbuf_release(&packed);
	}
	strbuf_release(&got);
}

static void test_cut_anywhere(void)
{
	struct strbuf got = STRBUF_INIT;
	for (int kind = UNPACK_GZIP; kind <= UNPACK_ZSTD; kind++) {
		struct strbuf packed = STRBUF_INIT;
		pack(kind, &packed);
		size_t whole = packed.len;
		for (size_t len = 4; len < whole; len += 1 + whole / 50) {
			struct strbuf cut = {.s = packed.s, .len = len};
			CHECK_INT(unpack_all(kind, &cut, 4096, 4096, SIZE_MAX, &got), -EBADMSG);
			CHECK(got.len <= plain.len && memcmp(got.s, plain.s, got.len) == 0);
			CHECK_INT(unpack_all(kind, &packed, 100, 4096, len, &got), -EIO);
		}
		strbuf_addstr(&packed, "garbage");
		CHECK_INT(unpack_all(kind, &packed, 4096, 4096, SIZE_MAX, &got), -EBADMSG);
		CHECK_INT(got.len, plain.len);
		strbuf_release(&packed);
	}
	strbuf_release(&got);
}

static void test_kinds(void)
{
	CHECK_INT(unpack_kind("", 0), UNPACK_NONE);
	CHECK_INT(unpack_kind("\x1f", 1), UNPACK_NONE);
	CHECK_INT(unpack_kind("\x1f\x8b", 2), UNPACK_GZIP);
	CHECK_INT(unpack_kind("\x28\xb5\x2f", 3), UNPACK_NONE);
	CHECK_INT(unpack_kind("\x28\xb5\x2f\xfd", 4), UNPACK_ZSTD);
	CHECK_INT(unpack_kind("\x5f\x2a\x4d\x18", 4), UNPACK_ZSTD);
	CHECK_INT(unpack_kind("\x4f\x2a\x4d\x18", 4), UNPACK_NONE);
	CHECK_INT(unpack_kind("text", 4), UNPACK_NONE);
}

int main(void)
{
	for (int i = 0; i < 20000; i++)
		strbuf_addf(&plain, "%d %x\n", i, i * 2654435761u);
	TEST(test_pieces);
	TEST(test_cut_anywhere);
	TEST(test_kinds);
	strbuf_release(&plain);
	return check_done();
}
