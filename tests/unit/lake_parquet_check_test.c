/* Unit tests of common/lake/parquet_check: whole files, every byte changed, every length; footers alone. */
#include "common/lake/parquet_check.h"

#include <errno.h>
#include <stdlib.h>

#include "common/data/schema_text.h"
#include "common/parquet/writer.h"
#include "tests/unit/fake_store.h"

enum { ROWS = 40 };

static int keep(void *self, const void *data, size_t len, struct strbuf *err)
{
	(void)err;
	strbuf_add(self, data, len);
	return 0;
}

/* A file of ROWS rows in two row groups: integers, and lists of strings. */
static void make(struct strbuf *bytes)
{
	static const char two[] = "n bigint, l array<string>";
	const struct pq_codec_spec spec = {PQ_ZSTD, 1};
	struct pq_settings settings = {0};
	struct strbuf err = STRBUF_INIT;
	struct schema schema;
	struct pq_columns *columns;
	const struct pq_result *result;
	schema_init(&schema);
	CHECK_INT(schema_parse_text(&schema, two, strlen(two), &err), 0);
	CHECK_INT(pq_codec_new(&spec, &settings.codec, &err), 0);
	CHECK_INT(pq_columns_new(&schema, &settings, &columns, &err), 0);
	struct pq_writer *w = pq_writer_new(columns, keep, bytes);
	for (int i = 0; i < ROWS; i++) {
		pq_put_i64(&columns->leaf[0], i, 0);
		pq_put_bytes(&columns->leaf[1], "x", 1, 0);
		pq_put_bytes(&columns->leaf[1], "y", 1, 1);
		CHECK_INT(pq_columns_end_row(columns, &err), 0);
		if (i == ROWS / 2)
			CHECK_INT(pq_writer_flush(w, columns, &err), 0);
	}
	CHECK_INT(pq_writer_flush(w, columns, &err), 0);
	CHECK_INT(pq_writer_finish(w, NULL, 0, &result, &err), 0);
	pq_writer_free(w);
	pq_columns_free(columns);
	pq_codec_free(settings.codec);
	schema_release(&schema);
	strbuf_release(&err);
}

/* Check BYTES as a file; what it says of them is in TEXT. */
static int check(
	struct store *store, const struct strbuf *bytes, bool footer, struct parquet_checked *ret, struct strbuf *text)
{
	struct strbuf err = STRBUF_INIT;
	strbuf_clear(text);
	CHECK_INT(store_put(store, "file", bytes, &err), 0);
	int r = parquet_check(store, "file", bytes->len, (struct parquet_spared){.pages = footer}, ret, text);
	strbuf_release(&err);
	return r;
}

static struct store *store;
static struct strbuf bytes = STRBUF_INIT, text = STRBUF_INIT;

static void test_a_whole_file(void)
{
	struct parquet_checked checked = {0};
	for (int footer = 0; footer < 2; footer++) {
		CHECK_INT(check(store, &bytes, footer, &checked, &text), 0);
		CHECK_STR(text.len ? text.s : "", "");
		CHECK_INT(checked.rows, ROWS);
		CHECK(checked.ours && !checked.partly);
	}
	const struct parquet_spared nothing = {0};
	CHECK_INT(parquet_check(store, "none", 100, nothing, &checked, &text), -ENOENT);
	CHECK_INT(parquet_check(store, "file", bytes.len + 1, nothing, &checked, &text), -EBADMSG);
}

static void test_every_length(void)
{
	struct strbuf cut = STRBUF_INIT;
	for (size_t len = 0; len < bytes.len; len++) {
		struct parquet_checked checked;
		strbuf_clear(&cut);
		strbuf_add(&cut, bytes.s, len);
		CHECK_INT(check(store, &cut, false, &checked, &text), -EBADMSG);
		CHECK(strstr(text.s, "'file' is damaged: "));
	}
	strbuf_release(&cut);
}

/* A byte of a page is always noticed, by its CRC; one of the footer need not be. */
static void test_every_byte(void)
{
	struct strbuf changed = STRBUF_INIT;
	struct parquet_checked checked;
	size_t noticed = 0;
	for (size_t at = 0; at < bytes.len; at++) {
		strbuf_clear(&changed);
		strbuf_add(&changed, bytes.s, bytes.len);
		changed.s[at] ^= 0x55;
		int r = check(store, &changed, false, &checked, &text);
		CHECK(r == 0 || r == -EBADMSG);
		CHECK(r == 0 ? !text.len || checked.partly : text.len > 0);
		noticed += r < 0;
	}
	CHECK(noticed > bytes.len / 3);
	strbuf_release(&changed);
}

static void test_a_page(void)
{
	struct parquet_checked checked = {0};
	struct strbuf changed = STRBUF_INIT;
	strbuf_add(&changed, bytes.s, bytes.len);
	changed.s[40] ^= 1;
	CHECK_INT(check(store, &changed, false, &checked, &text), -EBADMSG);
	CHECK_INT(check(store, &changed, true, &checked, &text), 0); /* only the footer is read */
	CHECK_INT(checked.rows, ROWS);
	strbuf_release(&changed);
}

/* A column that was decoded is not decoded again, if it is one of this file. */
static void test_a_decoded_column(void)
{
	struct parquet_checked checked = {0};
	struct strbuf changed = STRBUF_INIT, err = STRBUF_INIT;
	bool first[] = {true, false, false}, second[] = {false, true, false};
	const struct parquet_decoded all = {first, 2}, wrong = {second, 2}, other = {first, 3};
	strbuf_add(&changed, bytes.s, bytes.len);
	changed.s[40] ^= 1; /* of the first one */
	CHECK_INT(store_put(store, "file", &changed, &err), 0);
	CHECK_INT(
		parquet_check(store, "file", bytes.len, (struct parquet_spared){.decoded = &all}, &checked, &text), 0);
	CHECK_INT(checked.rows, ROWS);
	CHECK_INT(parquet_check(store, "file", bytes.len, (struct parquet_spared){.decoded = &wrong}, &checked, &text),
		-EBADMSG);
	CHECK_INT(parquet_check(store, "file", bytes.len, (struct parquet_spared){.decoded = &other}, &checked, &text),
		-EBADMSG);
	strbuf_release(&changed);
	strbuf_release(&err);
}

static void test_others(void)
{
	struct parquet_checked checked = {0};
	struct strbuf changed = STRBUF_INIT;
	strbuf_add(&changed, bytes.s, bytes.len);
	char *by = NULL;
	for (size_t i = 0; i + 12 < changed.len; i++)
		if (memcmp(changed.s + i, "weir version", 12) == 0)
			by = changed.s + i;
	CHECK(by);
	if (by)
		memcpy(by, "else", 4);
	CHECK_INT(check(store, &changed, true, &checked, &text), 0);
	CHECK(!checked.ours);
	strbuf_release(&changed);
}

int main(void)
{
	struct fake *f = tables_begin() ? open_fake(++tables) : NULL;
	if (!f)
		return 1;
	store = f->real;
	make(&bytes);
	TEST(test_a_whole_file);
	TEST(test_every_length);
	TEST(test_every_byte);
	TEST(test_a_page);
	TEST(test_a_decoded_column);
	TEST(test_others);
	store_close(&f->base);
	strbuf_release(&bytes);
	strbuf_release(&text);
	return tables_end() ? check_done() : 1;
}
