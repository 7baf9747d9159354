/*
 * pqfile: writes records of JSON, a line each, as a Parquet file; for tests of common/parquet with independent readers.
 *
 * Values are as close to the format as JSON allows: decimals are texts of digits, with as many after the point as the
 * type says; dates and timestamps are numbers (days, microseconds); binary is hexadecimal text; maps are lists of
 * pairs; and doubles that JSON cannot write as numbers are texts (`NaN`, `-Infinity`, `-0`).
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/opt.h"
#include "common/data/schema_text.h"
#include "common/parquet/writer.h"

static struct pq_codec_spec codec = {PQ_ZSTD, 3};
static uint64_t group, reject;
static uint64_t page_entries, page_bytes, dict_bytes;
static struct opt_list bloom, metadata;

static int parse_codec(const char *value, void *dest, struct strbuf *err)
{
	return pq_codec_parse(value, dest, err);
}

static const struct opt options[] = {
	{.key = 'c',
		.name = "codec",
		.type = OPT_CALL,
		.parse = parse_codec,
		.dest = &codec,
		.arg = "NAME",
		.help = "compression"},
	{.key = 'g', .name = "group", .type = OPT_U64, .dest = &group, .arg = "N", .help = "records of a row group"},
	{.key = 'e',
		.name = "page-entries",
		.type = OPT_U64,
		.dest = &page_entries,
		.arg = "N",
		.help = "entries of a page"},
	{.key = 'p', .name = "page-bytes", .type = OPT_U64, .dest = &page_bytes, .arg = "N", .help = "bytes of a page"},
	{.key = 'd', .name = "dict", .type = OPT_U64, .dest = &dict_bytes, .arg = "N", .help = "bytes of a dictionary"},
	{.key = 'b',
		.name = "bloom",
		.type = OPT_LIST,
		.dest = &bloom,
		.arg = "FIELD",
		.help = "give it a Bloom filter"},
	{.key = 'm',
		.name = "metadata",
		.type = OPT_LIST,
		.dest = &metadata,
		.arg = "KEY=VALUE",
		.help = "into the footer"},
	{.key = 'r',
		.name = "reject",
		.type = OPT_U64,
		.dest = &reject,
		.arg = "N",
		.help = "put each Nth record, take it back, put it again"},
	{0},
};

static const struct opt_spec spec = {
	.program = "pqfile",
	.operands = "SCHEMA FILE",
	.summary = "Write records of JSON from standard input as a Parquet file.",
	.options = options,
	.min_operands = 2,
	.max_operands = 2,
};

static double number_of(const json_t *v)
{
	return json_is_string(v) ? strtod(json_string_value(v), NULL) : json_number_value(v);
}

static pq_int128 decimal_of(const char *s)
{
	pq_int128 n = 0;
	for (const char *p = s; *p; p++)
		if (*p >= '0' && *p <= '9')
			n = n * 10 + (*p - '0');
	return *s == '-' ? -n : n;
}

static void put_hex(struct pq_leaf *leaf, const char *hex, unsigned rep)
{
	struct strbuf bytes = STRBUF_INIT;
	unsigned byte;
	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		strbuf_addch(&bytes, (char)byte);
	pq_put_bytes(leaf, bytes.s, bytes.len, rep);
	strbuf_release(&bytes);
}

static void put_leaf(struct pq_leaf *leaf, const json_t *v, unsigned rep)
{
	switch (leaf->field->type) {
	case SCHEMA_BOOL:
		pq_put_bool(leaf, json_is_true(v), rep);
		break;
	case SCHEMA_FLOAT:
		pq_put_float(leaf, (float)number_of(v), rep);
		break;
	case SCHEMA_DOUBLE:
		pq_put_double(leaf, number_of(v), rep);
		break;
	case SCHEMA_DECIMAL:
		pq_put_decimal(leaf, decimal_of(json_string_value(v)), rep);
		break;
	case SCHEMA_STRING:
		pq_put_bytes(leaf, json_string_value(v), json_string_length(v), rep);
		break;
	case SCHEMA_BINARY:
		put_hex(leaf, json_string_value(v), rep);
		break;
	case SCHEMA_INT32:
	case SCHEMA_DATE:
		pq_put_i32(leaf, (int32_t)json_integer_value(v), rep);
		break;
	default:
		pq_put_i64(leaf, json_integer_value(v), rep);
	}
}

static void put(struct pq_columns *c, const struct pq_node *node, const json_t *v, unsigned rep)
{
	enum schema_type type = node->field->type;
	size_t n = json_array_size(v);
	if (!v || json_is_null(v)) {
		pq_put_nulls(c, node, node->def - 1u, rep);
	} else if (type == SCHEMA_STRUCT) {
		for (size_t i = 0; i < node->field->count; i++)
			put(c, &node->child[i], json_object_get(v, node->child[i].field->name), rep);
	} else if (!schema_has_children(type)) {
		put_leaf(&c->leaf[node->first], v, rep);
	} else if (!n) {
		pq_put_nulls(c, node, node->def, rep);
	}
	for (size_t i = 0; schema_has_children(type) && i < n; i++) {
		const json_t *item = json_array_get(v, i);
		unsigned level = i ? node->rep : rep;
		put(c, &node->child[0], type == SCHEMA_MAP ? json_array_get(item, 0) : item, level);
		if (type == SCHEMA_MAP)
			put(c, &node->child[1], json_array_get(item, 1), level);
	}
}

static int to_file(void *self, const void *data, size_t len, struct strbuf *err)
{
	if (fwrite(data, 1, len, self) == len)
		return 0;
	strbuf_addstr(err, "the file cannot be written");
	return -EIO;
}

/* Put one record.  A record that will be taken back gets all its columns, or only the first half of them. */
static int write_record(
	struct pq_writer *w, struct pq_columns *c, const json_t *record, uint64_t number, struct strbuf *err)
{
	if (reject && number % reject == 0) {
		for (size_t i = 0; i < c->root.field->count / (1 + number % 2); i++)
			put(c, &c->root.child[i], json_object_get(record, c->root.child[i].field->name), 0);
		pq_columns_rollback(c);
	}
	put(c, &c->root, record, 0);
	int r = pq_columns_end_row(c, err);
	return r == 0 && group && c->rows == group ? pq_writer_flush(w, c, err) : r;
}

