/*
 * filter: the records that match an expression.
 *
 * Input: records of JSON, TSV or CSV.  Output: those for which the expression holds, unchanged, or some of their
 * fields.  A record that cannot be read or, with --strict, cannot be decided is a bad record: see --rejects.
 */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "common/base/sig.h"
#include "common/data/expr.h"
#include "common/data/jsonout.h"
#include "common/data/project.h"
#include "common/data/record_filter.h"

static struct {
	struct record_filter_opts common;
	const char *fields;
	int format;
	bool invert, count, strict;
} opts;

/* clang-format off */
static const struct opt options[] = {
	{ .key = 'v', .name = "invert", .dest = &opts.invert, .help = "print the records that do not match" },
	{ .key = 'c', .name = "count", .dest = &opts.count, .help = "print only how many match (of each batch)" },
	{ .name = "fields", .type = OPT_STRING, .dest = &opts.fields, .arg = "LIST",
	  .help = "print only these fields, .a,.b or $1,$2, or expressions: .c = .a + .b" },
	{ .name = "format", .type = OPT_CHOICE, .dest = &opts.format, .arg = "auto|json|tsv|csv",
	  .help = "output format of --fields; auto: as the input" },
	{ .name = "strict", .dest = &opts.strict,
	  .help = "treat a record as bad if values of unlike types are compared or nothing can be computed" },
	RECORD_FILTER_OPTIONS(&opts.common, "error"),
	{0},
};

static const struct hint hints[] = {
	{ "-e", "EXPR is the first operand, as in '.age > 30'" },
	{ "-E", "EXPR is the first operand, as in '.age > 30'" },
	{ "--expr", "EXPR is the first operand, as in '.age > 30'" },
	{ "--filter", "EXPR is the first operand, as in '.age > 30'" },
	{ "--where", "EXPR is the first operand, as in '.age > 30'" },
	{ "-f", "--fields LIST prints these fields only" },
	{ "--columns", "--fields LIST prints these fields only" },
	{ "--cols", "--fields LIST prints these fields only" },
	{ "--select", "--fields LIST prints these fields only" },
	{ "--not", "-v prints the records that do not match" },
	{ "-i", "in a regular expression (?i) ignores case" },
	{ "--ignore-case", "in a regular expression (?i) ignores case" },
	{ "-n", "head -n N after it prints the first N" },
	{ "--limit", "head -n N after it prints the first N" },
	{ "--output-format", "--format says how --fields are printed" },
	{ "-r", "--format tsv prints --fields without quotes" },
	{ "--raw-output", "--format tsv prints --fields without quotes" },
	RECORDS_HINTS,
	{0},
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "filter",
	.looks = true,
	.operands = "EXPR [FILE ...]",
	.summary = "Print the records of JSON, TSV or CSV that match an expression.",
	.example = "weir filter '.action == \"buy\" && .amount > 100' \\\n"
		   "    --fields .user,.amount --format tsv events.ndjson",
	.more = expr_help,
	.options = options,
	.hints = hints,
	.min_operands = 1,
};

struct picker {
	struct record_filter rf;
	struct expr *expr;
	struct project project;
	bool projects;             /* --fields */
	const char *run, *run_end; /* consecutive matching records of the span */
	bool header_put;           /* of --fields */
	uint64_t matched, batched; /* records; of this batch */
	uint64_t undecided;        /* records, with --strict */
	uint64_t faults;           /* records, of --fields; the last one: */
	const char *fault;
};

static void begin(void *self, enum records_format format, char delim)
{
	struct picker *p = self;

	(void)delim;
	if (p->projects)
		project_begin(&p->project, format);
}

/* Print the matching records that were not printed yet. */
static int flush_run(void *self, struct flow *flow)
{
	struct picker *p = self;
	size_t len = (size_t)(p->run_end - p->run);
	const char *run = p->run;

	p->run = p->run_end = NULL;
	return len ? flow_put_span(flow, run, len) : 0;
}

static int put_fields(struct picker *p, const struct value *values, struct flow *flow)
{
	const struct fields_entry *fault =
		p->project.fields.computes ? fields_compute(&p->project.fields, values) : NULL;
	p->faults += fault != NULL;
	p->fault = fault ? expr_fault(fault->expr)->what : p->fault;
	if (fault && opts.strict)
		return record_filter_refuse(&p->rf, fault->text, expr_fault(fault->expr)->what, flow);
	char *to = flow_reserve(flow, project_room(&p->project, values) + 1);
	if (!to)
		return FLOW_STOP;
	char *end = project_write(&p->project, values, to);
	if (project_breaks(&p->project, to, (size_t)(end - to), flow->input_marked))
		return record_filter_refuse(&p->rf, "--fields", PROJECT_BREAKS, flow);
	*end++ = flow->delim;
	return flow_commit(flow, (size_t)(end - to));
}

/* Print the first header; later ones must be the same when records are printed unchanged. */
static int on_header(void *self, const char *rec, size_t len, struct flow *flow)
{
	struct picker *p = self;
	struct strbuf names = STRBUF_INIT;

	if (opts.count || (p->projects && (p->header_put || p->project.format == RECORDS_JSON)))
		return 0;
	if (!p->projects)
		return record_filter_put_header(&p->rf, rec, len, flow);
	p->header_put = true;
	project_header(&p->project, &names);
	int r = flow_put(flow, names.s, names.len);
	strbuf_release(&names);
	return r;
}

