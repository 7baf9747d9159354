/*
 * map: a new record from each record, by a program of statements.
 *
 * Input: records of JSON, TSV or CSV.  Output: these records with fields computed, removed, renamed, taken from files
 * or from texts; records that a statement drops are left out, and explode makes several of one.  What no statement
 * names stays byte for byte.
 */
#include <string.h>

#include "cmd/map/map.h"
#include "cmd/map/statement.h"
#include "common/base/sig.h"
#include "common/base/whole.h"

#define PROGRAM_FILE_MAX (1u << 20)

static struct map_options opts = {.memory = 256u << 20, .future = FUTURE_DEFAULT};
static struct mapper mapper;
static bool has_program; /* -e or -f: the first operand is a file */
static int failed;       /* the exit status for a mistake in a file */

static int add_statements(const char *value, void *dest, struct strbuf *err)
{
	(void)dest;
	has_program = true;
	return program_parse(&mapper.program, value, err);
}

/* A mistake in a file is not a usage error. */
static int add_file(const char *path, void *dest, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT, reason = STRBUF_INIT;
	int r = failed ? 0 : whole_read_text(path, PROGRAM_FILE_MAX, &text);

	(void)dest, (void)err;
	has_program = true;
	if (r < 0)
		strbuf_addf(&reason, "%s", whole_strerror(r));
	else
		r = program_parse(&mapper.program, text.s, &reason);
	if (r < 0) {
		warn("cannot use '%s': %s", path, reason.s);
		failed = EXIT_CONFIG;
	}
	strbuf_release(&text);
	strbuf_release(&reason);
	return 0;
}

/* clang-format off */
static const struct opt options[] = {
	{ .key = 'e', .name = "statement", .type = OPT_CALL, .dest = &mapper.program, .arg = "PROGRAM", .parse = add_statements,
	  .many = true, .help = "statements; there is no operand PROGRAM then" },
	{ .key = 'f', .name = "file", .type = OPT_CALL, .dest = &mapper.program, .arg = "FILE", .parse = add_file,
	  .many = true, .help = "statements from FILE" },
	{ .name = "to", .type = OPT_CHOICE, .dest = &opts.to, .arg = "auto|json|tsv|csv",
	  .help = "output format; auto: as the input" },
	{ .name = "infer-types", .dest = &opts.infer,
	  .help = "TSV, CSV to JSON: numbers, true and false are not strings" },
	{ .name = "strict", .dest = &opts.strict,
	  .help = "treat a record as bad if something cannot be computed or there is no place for it" },
	{ .name = "key", .type = OPT_STRING, .dest = &opts.key, .arg = "FILE", .help = "the key of 'mask .f hash'" },
	FUTURE_OPTION(&opts.future),
	CHECKPOINT_OPTIONS(&opts.state),
	{ .name = "memory", .type = OPT_SIZE, .dest = &opts.memory, .arg = "SIZE", .min = 1 << 16, .max = 1ull << 40,
	  .help = "memory for the keys of step and dedupe, 256M by default" },
	RECORD_FILTER_OPTIONS(&opts.common, "error"),
	{0},
};

static const struct hint hints[] = {
	{ "--output-format", "--to says how records are printed" },
	{ "--format", "--to says how records are printed" },
	{ "--ojson", "--to json" },
	{ "--ocsv", "--to csv" },
	{ "--otsv", "--to tsv" },
	{ "--expr", "PROGRAM is the first operand, as in '.total = .price * .qty'" },
	{ "-S", "--infer-types makes numbers of text" },
	RECORDS_HINTS,
	{0},
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "map",
	.looks = true,
	.operands = "[PROGRAM] [FILE ...]",
	.summary = "Compute, add, remove and rename fields of JSON, TSV or CSV, and make several records of one.",
	.example = "weir map '.total = .price * .qty; del .internal' events.ndjson",
	.more = statement_help,
	.options = options,
	.hints = hints,
};

/* The program is the first operand unless options have given it. */
static int take_program(char ***operands)
{
	struct strbuf err = STRBUF_INIT;
	int r = OPT_GO;

	if (failed)
		return failed;
	if (has_program)
		return OPT_GO;
	if (!**operands)
		return opt_usage_error(&spec, "a program is missing, as in '.total = .price * .qty'");
	if (program_parse(&mapper.program, *(*operands)++, &err) < 0)
		r = opt_usage_error(&spec, "%s", err.s);
	strbuf_release(&err);
	return r;
}

int main(int argc, char **argv)
{
	char **operands;
	int r = opt_parse(&spec, argc, argv, &operands);

	if (r == OPT_GO)
		r = take_program(&operands);
	if (r == OPT_GO && opts.common.records.header && opts.common.records.format == RECORDS_JSON &&
		(opts.to == RECORDS_TSV || opts.to == RECORDS_CSV)) {
		opts.common.records.header = false;
		opts.header_out = true;
	}
	opts.common.records.writes_csv = opts.to == RECORDS_CSV;
	if (r == OPT_GO)
		r = map_open(&mapper, &opts, &spec);
	if (r == OPT_GO) {
		sig_filter();
		r = map_run(&mapper, operands);
	}
	map_release(&mapper);
	return r;
}
