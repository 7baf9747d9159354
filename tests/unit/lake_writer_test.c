/*
 * common/lake/writer: whatever the memory and the order, each partition's file holds its records, and the log is told
 * of them.
 */
#include <errno.h>
#include <inttypes.h>

#include "tests/unit/lake_writer.h"

static int begin(struct writer_setup *w, const char *pattern, struct codec_spec codec, uint64_t memory)
{
	return begin_in(w, NULL, pattern, codec, memory);
}

static const struct codec_spec none, gzip = {CODEC_GZIP, 6}, zstd = {CODEC_ZSTD, 1};
static const int64_t day = 86400, some_day = 1795305600; /* 2026-11-22 */

static void test_partitions(void)
{
	const struct codec_spec codecs[] = {none, gzip, zstd};
	static const char *const suffixes[] = {"", ".gz", ".zst"};
	for (size_t i = 0; i < 3; i++) {
		struct writer_setup w;
		struct lake_file **files;
		size_t n;
		char path[128];
		CHECK_INT(begin(&w, "dt=%Y-%m-%d", codecs[i], 64 << 20), 0);
		CHECK_INT(put(&w, some_day, "{\"a\":1}\n"), 0);
		CHECK_INT(put(&w, some_day + day, "plain text\n"), 0);
		CHECK_INT(put(&w, some_day + 5, "third\n"), 0);
		CHECK_INT(writer_finish(w.writer, &files, &n, &why), 0);
		CHECK_INT(n, 2);
		snprintf(path, sizeof path, "dt=2026-11-22/part-%s-00000.ndjson%s", ident, suffixes[i]);
		CHECK_STR(files[0]->path, path);
		snprintf(path, sizeof path, "dt=2026-11-23/part-%s-00001.txt%s", ident, suffixes[i]);
		CHECK_STR(files[1]->path, path);
		CHECK_STR(files[0]->values[0], "2026-11-22");
		CHECK_INT(files[0]->records, 2);
		CHECK_INT(files[1]->records, 1);
		CHECK_STR(contents(&w, files[0], false), "{\"a\":1}\nthird\n");
		CHECK_STR(contents(&w, files[1], false), "plain text\n");
		for (size_t k = 0; k < n; k++)
			CHECK_INT(store_publish(w.store, files[k]->path, files[k]->size, files[k]->tag, &why), 0);
		CHECK_STR(contents(&w, files[1], true), "plain text\n");
		end(&w);
	}
}

/* The files of the next commit have different names, even in the same partition. */
static void test_next(void)
{
	struct writer_setup w;
	struct lake_file **files;
	size_t n;
	CHECK_INT(begin(&w, NULL, none, 64 << 20), 0);
	CHECK_INT(put(&w, 0, "one\n"), 0);
	CHECK_INT(writer_finish(w.writer, &files, &n, &why), 0);
	CHECK_INT(n, 1);
	CHECK(strstr(files[0]->path, "-00000.txt"));
	CHECK(!strchr(files[0]->path, '/'));
	writer_next(w.writer);
	CHECK_INT(put(&w, 0, "two\n"), 0);
	CHECK_INT(writer_finish(w.writer, &files, &n, &why), 0);
	CHECK_INT(n, 1);
	CHECK(strstr(files[0]->path, "-00001.txt"));
	CHECK_STR(contents(&w, files[0], false), "two\n");
	CHECK_INT(files[0]->records, 1);
	end(&w);
}

/* 2,000 partitions in turn, with the smallest memory limit: every record is in its file. */
static void test_little_memory(void)
{
	enum { PARTS = 2000, TURNS = 12 };
	struct writer_setup w;
	struct lake_file **files;
	size_t n;
	char text[400];
	CHECK_INT(begin(&w, "dt=%Y-%m-%d", zstd, 1 << 20), -EINVAL);
	CHECK(strstr(why.s, "compression and partitions need at least "));
	uint64_t least = strtoull(strstr(why.s, "least ") + 6, NULL, 10);
	end(&w);
	CHECK_INT(begin(&w, "dt=%Y-%m-%d", zstd, least << 20), 0);
	for (int turn = 0; turn < TURNS; turn++)
		for (int i = 0; i < PARTS; i++) {
			snprintf(text, sizeof text, "%0300d %d\n", i, turn);
			CHECK_INT(put(&w, i * day, text), 0);
		}
	CHECK_INT(writer_finish(w.writer, &files, &n, &why), 0);
	CHECK_INT(n, PARTS);
	for (int i = 0; i < PARTS; i += 37) {
		struct strbuf want = STRBUF_INIT;
		for (int turn = 0; turn < TURNS; turn++)
			strbuf_addf(&want, "%0300d %d\n", i, turn);
		CHECK_STR(contents(&w, files[i], false), want.s);
		CHECK_INT(files[i]->records, TURNS);
		strbuf_release(&want);
	}
	end(&w);
}

