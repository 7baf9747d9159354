/* common/lake/writer: several tables that share their memory. */
#include <errno.h>
#include <inttypes.h>

#include "tests/unit/lake_writer.h"

static const struct codec_spec zstd = {CODEC_ZSTD, 1};

/* 200 tables in turn, of which some have partitions, within the memory of one. */
static void test_pool(void)
{
	enum { TABLES = 200, TURNS = 12 };
	static struct writer_setup w[TABLES];
	struct writer_pool *pool = NULL;
	struct strbuf want = STRBUF_INIT;
	char text[4200];
	CHECK_INT(writer_pool_new(&(struct writer_pool_config){zstd, 1 << 20}, &pool, &why), -EINVAL);
	uint64_t least = strtoull(strstr(why.s, "least ") + 6, NULL, 10);
	CHECK_INT(writer_pool_new(&(struct writer_pool_config){zstd, least << 20}, &pool, &why), 0);
	for (int i = 0; i < TABLES; i++)
		CHECK_INT(begin_in(&w[i], pool, i % 3 ? NULL : "dt=%Y", zstd, 0), 0);
	for (int turn = 0; turn < TURNS; turn++)
		for (int i = 0; i < TABLES; i++) {
			snprintf(text, sizeof text, "%04000d %d\n", i, turn);
			CHECK_INT(put(&w[i], 0, text), 0);
		}
	for (int i = 0; i < TABLES; i++) {
		struct lake_file **files;
		size_t n;
		CHECK_INT(writer_finish(w[i].writer, &files, &n, &why), 0);
		CHECK_INT(n, 1);
		strbuf_clear(&want);
		for (int turn = 0; turn < TURNS; turn++)
			strbuf_addf(&want, "%04000d %d\n", i, turn);
		CHECK_STR(contents(&w[i], files[0], false), want.s);
		if (i % 2)
			end(&w[i]); /* the others go on */
	}
	for (int i = 0; i < TABLES; i += 2)
		end(&w[i]);
	writer_pool_free(pool);
	strbuf_release(&want);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_pool);
	strbuf_release(&why);
	return !tables_end() || check_done();
}