/* Print a record. */
static int put(struct picker *p, const struct value *values, const char *rec, size_t len, bool stays, struct flow *flow)
{
	p->matched++;
	p->batched++;
	if (opts.count)
		return 0;
	if (p->projects)
		return put_fields(p, values, flow);
	if (stays && rec == p->run_end) {
		p->run_end += len + 1;
		return 0;
	}
	int r = flush_run(p, flow);
	if (r)
		return r;
	if (!stays)
		return flow_put(flow, rec, len);
	p->run = rec;
	p->run_end = rec + len + 1;
	return 0;
}

static int report_fault(struct picker *p, struct flow *flow)
{
	const struct expr_fault *fault = expr_fault(p->expr);
	struct strbuf where = STRBUF_INIT;

	p->undecided++;
	strbuf_addf(&where, "expression, character %zu", fault->pos + 1);
	int r = record_filter_refuse(&p->rf, where.s, fault->what, flow);
	strbuf_release(&where);
	return r;
}

static int pick(void *self, const struct value *values, const char *rec, size_t len, bool stays, struct flow *flow)
{
	struct picker *p = self;
	uint64_t faults = expr_fault(p->expr)->count;
	bool match = expr_test(p->expr, values);

	if (opts.strict && expr_fault(p->expr)->count != faults)
		return report_fault(p, flow);
	return match != opts.invert ? put(p, values, rec, len, stays, flow) : 0;
}

static int end_batch(void *self, struct flow *flow)
{
	struct picker *p = self;
	char text[JSONOUT_INT_MAX];
	/* 0 would be wrong for a file that does not exist */
	bool nothing = !flow->mark && flow->status && !record_filter_read(&p->rf);

	if (!opts.count || nothing)
		return 0;
	int r = flow_put(flow, text, (size_t)(jsonout_int(text, (int64_t)p->batched) - text));
	p->batched = 0;
	return r;
}

static const struct record_filter_ops ops = {
	.spec = &spec,
	.stream = {.batch = end_batch},
	.begin = begin,
	.record = pick,
	.flush_pending = flush_run,
	.header = on_header,
	.header_hint = " (with --fields it may differ)",
};

static int init_fields(struct picker *p, struct strbuf *err)
{
	const struct project_want want = {.fields = opts.fields,
		.format = (enum records_format)opts.format,
		.header = opts.common.records.header,
		.delim = opts.common.filter.null ? '\0' : '\n'};
	struct strbuf why = STRBUF_INIT;
	int e = project_init(&p->project, &want, p->rf.records, &why);

	if (e < 0)
		strbuf_addf(err, "--fields: %s", why.s);
	strbuf_release(&why);
	return e;
}

/* Compile everything.  OPT_GO, or the exit status after a message. */
static int prepare(struct picker *p, const char *text)
{
	struct strbuf err = STRBUF_INIT;

	if (opts.fields && opts.count)
		return opt_usage_error(&spec, "--count and --fields exclude each other");
	if (opts.format && !opts.fields)
		return opt_usage_error(&spec, "--format is for --fields, which names the fields to print");
	opts.common.records.writes_csv = opts.format == RECORDS_CSV;
	int r = record_filter_open(&p->rf, &ops, p, &opts.common);
	if (r != OPT_GO)
		return r;
	int e = expr_new(&p->expr, text, &err);
	if (e < 0 && access(text, F_OK) == 0) {
		strbuf_clear(&err);
		strbuf_addf(
			&err, "'%s' is a file: EXPR comes before the files, in quotes; true takes all records", text);
	}
	if (e == 0)
		e = records_bind(p->rf.records, p->expr, &err);
	for (size_t i = 0; e == 0 && i < expr_fields(p->expr); i++)
		if (!expr_asks_for(p->expr, i))
			unseen_add(&p->rf.unseen, expr_field(p->expr, i), expr_slot(p->expr, i));
	p->projects = opts.fields;
	if (e == 0 && p->projects)
		e = init_fields(p, &err);
	return record_filter_check(&p->rf, e, &err);
}

/* At the end: report what no message has reported yet and, with --stats, all counts. */
static void report(const struct picker *p)
{
	const struct record_filter *rf = &p->rf;
	const struct expr_fault *fault = expr_fault(p->expr);
	uint64_t faults = fault->count + p->faults;
	const char *last = fault->what ? fault->what : p->fault;

	if (fault->given_up)
		warn("for %" PRIu64 " %s a regular expression took too many steps: neither =~ nor !~ holds for %s",
			fault->given_up, diag_plural(fault->given_up, "string", "strings"),
			diag_plural(fault->given_up, "it", "them"));
	if (!opts.common.stats)
		return;
	warn("%" PRIu64 " %s, %" PRIu64 " matched, %" PRIu64 " malformed, %" PRIu64 " undecided, %" PRIu64 " %s%s%s",
		record_filter_read(rf), diag_plural(record_filter_read(rf), "record", "records"), p->matched,
		rf->malformed, p->undecided, faults, diag_plural(faults, "fault", "faults"), last ? ", the last: " : "",
		last ? last : "");
}

int main(int argc, char **argv)
{
	static struct picker picker;
	char **operands;
	int r = opt_parse(&spec, argc, argv, &operands);
	if (r != OPT_GO)
		return r;
	r = prepare(&picker, operands[0]);
	if (r == OPT_GO) {
		sig_filter();
		r = record_filter_run(&picker.rf, operands + 1);
		/* Nothing matched, and nothing could match: a field is probably misspelt. */
		if (!r && !picker.matched && picker.rf.unseen.count && record_filter_well_formed(&picker.rf))
			r = EXIT_NO;
		report(&picker);
	}
	project_release(&picker.project);
	expr_free(picker.expr);
	record_filter_release(&picker.rf);
	return r;
}
