/*
 * Unit tests of common/lake/delta_writer, delta_stats and delta_meta: the files of a commit, and their description in
 * the log.
 */
#include <errno.h>
#include <math.h>

#include "common/data/schema_text.h"
#include "common/lake/delta_meta.h"
#include "common/lake/delta_writer.h"
#include "tests/unit/delta_log.h"

/* A schema, a store and a writer with the partition column p. */
struct made {
	struct schema schema;
	struct store *store;
	struct delta_writer *writer;
	char uuid[UUID_LEN + 1];
};

static char column[] = "p", *columns[] = {column};
static const struct layout layout = {.columns = columns, .count = 1};

static void make_in(struct made *m, struct delta_pool *pool, const char *schema, uint64_t memory)
{
	struct strbuf err = STRBUF_INIT, dir = STRBUF_INIT;
	CHECK_INT(schema_parse_text(&m->schema, schema, strlen(schema), &err), 0);
	strbuf_addf(&dir, "%s/%d", top, ++tables);
	CHECK_INT(store_open_writer(dir.s, m->uuid, NULL, &m->store, &err), 0);
	const struct delta_writer_config config = {.store = m->store,
		.schema = &m->schema,
		.layout = &layout,
		.pool = pool,
		.codec = {PQ_ZSTD, 1},
		.row_group = 1 << 20,
		.memory = memory,
		.uuid = m->uuid};
	CHECK_INT(delta_writer_new(&config, &m->writer, &err), 0);
	CHECK_STR(err.len ? err.s : "", "");
	strbuf_release(&err);
	strbuf_release(&dir);
}

static void make(struct made *m, const char *schema, uint64_t memory)
{
	make_in(m, NULL, schema, memory);
}

static void unmake(struct made *m)
{
	delta_writer_free(m->writer);
	store_close(m->store);
	schema_release(&m->schema);
}

static struct delta_part *part_of(struct made *m, const char *value)
{
	struct strbuf err = STRBUF_INIT;
	struct delta_part *part = NULL;
	CHECK_INT(delta_writer_part(m->writer, layout_constant(&layout, value), &part, &err), 0);
	strbuf_release(&err);
	return part;
}

static void end_row(struct delta_part *part)
{
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(pq_columns_end_row(delta_part_columns(part), &err), 0);
	CHECK_INT(delta_part_row(part, &err), 0);
	strbuf_release(&err);
}

static bool there(struct made *m, const char *path)
{
	struct strbuf err = STRBUF_INIT;
	uint64_t size;
	int r = store_size(m->store, path, &size, &err);
	strbuf_release(&err);
	return r == 0;
}

static void test_statistics(void)
{
	struct strbuf err = STRBUF_INIT;
	struct made m;
	struct lake_file **files;
	size_t n;
	make(&m,
		"i int, d double, nan float, b boolean, m decimal(6,2), big decimal(30,2), s string, day date, "
		"ts timestamp, local timestamp_ntz, g struct<x bigint, y bigint>, l array<int>, none string, \"a\\b\" "
		"int",
		1 << 26);
	struct delta_part *part = part_of(&m, "v");
	for (int i = 0; i < 2; i++) {
		struct pq_leaf *leaf = delta_part_columns(part)->leaf;
		pq_put_i32(leaf++, i ? -5 : 7, 0);
		pq_put_double(leaf++, i ? -1.5 : 0.1, 0);
		pq_put_float(leaf++, i ? NAN : 1, 0);
		pq_put_bool(leaf++, i, 0);
		pq_put_decimal(leaf++, i ? -5 : 12345, 0);
		pq_put_decimal(leaf++, i, 0);
		pq_put_bytes(leaf++, i ? "a\"" : "b", i ? 2 : 1, 0);
		pq_put_i32(leaf++, i ? -1 : 20000, 0);
		pq_put_i64(leaf++, i ? -1 : 1001, 0); /* microseconds around 1970 */
		pq_put_i64(leaf++, i ? 0 : 2000, 0);
		pq_put_i64(leaf++, i, 0);
		pq_put_null(leaf++, 1, 0);
		pq_put_null(leaf++, 0, 0);
		pq_put_null(leaf++, 0, 0);
		pq_put_i32(leaf++, 1, 0);
		end_row(part);
	}
	CHECK_INT(delta_writer_finish(m.writer, &files, &n, &err), 0);
	CHECK_INT(n, 1);
	CHECK_INT(files[0]->records, 2);
	CHECK_STR(files[0]->stats,
		"{\"numRecords\":2,\"minValues\":{\"i\":-5,\"d\":-1.5,\"m\":-0.05,\"s\":\"a\\\"\",\"day\":\"1969-12-"
		"31\","
		"\"ts\":\"1969-12-31T23:59:59.999Z\",\"local\":\"1970-01-01T00:00:00.000\",\"g\":{\"x\":0},\"a\\\\b\":"
		"1},"
		"\"maxValues\":{\"i\":7,\"d\":0.10000000000000001,\"m\":123.45,\"s\":\"b\",\"day\":\"2024-10-04\","
		"\"ts\":\"1970-01-01T00:00:00.002Z\",\"local\":\"1970-01-01T00:00:00.002\",\"g\":{\"x\":1},\"a\\\\b\":"
		"1},"
		"\"nullCount\":{\"i\":0,\"d\":0,\"nan\":0,\"b\":0,\"m\":0,\"big\":0,\"s\":0,\"day\":0,\"ts\":0,"
		"\"local\":0,"
		"\"g\":{\"x\":0,\"y\":2},\"none\":2,\"a\\\\b\":0}}");
	unmake(&m);
	strbuf_release(&err);
}

