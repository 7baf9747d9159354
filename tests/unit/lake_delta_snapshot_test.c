/* Unit tests of common/lake/delta_snapshot*: the files of a version, with each form of checkpoint. */
#include "common/lake/delta_snapshot.h"

#include <errno.h>
#include <string.h>

#include "tests/unit/delta_checkpoints.h"

#define VECTOR(id)          ",\"deletionVector\":{\"storageType\":\"u\",\"pathOrInlineDv\":\"" id "\",\"offset\":1}"
#define FILE_OF(path, more) "{\"add\":{\"path\":\"" path "\",\"partitionValues\":{},\"size\":1" more "}}\n"
#define GONE(path, more)    "{\"remove\":{\"path\":\"" path "\"" more "}}\n"

/* The files of F at AS_OF, in their order, between commas; the result of opening. */
static int files(struct fake *f, struct as_of as_of, struct strbuf *ret, struct strbuf *err)
{
	struct delta_snapshot s;
	json_t *add;
	int more = 1, r = delta_snapshot_open(&s, &f->base, &as_of, err);
	strbuf_clear(ret);
	while (r == 0 && (more = delta_snapshot_next(&s, &add, err)) > 0) {
		strbuf_addf(ret, "%s%s", ret->len ? "," : "", json_string_value(json_object_get(add, "path")));
		json_decref(add);
	}
	delta_snapshot_release(&s);
	return r < 0 ? r : more;
}

static void check_files(struct fake *f, int64_t version, const char *want)
{
	struct strbuf got = STRBUF_INIT, err = STRBUF_INIT;
	CHECK_INT(files(f, (struct as_of){version, INT64_MIN}, &got, &err), 0);
	CHECK_STR(got.s, want);
	CHECK_STR(err.s, "");
	strbuf_release(&got);
	strbuf_release(&err);
}

static void check_fails(struct fake *f, struct as_of as_of, int r, const char *why)
{
	struct strbuf got = STRBUF_INIT, err = STRBUF_INIT;
	CHECK_INT(files(f, as_of, &got, &err), r);
	CHECK(strstr(err.s, why) != NULL);
	if (!strstr(err.s, why))
		printf("# err '%s'\n", err.s);
	strbuf_release(&got);
	strbuf_release(&err);
}

static void put_text(struct fake *f, const char *name, const char *text)
{
	struct strbuf data = STRBUF_INIT;
	strbuf_addstr(&data, text);
	put_file(f, name, &data);
	strbuf_release(&data);
}

static void drop(struct fake *f, int64_t first, int64_t last)
{
	for (int64_t version = first; version <= last; version++)
		clean_entry(f, version);
}

static void test_entries(void)
{
	struct fake *f = open_fake(++tables);
	check_fails(f, AS_OF_NOW, -ENOENT, "is not a Delta table");
	foreign(f, 0, PROTOCOL METADATA FILE_OF("a", "") FILE_OF("b", ""));
	foreign(f, 1, WRITE FILE_OF("c", "") GONE("a", ""));
	foreign(f, 2, WRITE FILE_OF("b", "") FILE_OF("a", ""));
	check_files(f, 0, "a,b");
	check_files(f, 1, "b,c");
	check_files(f, -1, "c,b,a");
	/* the same file with other deletion vectors is another file */
	foreign(f, 3, FILE_OF("c", VECTOR("v1")) GONE("c", ""));
	check_files(f, 3, "b,a,c");
	foreign(f, 4, GONE("c", VECTOR("v1")) FILE_OF("c", VECTOR("v2")) GONE("b", ""));
	check_files(f, 4, "a,c");
	foreign(f, 5, GONE("c", VECTOR("v1")));
	check_files(f, 5, "a,c");
	check_fails(f, (struct as_of){6, INT64_MIN}, -ENOENT, "has no version 6: the newest is 5");
	clean_entry(f, 2);
	check_fails(f, AS_OF_NOW, -EBADMSG, "gaps");
	store_close(&f->base);
}

