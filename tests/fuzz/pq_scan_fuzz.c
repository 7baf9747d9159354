/*
 * Parquet files read by batches, as rows and as single values, with pruning: whatever the bytes are, nothing crashes,
 * no size is trusted, and memory stays within its budget.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "common/parquet/file_schema.h"
#include "common/parquet/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MEMORY  (16u << 20)
#define BATCHES 64u /* a page of a few bytes may say that it has millions of rows */

struct fuzz_bytes {
	const uint8_t *data;
	size_t size;
};

static int read_bytes(void *arg, uint64_t at, void *to, size_t n, struct strbuf *err)
{
	const struct fuzz_bytes *bytes = arg;
	if (at > bytes->size || n > bytes->size - at) {
		strbuf_addstr(err, "cut");
		return -EBADMSG;
	}
	memcpy(to, bytes->data + at, n);
	return 0;
}

static int read_batch(struct pq_scan *scan, struct pq_text *text, struct strbuf *err)
{
	const char *out;
	size_t len;
	uint32_t rows[PQ_BATCH_ROWS];
	struct value v;
	int r = 1;
	for (uint32_t i = 0; i < scan->rows; i++)
		rows[i] = i;
	for (size_t done = 0; r > 0 && done < scan->rows; done += (size_t)r)
		r = pq_text_rows(text, rows + done, scan->rows - done, &out, &len, err);
	for (size_t i = 0; r > 0 && i < scan->root.field->count; i++)
		if (pq_text_value(text, &scan->root.child[i], scan->rows - 1, &v, err) < 0)
			r = -1;
	pq_text_clear(text);
	return r < 0 ? r : 0;
}

static int read_group(struct pq_scan *scan, struct pq_text *text, size_t group, struct strbuf *err)
{
	static const char word[] = "m";
	struct prune tests[2] = {{.op = PRUNE_GE, .value = {.type = VALUE_INT, .i = 3}},
		{.op = PRUNE_EQ,
			.column = scan->root.field->count - 1,
			.value = {.type = VALUE_STRING, .s = word, .len = 1}}};
	const struct prune pred = {.op = PRUNE_OR, .child = tests, .children = 2};
	struct pq_ranges ranges = {0};
	int r = pq_scan_prune(scan, group, &pred, &ranges, err);
	if (r == 0)
		r = pq_scan_group(scan, group, group % 2 ? &ranges : NULL, err);
	for (unsigned i = 0; r == 0 && i < BATCHES && (r = pq_scan_next(scan, err)) > 0; i++) {
		r = i % 3 == 2 ? 0 : pq_scan_load(scan, err);
		if (r == 0 && i % 3 != 2)
			r = read_batch(scan, text, err);
	}
	pq_ranges_release(&ranges);
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bytes bytes = {data, size};
	const struct pq_source source = {.read = read_bytes, .arg = &bytes, .size = size, .window = 1};
	struct pq_want want = {.memory = MEMORY};
	struct strbuf err = STRBUF_INIT;
	struct pq_file *file;
	struct pq_scan *scan;
	struct schema schema;
	if (pq_source_open(&source, &file, &err) == 0) {
		if (pq_file_schema(file, &schema, &err) == 0) {
			want.schema = &schema;
			if (pq_scan_new(file, &source, &want, &scan, &err) == 0) {
				pq_scan_later(scan, schema.root.count - 1);
				struct pq_text *text =
					pq_text_new(scan, schema.root.count, (enum pq_text_format)(size % 3), size % 2);
				for (size_t g = 0; g < file->groups && g < BATCHES; g++)
					if (read_group(scan, text, g, &err) < 0)
						break;
				pq_text_free(text);
				pq_scan_free(scan);
			}
			schema_release(&schema);
		}
		pq_file_free(file);
	}
	strbuf_release(&err);
	return 0;
}