/*
 * Files have their final names before the commit; a partition without records has no file; discarding removes all
 * files.
 */
static void test_files(void)
{
	struct strbuf err = STRBUF_INIT;
	struct made m;
	struct lake_file **files;
	size_t n;
	make(&m, "a bigint", 1 << 26);
	struct delta_part *part = part_of(&m, "x/y");
	CHECK(part_of(&m, "x/y") == part);
	CHECK(part_of(&m, NULL) != part); /* gets nothing */
	pq_put_i64(delta_part_columns(part)->leaf, 1, 0);
	end_row(part);
	CHECK_INT(delta_writer_finish(m.writer, &files, &n, &err), 0);
	CHECK_INT(n, 1);
	CHECK(strncmp(files[0]->path, "p=x%2Fy/part-", 13) == 0);
	CHECK(strstr(files[0]->path, m.uuid) && strstr(files[0]->path, "-00000.zstd.parquet"));
	CHECK(!files[0]->tag);
	CHECK(there(&m, files[0]->path));
	char *kept = xstrdup(files[0]->path);
	delta_writer_next(m.writer);
	part = part_of(&m, "x/y"); /* another file in the same directory */
	pq_put_i64(delta_part_columns(part)->leaf, 2, 0);
	end_row(part);
	CHECK_INT(delta_writer_finish(m.writer, &files, &n, &err), 0);
	CHECK(strcmp(files[0]->path, kept) != 0 && there(&m, files[0]->path));
	CHECK_INT(delta_writer_discard(m.writer, &err), 0);
	CHECK(!there(&m, files[0]->path) && there(&m, kept));
	unmake(&m);
	free(kept);
	strbuf_release(&err);
}

/* With a budget that is too small there are more row groups, but the same rows. */
/* The files of one commit have two schemas. */
static void test_renewed(void)
{
	struct strbuf err = STRBUF_INIT;
	struct schema more;
	struct made m;
	struct lake_file **files;
	size_t n;
	make(&m, "a bigint", 1);
	CHECK_INT(schema_parse_text(&more, "a bigint, b bigint", 18, &err), 0);
	struct delta_part *part = part_of(&m, "v");
	pq_put_i64(delta_part_columns(part)->leaf, 1, 0);
	end_row(part);
	CHECK(part_of(&m, "w") != part); /* gets nothing */
	CHECK_INT(delta_writer_renew(m.writer, &err), 0);
	CHECK_INT(delta_writer_renew(m.writer, &err), 0);
	schema_release(&m.schema);
	m.schema = more;
	part = part_of(&m, "v");
	CHECK_INT(delta_part_columns(part)->leaves, 2);
	for (int i = 0; i < 200; i++) { /* beyond the memory */
		pq_put_i64(delta_part_columns(part)->leaf, i, 0);
		pq_put_i64(delta_part_columns(part)->leaf + 1, 5, 0);
		end_row(part);
	}
	CHECK_INT(delta_writer_finish(m.writer, &files, &n, &err), 0);
	CHECK_INT(n, 2);
	CHECK_STR(files[0]->stats,
		"{\"numRecords\":1,\"minValues\":{\"a\":1},\"maxValues\":{\"a\":1},\"nullCount\":{\"a\":0}}");
	CHECK(strstr(files[1]->stats, "\"maxValues\":{\"a\":199,\"b\":5}"));
	CHECK(strcmp(files[0]->path, files[1]->path) != 0);
	CHECK(there(&m, files[0]->path) && there(&m, files[1]->path));
	CHECK_INT(delta_writer_discard(m.writer, &err), 0);
	CHECK(!there(&m, files[0]->path) && !there(&m, files[1]->path));
	unmake(&m);
	strbuf_release(&err);
}

