/*
 * pqtext: writes a Parquet file as lines; for tests of common/parquet with files of other engines, and to measure it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/opt.h"
#include "common/data/schema_text.h"
#include "common/io/outbuf.h"
#include "common/parquet/file_schema.h"
#include "common/parquet/text.h"

static uint64_t memory, step, from, to, keep;
static const char *wanted;
static int format;
static bool nulls, head, values, print_schema;

static const struct opt options[] = {
	{.key = 'f',
		.name = "format",
		.type = OPT_CHOICE,
		.dest = &format,
		.arg = "json|tsv|csv",
		.help = "of the lines"},
	{.key = 'H', .name = "header", .type = OPT_FLAG, .dest = &head, .help = "begin with the names of the columns"},
	{.key = 'n', .name = "nulls", .type = OPT_FLAG, .dest = &nulls, .help = "write members that are null"},
	{.key = 's',
		.name = "schema",
		.type = OPT_STRING,
		.dest = &wanted,
		.arg = "SCHEMA",
		.help = "columns that are wanted"},
	{.key = 'S', .name = "print-schema", .type = OPT_FLAG, .dest = &print_schema, .help = "only write the schema"},
	{.key = 'v', .name = "values", .type = OPT_FLAG, .dest = &values, .help = "write each value by itself"},
	{.key = 'm', .name = "memory", .type = OPT_SIZE, .dest = &memory, .arg = "SIZE", .help = "budget"},
	{.key = 'a', .name = "from", .type = OPT_U64, .dest = &from, .arg = "N", .help = "first row of each row group"},
	{.key = 'z', .name = "to", .type = OPT_U64, .dest = &to, .arg = "N", .help = "row after the last one"},
	{.key = 'e', .name = "step", .type = OPT_U64, .dest = &step, .arg = "N", .help = "only each Nth row"},
	{.key = 'k',
		.name = "keep",
		.type = OPT_U64,
		.dest = &keep,
		.arg = "N",
		.help = "only each Nth batch, and decode the columns after the first only for these"},
	{0},
};

static const struct opt_spec spec = {
	.program = "pqtext",
	.operands = "FILE",
	.summary = "Write a Parquet file as lines.",
	.options = options,
	.min_operands = 1,
	.max_operands = 1,
};

/* A file that is being written. */
struct writing {
	struct pq_scan *scan;
	struct pq_text *text;
	struct outbuf out;
	uint32_t *rows;
	uint64_t batches;
	struct strbuf *err;
};

static int put_values(struct writing *w)
{
	struct strbuf line = STRBUF_INIT;
	int r = 0;
	for (size_t i = 0; r == 0 && i < w->scan->rows; i++) {
		strbuf_clear(&line);
		for (size_t k = 0; r == 0 && k < w->scan->root.field->count; k++) {
			struct value v;
			r = pq_text_value(w->text, &w->scan->root.child[k], i, &v, w->err);
			if (r == 0)
				strbuf_addf(&line, "%s%d:%.*s", k ? " " : "", v.type, v.raw ? (int)v.raw_len : 0,
					v.raw ? v.raw : "");
		}
		strbuf_addch(&line, '\n');
		if (r == 0)
			r = outbuf_write(&w->out, line.s, line.len);
	}
	pq_text_clear(w->text);
	strbuf_release(&line);
	return r;
}

static int put_rows(struct writing *w, const uint32_t *rows, size_t count)
{
	const char *text;
	size_t len;
	int r = 0;
	for (size_t done = 0; r >= 0 && done < count; done += (size_t)r) {
		uint32_t *some = w->rows;
		for (size_t i = done; i < count; i++)
			some[i - done] = rows ? rows[i] : (uint32_t)i;
		r = pq_text_rows(w->text, rows || done ? some : NULL, count - done, &text, &len, w->err);
		if (r > 0 && outbuf_write(&w->out, text, len) < 0)
			return w->out.err;
	}
	return r < 0 ? r : 0;
}

