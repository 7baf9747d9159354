/*
 * Shreds NDJSON from standard input for a schema, as a table's writer does, in order to measure it or to look at the
 * result.
 *
 * The whole input is read first.  The number of rows a second, by CPU time, is printed on standard error.  Without -o
 * the values are put into columns and then dropped.  For a record that does not fit, its number, the status and the
 * reason are printed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/opt.h"
#include "common/data/schema_text.h"
#include "common/parquet/shred.h"
#include "common/parquet/writer.h"
#include "tests/bench/pqbench.h"

#define GROUP (64u << 20)
#define SPAN  (256u << 10)

static const char *output, *name_of_path;
static int on_new;
static uint64_t group_rows;

static const struct opt options[] = {
	{.key = 'o', .name = "output", .type = OPT_STRING, .dest = &output, .arg = "FILE", .help = "a Parquet file"},
	{.key = 'n',
		.name = "new",
		.type = OPT_CHOICE,
		.dest = &on_new,
		.arg = "fail|ignore|add",
		.help = "what is done with members that the schema lacks"},
	{.key = 'g',
		.name = "group",
		.type = OPT_U64,
		.dest = &group_rows,
		.arg = "N",
		.min = 1,
		.max = 1u << 30,
		.help = "rows of a row group"},
	{.key = 'p',
		.name = "path",
		.type = OPT_STRING,
		.dest = &name_of_path,
		.arg = "PATH",
		.help = "look for the value of this path in each record first, as partitions do"},
	{0},
};

static const struct opt_spec spec = {
	.program = "pqshred",
	.operands = "SCHEMA",
	.summary = "Shred NDJSON of standard input into columns.",
	.options = options,
	.min_operands = 1,
	.max_operands = 1,
};

struct job {
	struct shred *sh;
	struct pq_columns *columns;
	struct pq_writer *writer; /* NULL: none */
	uint64_t records, rows;
};

static void say_ignored(void *arg, const char *path)
{
	(void)arg;
	printf("ignored %s\n", path);
}

/* The row group is full: write it, or drop it. */
static int end_group(struct job *j, struct strbuf *err)
{
	if (j->writer)
		return pq_writer_flush(j->writer, j->columns, err);
	pq_columns_reset(j->columns);
	return 0;
}

static int put_span(struct job *j, const char *s, size_t len, struct strbuf *err)
{
	const char *rec;
	size_t n;
	int r;
	shred_span(j->sh, s, len, '\n');
	while ((r = shred_next(j->sh, &rec, &n)) != 0) {
		j->records++;
		strbuf_clear(err);
		if (r < 0)
			strbuf_addf(err, "byte %zu: %s", shred_error(j->sh)->pos + 1, shred_error(j->sh)->what);
		else
			r = shred_put(j->sh, j->columns, err);
		if (r == -EIO)
			return r;
		if (r < 0) {
			printf("%" PRIu64 " %s %s\n", j->records,
				r == -ENOENT    ? "new"
				: r == -EBADMSG ? "malformed"
						: "refused",
				err->s);
			continue;
		}
		j->rows++;
		if (group_rows ? j->columns->rows == group_rows
			       : j->rows % 4096 == 0 && pq_columns_size(j->columns) > GROUP)
			if ((r = end_group(j, err)) < 0)
				return r;
	}
	return 0;
}

static int put_all(struct job *j, const char *s, size_t len, struct strbuf *err)
{
	int r = 0;
	while (len && r == 0) {
		const char *end = len > SPAN ? memrchr(s, '\n', SPAN) : NULL;
		size_t n = end ? (size_t)(end + 1 - s) : len;
		r = put_span(j, s, n, err);
		s += n;
		len -= n;
	}
	return r == 0 ? end_group(j, err) : r;
}

/* All of standard input; the caller frees it. */
static char *read_all(size_t *ret_len)
{
	size_t room = 1 << 20, len = 0, n;
	char *s = xmalloc(room);
	while ((n = fread(s + len, 1, room - len, stdin)) > 0) {
		len += n;
		if (len == room)
			s = xreallocarray(s, room *= 2, 1);
	}
	*ret_len = len;
	return s;
}

static int run(struct job *j, struct strbuf *err)
{
	const struct pq_result *result;
	size_t len;
	char *s = read_all(&len);
	double start = cpu();
	int r = put_all(j, s, len, err);
	if (r == 0 && j->writer)
		r = pq_writer_finish(j->writer, NULL, 0, &result, err);
	double t = cpu() - start;
	fprintf(stderr, "%" PRIu64 " of %" PRIu64 " records, %.3f s, %.2f M records/s, %.0f MB/s\n", j->rows,
		j->records, t, (double)j->records / t / 1e6, (double)len / t / 1e6);
	free(s);
	return r;
}

static int add_path(struct shred *sh, struct strbuf *err)
{
	struct path path;
	int r = name_of_path ? path_init(&path, name_of_path, err) : 0;
	if (!name_of_path || r < 0)
		return r;
	(void)shred_want(sh, &path);
	path_release(&path);
	return 0;
}

/* Set everything up for SCHEMA, and run. */
static int shred(const struct schema *schema, FILE *file, struct strbuf *err)
{
	struct pq_settings settings = {0};
	struct job j = {0};
	int r = pq_codec_new(&(struct pq_codec_spec){PQ_ZSTD, 1}, &settings.codec, err);
	if (r == 0)
		r = pq_columns_new(schema, &settings, &j.columns, err);
	if (r == 0)
		r = shred_new(schema, (enum shred_new)on_new, &j.sh);
	if (r == 0)
		r = add_path(j.sh, err);
	if (r == 0) {
		shred_on_ignored(j.sh, say_ignored, NULL);
		j.writer = file ? pq_writer_new(j.columns, to_file, file) : NULL;
		r = run(&j, err);
	}
	pq_writer_free(j.writer);
	shred_free(j.sh);
	pq_columns_free(j.columns);
	pq_codec_free(settings.codec);
	return r;
}

int main(int argc, char **argv)
{
	char **operands;
	struct schema schema;
	struct strbuf err = STRBUF_INIT;
	diag_init("pqshred");
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	FILE *file = output ? fopen(output, "we") : NULL;
	if (output && !file)
		die(diag_status(errno), "cannot write '%s': %s", output, diag_strerror(errno));
	schema_init(&schema);
	int r = schema_parse_text(&schema, operands[0], strlen(operands[0]), &err);
	if (r == 0)
		r = shred(&schema, file, &err);
	if (file && fclose(file) != 0 && r == 0)
		r = -errno;
	if (r < 0)
		die(diag_status(r), "%s", err.len ? err.s : diag_strerror(r));
	schema_release(&schema);
	strbuf_release(&err);
	return EXIT_OK;
}
