/* Unit tests of common/lake/delta_writer: tables with so many columns that the footers of files matter for memory. */
#include <errno.h>

#include "common/data/schema_text.h"
#include "common/lake/delta_writer.h"
#include "tests/unit/delta_log.h"

enum { COLUMNS = 500 };

static char column[] = "p", *columns[] = {column};
static const struct layout layout = {.columns = columns, .count = 1};

static void wide_schema(struct schema *schema)
{
	struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
	for (int i = 0; i < COLUMNS; i++)
		strbuf_addf(&text, "%sc%d bigint", i ? ", " : "", i);
	CHECK_INT(schema_parse_text(schema, text.s, text.len, &err), 0);
	strbuf_release(&text);
	strbuf_release(&err);
}

/* Put a record whose values are I into the partition VALUE. */
static void put(struct delta_writer *writer, const char *value, int64_t i)
{
	struct strbuf err = STRBUF_INIT;
	struct delta_part *part = NULL;
	CHECK_INT(delta_writer_part(writer, layout_constant(&layout, value), &part, &err), 0);
	struct pq_columns *all = delta_part_columns(part);
	for (int c = 0; c < COLUMNS; c++)
		pq_put_i64(all->leaf + c, i, 0);
	CHECK_INT(pq_columns_end_row(all, &err), 0);
	CHECK_INT(delta_part_row(part, &err), 0);
	strbuf_release(&err);
}

static void check_files(struct store *store, struct lake_file *const *files, size_t n, uint64_t records)
{
	struct strbuf err = STRBUF_INIT;
	uint64_t sum = 0, size;
	for (size_t i = 0; i < n; i++) {
		CHECK_INT(store_size(store, files[i]->path, &size, &err), 0);
		CHECK_INT(size, files[i]->size);
		CHECK(files[i]->records > 0);
		CHECK(i == 0 || strcmp(files[i]->path, files[i - 1]->path) != 0);
		CHECK(strncmp(files[i]->path, "p=", 2) == 0 &&
			strncmp(files[i]->path + 2, files[i]->values[0], 1) == 0);
		sum += files[i]->records;
	}
	CHECK_INT(sum, records);
	strbuf_release(&err);
}

/* A partition goes on in another file before the row groups' descriptions fill the memory. */
static void test_next_file(void)
{
	enum { ROWS = 60 };
	struct strbuf err = STRBUF_INIT, dir = STRBUF_INIT;
	struct delta_writer *writer;
	struct lake_file **files;
	char uuid[UUID_LEN + 1];
	struct schema schema;
	struct store *store;
	size_t n;
	wide_schema(&schema);
	strbuf_addf(&dir, "%s/%d", top, ++tables);
	CHECK_INT(store_open_writer(dir.s, uuid, NULL, &store, &err), 0);
	const struct delta_writer_config config = {.store = store,
		.schema = &schema,
		.layout = &layout,
		.codec = {PQ_ZSTD, 1},
		.row_group = 1 << 20,
		.memory = 1,
		.uuid = uuid};
	CHECK_INT(delta_writer_new(&config, &writer, &err), 0);
	for (int i = 0; i < ROWS; i++)
		put(writer, i % 2 ? "b" : "a", i);
	CHECK_INT(delta_writer_finish(writer, &files, &n, &err), 0);
	CHECK(n > 2 && n < ROWS);
	check_files(store, files, n, ROWS);
	delta_writer_next(writer);
	for (int i = 0; i < ROWS; i++) /* no name again */
		put(writer, "a", i);
	CHECK_INT(delta_writer_finish(writer, &files, &n, &err), 0);
	CHECK(n > 1 && n < ROWS);
	check_files(store, files, n, ROWS);
	CHECK_INT(delta_writer_discard(writer, &err), 0);
	for (size_t i = 0; i < n; i++) {
		uint64_t size;
		CHECK(store_size(store, files[i]->path, &size, &err) < 0);
	}
	delta_writer_free(writer);
	store_close(store);
	schema_release(&schema);
	strbuf_release(&dir);
	strbuf_release(&err);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_next_file);
	return tables_end() ? check_done() : 1;
}