static int write_records(struct pq_writer *w, struct pq_columns *c, struct strbuf *err)
{
	char *line = NULL;
	size_t room = 0;
	int r = 0;
	for (uint64_t n = 1; r == 0 && getline(&line, &room, stdin) > 0; n++) {
		json_error_t error;
		json_t *record = json_loads(line, JSON_ALLOW_NUL, &error);
		if (!record)
			die(EXIT_DATA, "line %ju: %s", (uintmax_t)n, error.text);
		r = write_record(w, c, record, n, err);
		json_decref(record);
	}
	free(line);
	return r < 0 ? r : pq_writer_flush(w, c, err);
}

static int finish(struct pq_writer *w, struct strbuf *err)
{
	struct pq_metadata pairs[16];
	const struct pq_result *result;
	size_t n = 0;
	for (; n < metadata.count && n < sizeof pairs / sizeof *pairs; n++) {
		char *key = strdupa(metadata.items[n]), *value = strchr(key, '=');
		if (!value)
			die(EXIT_USAGE, "'%s' is no KEY=VALUE", key);
		*value = '\0';
		pairs[n] = (struct pq_metadata){key, value + 1};
	}
	return pq_writer_finish(w, pairs, n, &result, err);
}

static int run(const char *text, FILE *file, struct strbuf *err)
{
	struct schema schema;
	struct pq_columns *c = NULL;
	struct pq_writer *w = NULL;
	const char *filters[17] = {0};
	for (size_t i = 0; i < bloom.count && i < 16; i++)
		filters[i] = bloom.items[i];
	struct pq_settings settings = {
		.page_entries = page_entries, .page_bytes = page_bytes, .dict_bytes = dict_bytes, .bloom = filters};
	schema_init(&schema);
	int r = schema_parse_text(&schema, text, strlen(text), err);
	if (r == 0)
		r = pq_codec_new(&codec, &settings.codec, err);
	if (r == 0)
		r = pq_columns_new(&schema, &settings, &c, err);
	if (r == 0) {
		w = pq_writer_new(c, to_file, file);
		r = write_records(w, c, err);
	}
	if (r == 0)
		r = finish(w, err);
	pq_writer_free(w);
	pq_columns_free(c);
	pq_codec_free(settings.codec);
	schema_release(&schema);
	return r;
}

int main(int argc, char **argv)
{
	char **operands;
	struct strbuf err = STRBUF_INIT;
	diag_init("pqfile");
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	FILE *file = fopen(operands[1], "we");
	if (!file)
		die(diag_status(errno), "cannot write '%s': %s", operands[1], diag_strerror(errno));
	int r = run(operands[0], file, &err);
	if (fclose(file) != 0 && r == 0)
		r = -errno;
	if (r < 0)
		die(diag_status(r), "%s", err.len ? err.s : diag_strerror(r));
	return EXIT_OK;
}
