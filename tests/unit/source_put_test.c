/* Unit tests of common/stream/source_put: records in pieces of any length. */
#include "common/stream/source_put.h"

#include <errno.h>

#include "tests/unit/check.h"

#define ETB "\x17"
#define DLE "\x10"

static struct output out;

static void begin(void)
{
	output_open(&out);
	out.out.len = 0;
}

static void end(void)
{
	out.out.len = 0;
	outbuf_release(&out.out);
}

/* Put the N bytes at S in pieces of SIZE, and compare what comes out, and the number of whole records. */
static void check(const char *s, size_t n, size_t size, char delim, const char *expected, size_t m, uint64_t records)
{
	struct source_put p = {.delim = delim, .marked = true};
	begin();
	for (size_t at = 0; at < n; at += size)
		CHECK_INT(source_put(&p, &out, s + at, n - at < size ? n - at : size), 0);
	CHECK_MEM(out.out.buf, out.out.len, expected, m);
	CHECK_INT(p.records, records);
	CHECK_INT(p.within, n > 0 && s[n - 1] != delim);
	end();
}

static void test_escaped_wherever_pieces_end(void)
{
	static const char text[] = "a\n" ETB "b\n" DLE "\n\nc" ETB "\n" ETB;
	static const char escaped[] = "a\n" DLE ETB "b\n" DLE DLE "\n\nc" ETB "\n" DLE ETB;
	for (size_t size = 1; size <= sizeof text; size++)
		check(text, sizeof text - 1, size, '\n', escaped, sizeof escaped - 1, 5);
	static const char nul[] = "a\n" ETB "\0" ETB "\0", nul_escaped[] = "a\n" ETB "\0" DLE ETB "\0";
	for (size_t size = 1; size <= sizeof nul; size++)
		check(nul, sizeof nul - 1, size, '\0', nul_escaped, sizeof nul_escaped - 1, 2);
}

static void test_a_plain_stream_is_not_escaped(void)
{
	struct source_put p = {.delim = '\n'};
	begin();
	CHECK_INT(source_put(&p, &out, "", 0), 0);
	CHECK_INT(source_put(&p, &out, ETB "x\n", 3), -EBADMSG);
	CHECK_INT(out.out.len, 0);
	CHECK_INT(source_put(&p, &out, "a\nb", 3), 0);
	CHECK(p.within);
	CHECK_INT(source_put(&p, &out, ETB "x\n", 3), 0); /* only the first byte of the stream matters */
	CHECK(!p.within);
	CHECK_INT(p.records, 2);
	CHECK_MEM(out.out.buf, out.out.len, "a\nb" ETB "x\n", 6);
	end();
	begin();
	p = (struct source_put){.delim = '\n', .plain = true};
	CHECK_INT(source_put(&p, &out, ETB "x\n", 3), 0);
	CHECK_INT(out.out.len, 3);
	end();
}

int main(void)
{
	TEST(test_escaped_wherever_pieces_end);
	TEST(test_a_plain_stream_is_not_escaped);
	return check_done();
}