static void test_times(void)
{
	struct fake *f = open_fake(++tables);
	struct strbuf got = STRBUF_INIT, err = STRBUF_INIT;
	foreign(f, 0, PROTOCOL METADATA FILE_OF("a", "") "{\"commitInfo\":{\"timestamp\":1000}}\n");
	foreign(f, 1, "{\"commitInfo\":{\"timestamp\":9,\"inCommitTimestamp\":2000}}\n" FILE_OF("b", ""));
	foreign(f, 2, "{\"commitInfo\":{\"timestamp\":3000}}\n" FILE_OF("c", ""));
	static const struct {
		int64_t ms;
		const char *want;
	} cases[] = {{1000, "a"}, {1999, "a"}, {2000, "a,b"}, {2999, "a,b"}, {3000, "a,b,c"}, {INT64_MAX, "a,b,c"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CHECK_INT(files(f, (struct as_of){-1, cases[i].ms}, &got, &err), 0);
		CHECK_STR(got.s, cases[i].want);
	}
	check_fails(f, (struct as_of){-1, 999}, -ENOENT, "no version that old: the oldest that can be read is 0");
	strbuf_release(&got);
	strbuf_release(&err);
	store_close(&f->base);
}

static void test_damage(void)
{
	struct fake *f = open_fake(++tables);
	foreign(f, 0, PROTOCOL METADATA FILE_OF("a", ""));
	foreign(f, 1, "");
	check_fails(f, AS_OF_NOW, -EBADMSG, "version 1 of the log");
	foreign(f, 1, FILE_OF("b", "") "{\"add\":");
	check_fails(f, AS_OF_NOW, -EBADMSG, "version 1 of the log");
	foreign(f, 1, "{\"commitInfo\":{\"weir\":{\"actions\":3}}}\n" FILE_OF("b", ""));
	check_fails(f, AS_OF_NOW, -EBADMSG, "it is cut off");
	foreign(f, 1,
		"{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"odd\","
		"\"columnMapping\"],\"writerFeatures\":[\"odd\"]}}\n");
	check_fails(f, AS_OF_NOW, -ENOTSUP, "features of its readers that are not known here: 'odd'");
	check_files(f, 0, "a");
	foreign(f, 1, "{\"protocol\":{\"minReaderVersion\":4,\"minWriterVersion\":7}}\n");
	check_fails(f, AS_OF_NOW, -ENOTSUP, "needs protocol 4");
	foreign(f, 0, FILE_OF("a", ""));
	check_fails(f, (struct as_of){0, INT64_MIN}, -EBADMSG, "no protocol or no schema");
	store_close(&f->base);
}

/* A table with versions 0 to 4, and a checkpoint of version 3 with the files a, b and d. */
static struct fake *with_checkpoint(struct strbuf *checkpoint)
{
	struct log log;
	struct strbuf err = STRBUF_INIT;
	struct fake *f = begin(&log, &err);
	foreign(f, 2, WRITE ADD("a") ADD("b") ADD("c"));
	foreign(f, 3, WRITE ADD("d") REMOVE("c", LATER));
	check_make(&log, 0, "", "");
	foreign(f, 4, WRITE ADD("e") REMOVE("a", LATER));
	get_file(f, "00000000000000000003.checkpoint.parquet", checkpoint);
	log_release(&log);
	strbuf_release(&err);
	return f;
}

static void test_classic_checkpoint(void)
{
	struct strbuf checkpoint = STRBUF_INIT;
	struct fake *f = with_checkpoint(&checkpoint);
	check_files(f, -1, "b,d,e");
	check_files(f, 2, "a,b,c");
	drop(f, 0, 3);
	check_files(f, -1, "b,d,e");
	check_files(f, 3, "a,b,d");
	check_fails(
		f, (struct as_of){2, INT64_MIN}, -ENOENT, "does not have version 2 any more: the oldest that can be");
	damage(f, "00000000000000000003.checkpoint.parquet");
	check_fails(f, AS_OF_NOW, -EBADMSG, "is damaged");
	put_file(f, "00000000000000000003.checkpoint.parquet", NULL);
	check_fails(f, AS_OF_NOW, -EBADMSG, "gaps");
	/* one of several parts */
	put_file(f, "00000000000000000003.checkpoint.0000000001.0000000002.parquet", &checkpoint);
	check_fails(f, AS_OF_NOW, -EBADMSG, "gaps");
	put_file(f, "00000000000000000003.checkpoint.0000000002.0000000002.parquet", &checkpoint);
	check_files(f, -1, "b,d,b,d,e"); /* each part is read */
	drop(f, 4, 4);
	check_files(f, -1, "a,b,d,a,b,d"); /* a checkpoint alone */
	strbuf_release(&checkpoint);
	store_close(&f->base);
}

static void test_v2_checkpoints(void)
{
	static const char name[] = "00000000000000000003.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json";
	struct strbuf checkpoint = STRBUF_INIT;
	struct fake *f = with_checkpoint(&checkpoint);
	put_file(f, "00000000000000000003.checkpoint.parquet", NULL);
	drop(f, 0, 3);
	put_text(f, name, "{\"checkpointMetadata\":{\"version\":3}}\n" PROTOCOL METADATA FILE_OF("x", ""));
	check_files(f, -1, "x,e");
	put_text(f, name,
		"{\"checkpointMetadata\":{\"version\":3}}\n" PROTOCOL METADATA
		"{\"sidecar\":{\"path\":\"side%20car.parquet\",\"sizeInBytes\":1,\"modificationTime\":1}}");
	check_fails(f, AS_OF_NOW, -EBADMSG, "side car.parquet");
	put_file(f, "_sidecars/side car.parquet", &checkpoint);
	check_files(f, -1, "b,d,e");
	put_text(f, name, PROTOCOL METADATA "{\"sidecar\":{\"path\":\"../../out.parquet\"}}\n");
	check_fails(f, AS_OF_NOW, -EBADMSG, "a sidecar that is not in the table");
	put_text(f, name, PROTOCOL METADATA "nonsense\n");
	check_fails(f, AS_OF_NOW, -EBADMSG, "is not a JSON object");
	put_file(f, name, NULL);
	put_file(f, "00000000000000000003.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet", &checkpoint);
	check_files(f, -1, "b,d,e");
	strbuf_release(&checkpoint);
	store_close(&f->base);
}

/* More entries than are kept in memory, and more files than the table of keys begins with. */
static void test_many(void)
{
	struct fake *f = open_fake(++tables);
	struct strbuf text = STRBUF_INIT, got = STRBUF_INIT, err = STRBUF_INIT;
	struct delta_snapshot s;
	json_t *add;
	size_t count = 0;
	strbuf_addstr(&text, PROTOCOL METADATA);
	for (int version = 0; version < 3; version++) {
		for (int i = 0; i < 20000; i++)
			strbuf_addf(&text, "{\"add\":{\"path\":\"%d-%d\",\"size\":1,\"stats\":\"%0700d\"}}\n", version,
				i, 0);
		for (int i = 0; version && i < 20000; i += 2)
			strbuf_addf(&text, GONE("%d-%d", ""), version - 1, i);
		foreign(f, version, text.s);
		strbuf_clear(&text);
	}
	CHECK_INT(delta_snapshot_open(&s, &f->base, &AS_OF_NOW, &err), 0);
	CHECK(s.tail.kept > 0 && s.tail.kept <= DELTA_TAIL_BYTES);
	while (delta_snapshot_next(&s, &add, &err) > 0) {
		count++;
		json_decref(add);
	}
	CHECK_INT(count, 40000);
	CHECK_STR(err.s, "");
	delta_snapshot_release(&s);
	strbuf_release(&text);
	strbuf_release(&got);
	strbuf_release(&err);
	store_close(&f->base);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_entries);
	TEST(test_times);
	TEST(test_damage);
	TEST(test_classic_checkpoint);
	TEST(test_v2_checkpoints);
	TEST(test_many);
	return tables_end() ? check_done() : 1;
}
