/* Unit tests of common/lake/codec, percent, uuid and layout. */
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "common/base/alloc.h"
#include "common/lake/codec.h"
#include "common/lake/percent.h"
#include "common/base/uuid.h"
#include "tests/unit/check.h"

static int to_strbuf(void *arg, const void *data, size_t len, struct strbuf *err)
{
	(void)err;
	strbuf_add(arg, data, len);
	return 0;
}

static int refuse(void *arg, const void *data, size_t len, struct strbuf *err)
{
	(void)arg, (void)data, (void)len;
	strbuf_addstr(err, "no");
	return -ENOSPC;
}

/* Decompress all members of gzip data. */
static void gunzip(const struct strbuf *in, struct strbuf *out)
{
	z_stream z = {.next_in = (unsigned char *)in->s, .avail_in = (uInt)in->len};
	CHECK_INT(inflateInit2(&z, 15 + 16), Z_OK);
	while (z.avail_in || z.avail_out == 0) {
		z.next_out = (unsigned char *)strbuf_grow(out, 65536);
		z.avail_out = 65536;
		int r = inflate(&z, Z_NO_FLUSH);
		out->len += 65536 - z.avail_out;
		if (r == Z_STREAM_END)
			inflateReset(&z);
		else if (r != Z_OK)
			break;
	}
	CHECK_INT(z.avail_in, 0);
	inflateEnd(&z);
}

static void unzstd(const struct strbuf *in, struct strbuf *out)
{
	ZSTD_DCtx *d = ZSTD_createDCtx();
	ZSTD_inBuffer i = {in->s, in->len, 0};
	size_t r = 0;
	bool more = true;
	while (i.pos < i.size || more) {
		ZSTD_outBuffer o = {strbuf_grow(out, 65536), 65536, 0};
		r = ZSTD_decompressStream(d, &o, &i);
		if (ZSTD_isError(r))
			break;
		out->len += o.pos;
		more = o.pos == o.size;
	}
	CHECK_INT(r, 0);
	ZSTD_freeDCtx(d);
}

/* Compress DATA in pieces of STEP bytes, with a frame for every FRAME bytes, and decompress it again. */
static void round_trip(const char *how, const struct strbuf *data, size_t step, size_t frame)
{
	struct strbuf err = STRBUF_INIT, packed = STRBUF_INIT, again = STRBUF_INIT;
	struct codec_spec spec;
	struct codec *codec;
	CHECK_INT(codec_parse(how, &spec, &err), 0);
	CHECK_INT(codec_new(&spec, &codec, &err), 0);
	for (size_t from = 0; from < data->len; from += frame) {
		size_t end = from + frame < data->len ? from + frame : data->len;
		codec_expect(codec, end - from);
		for (size_t i = from; i < end; i += step)
			CHECK_INT(codec_write(codec, data->s + i, end - i < step ? end - i : step, to_strbuf, &packed,
					  &err),
				0);
		CHECK_INT(codec_end(codec, to_strbuf, &packed, &err), 0);
		CHECK_INT(codec_end(codec, to_strbuf, &packed, &err), 0); /* no frame is open: no more output */
	}
	if (spec.kind == CODEC_GZIP)
		gunzip(&packed, &again);
	else if (spec.kind == CODEC_ZSTD)
		unzstd(&packed, &again);
	const struct strbuf *seen = spec.kind == CODEC_NONE ? &packed : &again;
	CHECK_MEM(seen->s, seen->len, data->s, data->len);
	codec_free(codec);
	strbuf_release(&err);
	strbuf_release(&packed);
	strbuf_release(&again);
}

static void test_round_trips(void)
{
	static const char *const how[] = {"none", "gzip:1", "gzip", "gzip:9", "zstd:-7", "zstd:1", "zstd", "zstd:19"};
	struct strbuf data = STRBUF_INIT;
	unsigned seed = 1;
	for (int i = 0; i < 200000; i++) { /* half text, half noise */
		seed = seed * 1103515245 + 12345;
		strbuf_addch(&data, i % 2000 < 1000 ? (char)('a' + i % 7) : (char)(seed >> 16));
	}
	for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
		round_trip(how[i], &data, data.len, data.len);
		round_trip(how[i], &data, 777, 30000);
		data.len = 1;
		round_trip(how[i], &data, 1, 1);
		data.len = 200000;
	}
	strbuf_release(&data);
}

static void test_nothing_written_is_nothing(void)
{
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;
	struct codec_spec spec = {CODEC_ZSTD, 3};
	struct codec *codec;
	CHECK_INT(codec_new(&spec, &codec, &err), 0);
	CHECK(codec_memory(codec) > 100000);
	CHECK_INT(codec_write(codec, "", 0, to_strbuf, &out, &err), 0);
	CHECK_INT(codec_end(codec, to_strbuf, &out, &err), 0);
	CHECK_INT(out.len, 0);
	codec_free(codec);
	codec_free(NULL);
}

