/* Unit tests of common/lake/as_of: versions of raw tables, and what the option may be. */
#include "common/lake/as_of.h"

#include <errno.h>

#include "common/base/clock.h"
#include "common/lake/snapshot.h"
#include "tests/unit/fake_store.h"

static void check_parse(const char *text, int r, int64_t version, int64_t time_ms)
{
	struct as_of a = AS_OF_NOW;
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(as_of_parse(text, &a, &err) < 0, r < 0);
	CHECK_INT(a.version, version);
	CHECK_INT(a.time_ms, time_ms);
	CHECK_INT(err.len > 0, r < 0);
	strbuf_release(&err);
}

static void test_parse(void)
{
	check_parse("0", 0, 0, INT64_MIN);
	check_parse("12", 0, 12, INT64_MIN);
	check_parse("1970-01-01T00:00:01Z", 0, -1, 1000);
	check_parse("@1970-01-02", 0, -1, 86400000);
	check_parse("now", -1, -1, INT64_MIN);
	check_parse("", -1, -1, INT64_MIN);
	struct as_of a = AS_OF_NOW;
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(as_of_parse("-1h", &a, &err), 0);
	CHECK(a.version == -1 && a.time_ms <= clock_epoch_ms() - 3600000 && a.time_ms > clock_epoch_ms() - 3700000);
	CHECK(!as_of_is_now(&a) && as_of_is_now(&AS_OF_NOW));
}

static int go(struct fake *f, struct as_of as_of, int64_t *ret, size_t *ret_files, struct strbuf *err)
{
	struct log log;
	struct snapshot snapshot;
	strbuf_clear(err);
	int r = log_open(&log, &f->base, NULL, err);
	if (r == 0)
		r = as_of_go(&log, &as_of, err);
	*ret = log.version;
	if (r == 0) {
		CHECK_INT(snapshot_read_version(&snapshot, &log, err), 0);
		*ret_files = json_object_size(snapshot.adds);
		snapshot_release(&snapshot);
	}
	log_release(&log);
	return r;
}

/* A raw table with three versions, each of which adds a file that is not there. */
static struct fake *three_versions(void)
{
	struct fake *f = open_fake(++tables);
	struct strbuf err = STRBUF_INIT;
	struct log log;
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	for (int i = 0; i < 3; i++) {
		char path[] = "part-0";
		path[5] += (char)i;
		struct lake_file file = {.path = path, .size = 1, .records = 1};
		struct lake_file *const list[] = {&file};
		const struct commit commit = {.files = list, .nfiles = 1};
		CHECK_INT(log_commit(&log, &commit, &err), 0);
		log.published = true; /* there are no files */
	}
	log_release(&log);
	strbuf_release(&err);
	return f;
}

static void test_raw(void)
{
	int64_t at, before = clock_epoch_ms();
	struct fake *f = three_versions();
	struct strbuf err = STRBUF_INIT;
	size_t files;
	CHECK_INT(go(f, AS_OF_NOW, &at, &files, &err), 0);
	CHECK(at == 2 && files == 3);
	CHECK_INT(go(f, (struct as_of){1, INT64_MIN}, &at, &files, &err), 0);
	CHECK(at == 1 && files == 2);
	CHECK_INT(go(f, (struct as_of){3, INT64_MIN}, &at, &files, &err), -ENOENT);
	CHECK(strstr(err.s, "has no version 3") != NULL);
	CHECK_INT(go(f, (struct as_of){-1, clock_epoch_ms() + 1000}, &at, &files, &err), 0);
	CHECK(at == 2 && files == 3);
	CHECK_INT(go(f, (struct as_of){-1, before - 1}, &at, &files, &err), -ENOENT);
	CHECK(strstr(err.s, "no version that old") != NULL);
	strbuf_release(&err);
	store_close(&f->base);
}

static void test_entry_gone(void)
{
	struct fake *f = three_versions();
	struct log log = {.store = &f->base, .dir = LOG_RAW, .kind = TABLE_RAW};
	struct strbuf err = STRBUF_INIT;
	int64_t at;
	CHECK_INT(as_of_search(&log, 0, 2, INT64_MAX, &at, &err), 0);
	CHECK_INT(at, 2);
	CHECK_INT(store_remove(&f->base, LOG_RAW "/00000000000000000001.json", &err), 0);
	CHECK_INT(as_of_search(&log, 0, 2, INT64_MAX, &at, &err), -EBADMSG);
	CHECK(strstr(err.s, "the entry of version 1") != NULL);
	log.kind = TABLE_DELTA; /* of which others clean entries away */
	CHECK_INT(as_of_search(&log, 0, 2, INT64_MAX, &at, &err), -EAGAIN);
	strbuf_release(&err);
	store_close(&f->base);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_parse);
	TEST(test_raw);
	TEST(test_entry_gone);
	return tables_end() ? check_done() : 1;
}