static void test_memory(void)
{
	struct strbuf err = STRBUF_INIT;
	struct made m;
	struct lake_file **files;
	size_t n;
	make(&m, "a bigint", 1);
	for (int i = 0; i < 600; i++) {
		struct delta_part *part = part_of(&m, i % 2 ? "odd" : "even");
		pq_put_i64(delta_part_columns(part)->leaf, i, 0);
		end_row(part);
	}
	CHECK_INT(delta_writer_finish(m.writer, &files, &n, &err), 0);
	CHECK_INT(n, 2);
	CHECK_INT(files[0]->records + files[1]->records, 600);
	CHECK(strstr(files[0]->stats, "\"minValues\":{\"a\":0},\"maxValues\":{\"a\":598}"));
	unmake(&m);
	strbuf_release(&err);
}

/* Tables that share their memory: the largest partition of all becomes a row group, and each has all its rows. */
static void test_pool(void)
{
	enum { TABLES = 3, ROWS = 6000 };
	struct strbuf err = STRBUF_INIT;
	struct made m[TABLES];
	struct delta_pool *pool = NULL;
	struct lake_file **files;
	size_t n;
	CHECK_INT(delta_pool_new(&(struct delta_pool_config){{PQ_ZSTD, 1}, 100000}, &pool, &err), 0);
	for (int i = 0; i < TABLES; i++)
		make_in(&m[i], pool, "a bigint", 0);
	for (int i = 0; i < ROWS * TABLES; i++) {
		struct delta_part *part = part_of(&m[i % TABLES], "p");
		pq_put_i64(delta_part_columns(part)->leaf, i, 0);
		end_row(part);
	}
	for (int i = 0; i < TABLES; i++) {
		CHECK_INT(delta_writer_finish(m[i].writer, &files, &n, &err), 0);
		CHECK_INT(n, 1);
		CHECK_INT(files[0]->records, ROWS);
		if (i == 0)
			unmake(&m[i]); /* the others go on */
	}
	for (int i = 1; i < TABLES; i++)
		unmake(&m[i]);
	delta_pool_free(pool);
	strbuf_release(&err);
}

static void test_schema(void)
{
	struct strbuf err = STRBUF_INIT;
	struct schema s, back;
	struct fake *f = open_fake(++tables);
	struct log log = {.store = &f->base};
	static const char text[] = "a int, t timestamp_ntz, p string";
	CHECK_INT(schema_parse_text(&s, text, strlen(text), &err), 0);
	CHECK_INT(delta_meta_new(&s, columns, 1, 5, &log.delta.protocol, &log.delta.meta, &err), 0);
	CHECK_INT(json_integer_value(json_object_get(log.delta.protocol, "minReaderVersion")), 3);
	CHECK_STR(json_string_value(json_array_get(json_object_get(log.delta.protocol, "writerFeatures"), 0)),
		"timestampNtz");
	CHECK_STR(json_string_value(json_array_get(delta_meta_columns(&log), 0)), "p");
	CHECK_INT(delta_meta_schema(&log, &back, &err), 0);
	CHECK(schema_equal(&s, &back));
	schema_release(&back);
	CHECK_INT(schema_parse_text(&back, "q date", 6, &err), 0);
	json_t *changed = delta_meta_change(log.delta.meta, &back);
	CHECK(strstr(json_string_value(json_object_get(changed, "schemaString")), "\"q\""));
	CHECK(json_equal(json_object_get(changed, "id"), json_object_get(log.delta.meta, "id")));
	json_decref(changed);
	schema_release(&back);
	json_object_set_new(log.delta.meta, "schemaString", json_string("{}"));
	CHECK(delta_meta_schema(&log, &back, &err) < 0);
	CHECK(strstr(err.s, "cannot be read"));
	json_object_del(log.delta.meta, "schemaString");
	CHECK_INT(delta_meta_schema(&log, &back, &err), -EBADMSG);
	schema_release(&s);
	log_delta_release(&log.delta);
	store_close(&f->base);
	strbuf_release(&err);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_statistics);
	TEST(test_files);
	TEST(test_renewed);
	TEST(test_memory);
	TEST(test_pool);
	TEST(test_schema);
	return tables_end() ? check_done() : 1;
}