/* Otherwise readers that take the size of the first frame for that of the file would stop after it without an error. */
static void test_no_frame_tells_its_size(void)
{
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;
	struct codec *codec;
	CHECK_INT(codec_new(&(struct codec_spec){CODEC_ZSTD, 3}, &codec, &err), 0);
	codec_expect(codec, 4);
	CHECK_INT(codec_write(codec, "one\n", 4, to_strbuf, &out, &err), 0);
	CHECK_INT(codec_end(codec, to_strbuf, &out, &err), 0);
	CHECK(ZSTD_getFrameContentSize(out.s, out.len) == ZSTD_CONTENTSIZE_UNKNOWN);
	codec_free(codec);
	strbuf_release(&out);
}

static void test_a_refusing_sink(void)
{
	static const struct codec_spec specs[] = {{CODEC_NONE, 0}, {CODEC_GZIP, 1}, {CODEC_ZSTD, 1}};
	char *noise = xcalloc(1, 4 << 20);
	unsigned seed = 7;
	for (size_t i = 0; i < 4 << 20; i++)
		noise[i] = (char)((seed = seed * 1103515245 + 12345) >> 16);
	for (size_t i = 0; i < 3; i++) {
		struct strbuf err = STRBUF_INIT;
		struct codec *codec;
		CHECK_INT(codec_new(&specs[i], &codec, &err), 0);
		CHECK_INT(codec_write(codec, noise, 4 << 20, refuse, NULL, &err), -ENOSPC);
		CHECK_STR(err.s, "no");
		codec_free(codec);
		strbuf_release(&err);
	}
	free(noise);
}

static void test_specs(void)
{
	static const char *const bad[] = {"", "gz", "gzip:", "gzip:0", "gzip:10", "gzip:1x", "zstd:20", "zstd:-8",
		"none:0", "zstd3", "ZSTD", "gzip 1", ":3"};
	struct codec_spec spec = {CODEC_GZIP, 42};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct strbuf err = STRBUF_INIT;
		CHECK_INT(codec_parse(bad[i], &spec, &err), -EINVAL);
		CHECK(err.len > 0);
		strbuf_release(&err);
	}
	CHECK_INT(spec.level, 42);
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(codec_parse("zstd", &spec, &err), 0);
	CHECK_INT(spec.level, 3);
	CHECK_STR(codec_suffix(&spec), ".zst");
	CHECK_INT(codec_parse("gzip", &spec, &err), 0);
	CHECK_INT(spec.level, 6);
	CHECK_STR(codec_suffix(&spec), ".gz");
}

static void test_percent(void)
{
	struct strbuf s = STRBUF_INIT, back = STRBUF_INIT;
	percent_encode(&s, "a/b=c%\n\xc3\xa4~Z.-_", "/=");
	CHECK_STR(s.s, "a/b=c%25%0A%C3%A4%7EZ.-_");
	CHECK_INT(percent_decode(&back, s.s), 0);
	CHECK_STR(back.s, "a/b=c%\n\xc3\xa4~Z.-_");
	static const char *const bad[] = {"%", "%4", "%zz", "%4g", "a%", "%00"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK_INT(percent_decode(&back, bad[i]), -EINVAL);
	strbuf_release(&s);
	strbuf_release(&back);
}

static void test_uuid(void)
{
	char a[UUID_LEN + 1], b[UUID_LEN + 1];
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(uuid_new(a, &err), 0);
	CHECK_INT(uuid_new(b, &err), 0);
	CHECK_INT(err.len, 0);
	CHECK_INT(strlen(a), UUID_LEN);
	CHECK_INT(a[14], '4');
	CHECK(strchr("89ab", a[19]));
	CHECK(strcmp(a, b) != 0);
	CHECK(uuid_begins(a) && uuid_is(a));
	strbuf_addf(&err, "%sx", a);
	CHECK(uuid_begins(err.s) && !uuid_is(err.s));
	CHECK(!uuid_is("") && !uuid_is("00000000-0000-4000-8000-00000000000") &&
		!uuid_is("0000000000000-4000-8000-000000000001"));
	strbuf_release(&err);
	CHECK_INT(strspn(a, "0123456789abcdef-"), UUID_LEN);
}

int main(void)
{
	TEST(test_round_trips);
	TEST(test_nothing_written_is_nothing);
	TEST(test_no_frame_tells_its_size);
	TEST(test_a_refusing_sink);
	TEST(test_specs);
	TEST(test_percent);
	TEST(test_uuid);
	return check_done();
}