static int put_batch(struct writing *w)
{
	uint32_t rows[PQ_BATCH_ROWS];
	size_t count = 0;
	if (values)
		return put_values(w);
	if (keep && w->batches++ % keep)
		return 0;
	int r = pq_scan_load(w->scan, w->err);
	if (r < 0 || !step)
		return r < 0 ? r : put_rows(w, NULL, w->scan->rows);
	for (uint32_t i = 0; i < w->scan->rows; i++)
		if ((w->scan->first_row + i) % step == 0)
			rows[count++] = i;
	return put_rows(w, rows, count);
}

static int put_groups(struct writing *w, const struct pq_file *file)
{
	int r = 0;
	for (size_t g = 0; r == 0 && g < file->groups; g++) {
		struct pq_ranges ranges = {0};
		uint64_t rows = (uint64_t)file->group[g].rows;
		pq_ranges_add(&ranges, from, to && to < rows ? to : rows);
		r = pq_scan_group(w->scan, g, from || to ? &ranges : NULL, w->err);
		while (r == 0 && (r = pq_scan_next(w->scan, w->err)) > 0)
			r = put_batch(w);
		pq_ranges_release(&ranges);
	}
	return r;
}

static int put_file(
	const struct pq_file *file, const struct pq_source *source, const struct schema *schema, struct strbuf *err)
{
	const struct pq_want want = {.schema = schema, .memory = memory};
	struct writing w = {.rows = xcalloc(PQ_BATCH_ROWS, sizeof *w.rows), .err = err};
	struct strbuf names = STRBUF_INIT;
	int r = pq_scan_new(file, source, &want, &w.scan, err);
	if (r == 0) {
		for (size_t i = 1; keep && i < schema->root.count; i++)
			pq_scan_later(w.scan, i);
		w.text = pq_text_new(w.scan, schema->root.count, (enum pq_text_format)format, nulls);
		outbuf_init(&w.out, STDOUT_FILENO, "standard output");
		if (head) {
			pq_text_head(w.text, &names);
			r = outbuf_write(&w.out, names.s, names.len);
		}
		if (r == 0)
			r = put_groups(&w, file);
		pq_text_free(w.text);
		pq_scan_free(w.scan);
		int closed = outbuf_close(&w.out);
		r = r < 0 ? r : closed;
	}
	strbuf_release(&names);
	free(w.rows);
	return r;
}

static int run(int fd, struct strbuf *err)
{
	struct stat st;
	struct pq_file *file;
	struct schema schema;
	struct strbuf text = STRBUF_INIT;
	if (fstat(fd, &st) < 0)
		return -errno;
	const struct pq_source source = {.read = pq_source_pread, .arg = &fd, .size = (uint64_t)st.st_size};
	int r = pq_source_open(&source, &file, err);
	if (r < 0)
		return r;
	schema_init(&schema);
	r = wanted ? schema_parse_text(&schema, wanted, strlen(wanted), err) : pq_file_schema(file, &schema, err);
	if (r == 0 && print_schema) {
		schema_print(&schema, &text);
		strbuf_addch(&text, '\n');
		r = write(STDOUT_FILENO, text.s, text.len) < 0 ? -errno : 0;
	} else if (r == 0) {
		r = put_file(file, &source, &schema, err);
	}
	if (r == 0)
		schema_release(&schema);
	pq_file_free(file);
	strbuf_release(&text);
	return r;
}

int main(int argc, char **argv)
{
	char **operands;
	struct strbuf err = STRBUF_INIT;
	diag_init("pqtext");
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	int fd = open(operands[0], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(diag_status(errno), "cannot open '%s': %s", operands[0], diag_strerror(errno));
	int r = run(fd, &err);
	if (r < 0)
		die(diag_status(r), "%s: %s", operands[0], err.len ? err.s : diag_strerror(r));
	strbuf_release(&err);
	return EXIT_OK;
}
