/*
 * filter: the records that match an expression.
 *
 * Input: records of JSON, TSV or CSV.  Output: those for which the expression holds, unchanged, or some fields of them.
 * What can not be read or, with --strict, not be decided ends a marked stream before its batch is acknowledged; a plain
 * stream goes on without it, and the exit status is 65.
 */
#include <errno.h>
#include <string.h>

#include "cmd/filter/project.h"
#include "cmd/filter/report.h"
#include "common/base/sig.h"
#include "common/data/expr.h"
#include "common/data/jsonout.h"
#include "common/data/records.h"
#include "common/stream/filter.h"

static struct {
	struct filter_opts filter;
	struct records_opts records;
	const char *fields;
	int format;
	bool invert, count, stats, strict;
} opts;

static const struct opt options[] = {
	{.key = 'v', .name = "invert", .dest = &opts.invert, .help = "the records that do not match"},
	{.key = 'c', .name = "count", .dest = &opts.count, .help = "print only how many match (of each batch)"},
	{.name = "fields",
		.type = OPT_STRING,
		.dest = &opts.fields,
		.arg = "LIST",
		.help = "print only these fields: .a,.b or $1,$2"},
	{.name = "format",
		.type = OPT_CHOICE,
		.dest = &opts.format,
		.arg = "auto|json|tsv|csv",
		.help = "how to print them; auto: as the input"},
	RECORDS_OPTIONS(&opts.records),
	{.name = "strict",
		.dest = &opts.strict,
		.help = "an error where values of unlike types are compared, or nothing can be computed"},
	{.name = "stats", .dest = &opts.stats, .help = "print counts on standard error at the end"},
	FILTER_OPTIONS(&opts.filter),
	{0},
};

static const struct opt_spec spec = {
	.program = "filter",
	.operands = "EXPR [FILE ...]",
	.summary = "Print the records of JSON, TSV or CSV that match an expression.",
	.options = options,
	.min_operands = 1,
};

struct picker {
	struct records *records;
	struct expr *expr;
	struct project project;
	bool projects, projecting; /* --fields; its format is settled */
	const char *run, *run_end; /* records of the span that match and lie one behind the other */
	struct strbuf header;      /* that was written */
	uint64_t batched;          /* records that matched in this batch */
	struct report report;
};

/* Print the records that match so far. */
static int flush_run(struct picker *p, struct flow *flow)
{
	size_t len = (size_t)(p->run_end - p->run);
	const char *run = p->run;

	p->run = p->run_end = NULL;
	return len ? flow_put_span(flow, run, len) : 0;
}

static int put_fields(struct picker *p, const struct value *values, struct flow *flow)
{
	if (!p->projecting)
		project_begin(&p->project, records_format(p->records));
	p->projecting = true;
	char *to = flow_reserve(flow, project_room(&p->project, values) + 1);
	if (!to)
		return FLOW_STOP;
	char *end = project_write(&p->project, values, to);
	/* JSON and TSV have an escape for LF, TSV has none for NUL; CSV may hold both, but not in a marked stream. */
	bool risk = p->project.format == RECORDS_TSV ? flow->delim != '\n' : flow->input_marked;
	if (risk && memchr(to, flow->delim, (size_t)(end - to)))
		return report_field(&p->report, flow);
	*end++ = flow->delim;
	return flow_commit(flow, (size_t)(end - to));
}

/* The header of an input: the first one is printed, and others have to be the same when records go out as they are. */
static int on_header(struct picker *p, const char *rec, size_t len, struct flow *flow)
{
	bool first = !p->header.len;

	if (p->projects && !p->projecting)
		project_begin(&p->project, records_format(p->records));
	p->projecting = p->projects;
	if (opts.count || (p->projects && (!first || p->project.format == RECORDS_JSON)))
		return 0;
	if (p->projects)
		project_header(&p->project, &p->header);
	else if (first)
		strbuf_add(&p->header, rec, len);
	if (first)
		return flow_put(flow, p->header.s, p->header.len);
	if (records_same_header(p->records))
		return 0;
	warn("%s: its header is not that of the first input (with --fields it may differ)", records_input(p->records));
	return EXIT_DATA;
}

