/*
 * Measures how fast the Parquet encoder makes a file from columns in memory.  The rows are those of `gen events`.
 *
 * Prints, by CPU time, how many rows a second are put into columns, and how many in all; and the bytes of each column.
 * The columns are prepared before.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/base/num.h"
#include "common/base/opt.h"
#include "common/data/schema_text.h"
#include "common/parquet/writer.h"
#include "tests/bench/pqbench.h"
#include "tests/bench/random.h"

#define GROUP (128u << 20)
#define TEXT  24u /* bytes of each row of a text column */

static uint64_t rows = 4000000, dict_bytes, page_entries;
static struct pq_codec_spec codec = {PQ_ZSTD, 1};

static int parse_codec(const char *value, void *dest, struct strbuf *err)
{
	return pq_codec_parse(value, dest, err);
}

static const struct opt options[] = {
	{.key = 'r',
		.name = "rows",
		.type = OPT_U64,
		.dest = &rows,
		.arg = "N",
		.min = 1,
		.max = 100000000,
		.help = "rows"},
	{.key = 'c',
		.name = "codec",
		.type = OPT_CALL,
		.parse = parse_codec,
		.dest = &codec,
		.arg = "NAME[:LEVEL]",
		.help = "compression"},
	{.key = 'd',
		.name = "dict",
		.type = OPT_SIZE,
		.dest = &dict_bytes,
		.arg = "SIZE",
		.max = 1u << 30,
		.help = "limit of dictionaries"},
	{.key = 'p',
		.name = "page",
		.type = OPT_U64,
		.dest = &page_entries,
		.arg = "N",
		.max = 1u << 30,
		.help = "entries of a page"},
	{0},
};

static const struct opt_spec spec = {
	.program = "pqencode",
	.operands = "FILE",
	.summary = "Write FILE by the encoder of Parquet, and say how fast.",
	.options = options,
	.min_operands = 1,
	.max_operands = 1,
};

static const char schema_text[] = "ts timestamp, user string, action string, amount double, item string, ip string, "
				  "ok boolean, v bigint";

/* The columns before encoding: numbers, or texts of TEXT bytes, of which the last is the length. */
struct event_columns {
	int64_t *ts;
	double *amount;
	char *user, *item, *ip;
	unsigned char *action, *ok;
};

static const char *const actions[] = {"view", "view", "view", "click", "click", "cart", "buy", "login"};

static void set_text(char *column, size_t row, const char *text)
{
	size_t len = strlen(text);
	memcpy(column + row * TEXT, text, len);
	column[row * TEXT + TEXT - 1] = (char)len;
}

static void make_row(struct event_columns *in, size_t i, uint64_t *state)
{
	char text[TEXT];
	in->ts[i] = INT64_C(1763251200000000) + (int64_t)(i * 864 / 10) * 1000;
	snprintf(text, sizeof text, "u%06" PRIu32, random_below(state, 100000));
	set_text(in->user, i, text);
	uint32_t r = random_below(state, 1u << 31), whole = 1 + r / 8 % 999;
	in->action[i] = r % 8;
	in->amount[i] = (whole < 100 ? whole + 100 : whole) + r / 8000 % 100 / 100.0;
	snprintf(text, sizeof text, "shop-item-%06" PRIu32, r % 50000);
	set_text(in->item, i, text);
	snprintf(text, sizeof text, "10.%" PRIu32 ".%" PRIu32 ".%" PRIu32, 100 + r % 100, 100 + r / 100 % 100,
		100 + r / 10000 % 100);
	set_text(in->ip, i, text);
	in->ok[i] = (r & 64) != 0;
}

static void make_inputs(struct event_columns *in)
{
	uint64_t state = 1;
	*in = (struct event_columns){xcalloc(rows, sizeof *in->ts), xcalloc(rows, sizeof *in->amount),
		xcalloc(rows, TEXT), xcalloc(rows, TEXT), xcalloc(rows, TEXT), xcalloc(rows, 1), xcalloc(rows, 1)};
	for (size_t i = 0; i < rows; i++)
		make_row(in, i, &state);
}

static void put_text(struct pq_leaf *leaf, const char *column, size_t row)
{
	pq_put_bytes(leaf, column + row * TEXT, (size_t)column[row * TEXT + TEXT - 1], 0);
}

static void put_row(struct pq_columns *c, const struct event_columns *in, size_t i)
{
	const char *action = actions[in->action[i]];
	pq_put_i64(&c->leaf[0], in->ts[i], 0);
	put_text(&c->leaf[1], in->user, i);
	pq_put_bytes(&c->leaf[2], action, strlen(action), 0);
	pq_put_double(&c->leaf[3], in->amount[i], 0);
	put_text(&c->leaf[4], in->item, i);
	put_text(&c->leaf[5], in->ip, i);
	pq_put_bool(&c->leaf[6], in->ok[i], 0);
	pq_put_i64(&c->leaf[7], 1, 0);
}

static int encode(struct pq_columns *c, struct pq_writer *w, const struct event_columns *in, size_t *ret_memory,
	struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < rows; i++) {
		put_row(c, in, i);
		r = pq_columns_end_row(c, err);
		if (r == 0 && i % 4096 == 0 && pq_columns_size(c) > GROUP) {
			*ret_memory = pq_columns_bytes(c);
			r = pq_writer_flush(w, c, err);
		}
	}
	if (!*ret_memory)
		*ret_memory = pq_columns_bytes(c);
	return r < 0 ? r : pq_writer_flush(w, c, err);
}

static void report(const struct pq_result *result, double seconds, size_t memory)
{
	printf("%.2f M rows/s, %.3f s, %" PRIu64 " bytes, %" PRIu32 " row groups, footer %" PRIu32 ", memory %zu\n",
		(double)rows / seconds / 1e6, seconds, result->bytes, result->groups, result->footer, memory);
	for (size_t i = 0; i < result->count; i++)
		printf("%-8s %6.3f bytes a row\n", result->columns[i].field->name,
			(double)result->columns[i].bytes / (double)rows);
}

static int run(FILE *file, const struct schema *schema, const struct event_columns *in, struct strbuf *err)
{
	struct pq_settings settings = {.dict_bytes = dict_bytes, .page_entries = page_entries};
	struct pq_columns *c = NULL;
	const struct pq_result *result;
	size_t memory = 0;
	int r = pq_codec_new(&codec, &settings.codec, err);
	if (r == 0)
		r = pq_columns_new(schema, &settings, &c, err);
	if (r < 0)
		return r;
	struct pq_writer *w = pq_writer_new(c, to_file, file);
	double start = cpu();
	if ((r = encode(c, w, in, &memory, err)) == 0)
		r = pq_writer_finish(w, NULL, 0, &result, err);
	if (r == 0)
		report(result, cpu() - start, memory);
	pq_writer_free(w);
	pq_columns_free(c);
	pq_codec_free(settings.codec);
	return r;
}

int main(int argc, char **argv)
{
	char **operands;
	struct event_columns in;
	struct schema schema;
	struct strbuf err = STRBUF_INIT;
	diag_init("pqencode");
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	FILE *file = fopen(operands[0], "we");
	if (!file)
		die(diag_status(errno), "cannot write '%s': %s", operands[0], diag_strerror(errno));
	make_inputs(&in);
	schema_init(&schema);
	int r = schema_parse_text(&schema, schema_text, strlen(schema_text), &err);
	if (r == 0)
		r = run(file, &schema, &in, &err);
	if (fclose(file) != 0 && r == 0)
		r = -errno;
	if (r < 0)
		die(diag_status(r), "%s", err.len ? err.s : diag_strerror(r));
	return EXIT_OK;
}