/* A record larger than all blocks together. */
static void test_large_record(void)
{
	struct writer_setup w;
	struct lake_file **files;
	size_t n, len = 40u << 20;
	char *large = xmalloc(len + 1);
	for (size_t i = 0; i < len; i++)
		large[i] = (char)('a' + i % 23);
	large[len - 1] = '\n';
	large[len] = '\0';
	CHECK_INT(begin(&w, "dt=%Y", gzip, 12 << 20), 0);
	CHECK_INT(put(&w, 0, large), 0);
	CHECK_INT(writer_finish(w.writer, &files, &n, &why), 0);
	CHECK(strcmp(contents(&w, files[0], false), large) == 0);
	free(large);
	end(&w);
}

static void test_constant_and_long_names(void)
{
	struct writer_setup w;
	struct part *part;
	char value[300];
	CHECK_INT(begin(&w, "dt=%Y/hour=%H", none, 64 << 20), 0);
	CHECK_INT(writer_part_constant(w.writer, NULL, &part, &why), 0);
	CHECK_INT(writer_put(w.writer, part, "a\n", 2, &why), 0);
	CHECK_INT(writer_part_constant(w.writer, "a/b %", &part, &why), 0);
	CHECK_INT(writer_put(w.writer, part, "b\n", 2, &why), 0);
	memset(value, 'x', sizeof value);
	value[sizeof value - 1] = '\0';
	CHECK_INT(writer_part_constant(w.writer, value, &part, &why), -ENAMETOOLONG);
	CHECK(strstr(why.s, "has a name that is too long"));
	struct lake_file **files;
	size_t n;
	strbuf_clear(&why);
	CHECK_INT(writer_finish(w.writer, &files, &n, &why), 0);
	CHECK_INT(n, 2);
	CHECK(strncmp(files[0]->path, "dt=__HIVE_DEFAULT_PARTITION__/hour=__HIVE_DEFAULT_PARTITION__/", 62) == 0);
	CHECK(strncmp(files[1]->path, "dt=a%2Fb%20%25/hour=a%2Fb%20%25/", 32) == 0);
	end(&w);
}

/* Discarding leaves no staged file. */
static void test_discard(void)
{
	struct writer_setup w;
	struct lake_file **files;
	struct names names = {0};
	size_t n;
	CHECK_INT(begin(&w, "dt=%Y-%m-%d", zstd, 64 << 20), 0);
	for (int i = 0; i < 5; i++)
		CHECK_INT(put(&w, 0, "x\n"), 0);
	CHECK_INT(writer_discard(w.writer, &why), 0); /* nothing is staged yet */
	CHECK_INT(writer_finish(w.writer, &files, &n, &why), 0);
	CHECK_INT(store_list(w.store, "dt=1970-01-01", &names, &why), 0);
	CHECK_INT(names.count, 1);
	names_release(&names);
	CHECK_INT(writer_discard(w.writer, &why), 0);
	CHECK_INT(store_list(w.store, "dt=1970-01-01", &names, &why), 0);
	CHECK_INT(names.count, 0);
	names_release(&names);
	end(&w);
}

/* A file that cannot be discarded does not keep others from being discarded; the first error is returned. */
static void test_discard_that_fails(void)
{
	static const char *const odd[] = {"dt=1970-01-01", "dt=1970-01-03"};
	char path[4200], aside[4200];
	struct writer_setup w;
	struct lake_file **files;
	struct names names = {0};
	size_t n;
	CHECK_INT(begin(&w, "dt=%Y-%m-%d", none, 64 << 20), 0);
	for (int i = 0; i < 4; i++)
		CHECK_INT(put(&w, i * day, "x\n"), 0);
	CHECK_INT(writer_finish(w.writer, &files, &n, &why), 0);
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) { /* where the directory was, a file is now */
		snprintf(path, sizeof path, "%s/%s", w.store->url, odd[i]);
		snprintf(aside, sizeof aside, "%s/aside-%zu", w.store->url, i);
		CHECK_INT(rename(path, aside), 0);
		FILE *file = fopen(path, "w");
		CHECK(file && fclose(file) == 0);
	}
	CHECK_INT(writer_discard(w.writer, &why), -ENOTDIR);
	CHECK(strstr(why.s, "dt=1970-01-01") && !strstr(why.s, "dt=1970-01-03"));
	strbuf_clear(&why);
	CHECK_INT(store_list(w.store, "dt=1970-01-02", &names, &why), 0);
	CHECK_INT(store_list(w.store, "dt=1970-01-04", &names, &why), 0);
	CHECK_INT(names.count, 0);
	names_release(&names);
	end(&w);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_partitions);
	TEST(test_next);
	TEST(test_little_memory);
	TEST(test_large_record);
	TEST(test_constant_and_long_names);
	TEST(test_discard);
	TEST(test_discard_that_fails);
	strbuf_release(&why);
	return !tables_end() || check_done();
}