/* A record that is to be printed. */
static int put(struct picker *p, const char *rec, size_t len, bool in_span, struct flow *flow)
{
	p->report.matched++;
	p->batched++;
	if (opts.count)
		return 0;
	if (p->projects)
		return put_fields(p, records_values(p->records), flow);
	if (in_span && rec == p->run_end) {
		p->run_end += len + 1;
		return 0;
	}
	int r = flush_run(p, flow);
	if (r)
		return r;
	if (!in_span)
		return flow_put(flow, rec, len);
	p->run = rec;
	p->run_end = rec + len + 1;
	return 0;
}

/* Take all records that there are; those from S to END are within a span. */
static int take(struct picker *p, const char *s, const char *end, struct flow *flow)
{
	const char *rec;
	size_t len;
	int n, r = 0;

	while (r == 0 && (n = records_next(p->records, &rec, &len)) != 0) {
		if (n < 0) {
			r = report_unread(&p->report, n, flow);
			continue;
		}
		if (n == 2) {
			r = on_header(p, rec, len, flow);
			continue;
		}
		uint64_t faults = expr_fault(p->expr)->count;
		bool match = expr_test(p->expr, records_values(p->records));
		p->report.read++;
		if (opts.strict && expr_fault(p->expr)->count != faults)
			r = report_fault(&p->report, flow);
		else if (match != opts.invert)
			r = put(p, rec, len, rec >= s && rec < end, flow);
	}
	int flushed = flush_run(p, flow);
	return r ? r : flushed;
}

static int pick_span(void *self, const char *s, size_t len, struct flow *flow)
{
	struct picker *p = self;

	records_span(p->records, s, len, flow);
	return take(p, s, s + len, flow);
}

static int pick_batch(void *self, struct flow *flow)
{
	struct picker *p = self;
	char text[JSONOUT_INT_MAX];

	records_end(p->records);
	int r = take(p, NULL, NULL, flow);
	/* 0 of a file that is not there would be a lie */
	bool nothing = !flow->mark && flow->status && !p->report.read;
	if (r || !opts.count || nothing)
		return r;
	r = flow_put(flow, text, (size_t)(jsonout_int(text, (int64_t)p->batched) - text));
	p->batched = 0;
	return r;
}

/* Compile everything.  OPT_GO, or the exit status after a message. */
static int prepare(struct picker *p, const char *text)
{
	struct strbuf err = STRBUF_INIT;
	int r = OPT_GO, e;

	if (opts.fields && opts.count)
		return opt_usage_error(&spec, "--count and --fields exclude each other");
	if (opts.format && !opts.fields)
		return opt_usage_error(&spec, "--format is for --fields");
	e = records_new(&p->records, &opts.records, &opts.filter, &err);
	if (e == 0)
		e = expr_new(&p->expr, text, &err);
	if (e == 0)
		e = records_bind(p->records, p->expr, &err);
	p->projects = e == 0 && opts.fields;
	if (p->projects)
		e = project_init(&p->project, opts.fields, (enum records_format)opts.format, p->records,
			opts.records.header, opts.filter.null ? '\0' : '\n', &err);
	if (e == -EINVAL)
		r = opt_usage_error(&spec, "%s%s", p->projects ? "--fields: " : "", err.s);
	else if (e < 0) {
		warn("%s", diag_strerror(e));
		r = diag_status(e);
	}
	p->report.records = p->records;
	p->report.expr = p->expr;
	strbuf_release(&err);
	return r;
}

int main(int argc, char **argv)
{
	static const struct filter filter = {.span = pick_span, .batch = pick_batch};
	struct picker picker = {.header = STRBUF_INIT};
	char **operands;
	int r = opt_parse(&spec, argc, argv, &operands);
	if (r != OPT_GO)
		return r;
	r = prepare(&picker, operands[0]);
	if (r == OPT_GO) {
		sig_filter();
		r = filter_run(&filter, &picker, &opts.filter, operands + 1);
		report_end(&picker.report, opts.stats);
	}
	project_release(&picker.project);
	strbuf_release(&picker.header);
	expr_free(picker.expr);
	records_free(picker.records);
	return r;
}
