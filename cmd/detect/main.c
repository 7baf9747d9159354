/*
 * detect: the records that are unusual for their key.
 *
 * Input: records of JSON, TSV or CSV.  Output: those whose score is above the method's limit, with the score; with
 * --all every one.  What a method has learnt until a batch decides on the records in it, so that the same batches give
 * the same bytes; a plain stream has no batches, and each record is judged by all before it.
 */
#include <errno.h>
#include <string.h>

#include "cmd/detect/judge.h"
#include "cmd/detect/report.h"
#include "cmd/detect/state.h"
#include "cmd/detect/tag.h"
#include "cmd/detect/wants.h"
#include "common/base/clock.h"
#include "common/base/sig.h"
#include "common/stream/filter.h"
#include "common/stream/checkpoint.h"

#define UNSET        UINT64_MAX
#define TIME_LONGEST 315360000000000 /* 10,000 years */
#define AHEAD        16              /* records that are looked at before the first of them is decided on */

static struct {
	struct filter_opts filter;
	struct records_opts records;
	struct checkpoint_opts checkpoint;
	struct wants wants;
	uint64_t min_samples, max_keys;
	int64_t cooldown_ms, idle_ms;
	bool all, strict, stats;
} opts = {.wants = {.as = "detect"}, .min_samples = UNSET, .max_keys = 1000000};

/* clang-format off */
static const struct opt options[] = {
	{ .name = "by", .type = OPT_STRING, .dest = &opts.wants.by, .arg = "LIST",
	  .help = "fields that are the key: each key has its own usual; without it all records have one" },
	{ .name = "value", .type = OPT_STRING, .dest = &opts.wants.value, .arg = "FIELD", .help = "the value that is judged" },
	{ .name = "time", .type = OPT_STRING, .dest = &opts.wants.time, .arg = "FIELD",
	  .help = "the time of a record; without it, of a marked stream, that of its batch" },
	{ .key = 'a', .name = "all", .dest = &opts.all, .help = "print every record with its score" },
	{ .name = "as", .type = OPT_STRING, .dest = &opts.wants.as, .arg = "NAME",
	  .help = "name of the member with the score, 'detect' by default" },
	{ .name = "min-samples", .type = OPT_U64, .dest = &opts.min_samples, .arg = "N", .max = INT64_MAX,
	  .help = "records of a key before it is judged; each method has a default" },
	{ .name = "cooldown", .type = OPT_DURATION, .dest = &opts.cooldown_ms, .arg = "TIME", .max = TIME_LONGEST,
	  .help = "print no other unusual record of a key for so long" },
	{ .name = "max-keys", .type = OPT_U64, .dest = &opts.max_keys, .arg = "N", .min = 1, .max = GROUPS_MAX,
	  .help = "keys that are remembered at once, 1000000 by default" },
	{ .name = "idle", .type = OPT_DURATION, .dest = &opts.idle_ms, .arg = "TIME", .max = TIME_LONGEST,
	  .help = "forget a key that has had no record for so long" },
	CHECKPOINT_OPTIONS(&opts.checkpoint),
	RECORDS_OPTIONS(&opts.records),
	{ .name = "strict", .dest = &opts.strict, .help = "a record that can not be judged is an error" },
	{ .name = "stats", .dest = &opts.stats, .help = "print counts on standard error at the end" },
	FILTER_OPTIONS(&opts.filter),
	{0},
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "detect",
	.operands = "METHOD [FILE ...]",
	.summary = "Print the records that are unusual for their key, with a score.",
	.options = options,
	.min_operands = 1,
};

struct detector {
	struct records *records;
	struct judge judge;
	struct tag tag;
	struct report report;
	struct checkpoint checkpoint;
	bool begun;
	struct waiting { /* records of the span, or the last one */
		struct look look;
		const char *rec;
		size_t len;
		struct value own;
	} waiting[AHEAD];
	size_t waiting_count;
};

/* The first header goes out; the columns of all inputs have to be the same. */
static int on_header(struct detector *d, const char *rec, size_t len, struct flow *flow)
{
	const char *taken = tag_taken(&d->tag, d->records);

	if (taken) {
		warn("%s: there is a column '%s' already (see --as)", records_input(d->records), taken);
		return EXIT_DATA;
	}
	if (!d->tag.columns)
		return tag_put_header(&d->tag, rec, len, records_columns(d->records), flow);
	if (records_same_header(d->records))
		return 0;
	warn("%s: its header is not that of the first input", records_input(d->records));
	return EXIT_DATA;
}

static int decide(struct detector *d, struct waiting *w, struct flow *flow)
{
	struct verdict v = judge_decide(&d->judge, &w->look);

	if (v.reason != JUDGED && opts.strict)
		return report_refused(&d->report, v.reason, flow);
	if (!opts.all && (!v.unusual || v.suppressed))
		return 0;
	return tag_put(&d->tag, w->rec, w->len, w->own.type == VALUE_MISSING ? NULL : &w->own, &v, flow);
}

static int decide_all(struct detector *d, struct flow *flow)
{
	int r = 0;

	for (size_t i = 0; i < d->waiting_count; i++)
		judge_ready(&d->judge, &d->waiting[i].look);
	for (size_t i = 0; i < d->waiting_count && r == 0; i++)
		r = decide(d, &d->waiting[i], flow);
	judge_next(&d->judge);
	d->waiting_count = 0;
	return r;
}

/* A record; STAYS: where it is, until the end of the span. */
static int on_record(struct detector *d, const char *rec, size_t len, bool stays, struct flow *flow)
{
	const struct value *values = records_values(d->records);
	struct waiting *w = &d->waiting[d->waiting_count++];

	w->rec = rec;
	w->len = len;
	w->own.type = VALUE_MISSING;
	if (d->tag.own >= 0)
		w->own = values[d->tag.own];
	judge_look(&d->judge, values, &w->look);
	return !stays || d->waiting_count == AHEAD ? decide_all(d, flow) : 0;
}

/* Take all records that there are; those from S to END are within a span. */
static int take(struct detector *d, const char *s, const char *end, struct flow *flow)
{
	const char *rec;
	size_t len;
	int n, r = 0;

	while (r == 0 && (n = records_next(d->records, &rec, &len)) != 0) {
		if (n > 0 && !d->begun)
			tag_begin(&d->tag, records_format(d->records), flow->delim);
		d->begun |= n > 0;
		if (n == 1) {
			/* with --strict the message has the number of the record that was read last */
			bool stays = d->tag.format == RECORDS_JSON && !opts.strict && rec >= s && rec < end;
			r = on_record(d, rec, len, stays, flow);
			continue;
		}
		r = decide_all(d, flow);
		if (r == 0)
			r = n < 0 ? report_unread(&d->report, n, flow) : on_header(d, rec, len, flow);
	}
	return r ? r : decide_all(d, flow);
}

/* What is wrong depends on whether the stream is marked.  0, or an exit status after a message. */
static int check_stream(const struct judge *j, bool marked)
{
	if (marked && j->remembers && !opts.checkpoint.dir)
		return opt_usage_error(&spec,
			"in a marked stream say where to --state what is known after each batch: DIR, or 'none'");
	if (!marked && j->want_time && j->time < 0)
		return opt_usage_error(&spec, "a plain stream has no times: say which field is the --time");
	return 0;
}

static int detect_span(void *self, const char *s, size_t len, struct flow *flow)
{
	struct detector *d = self;
	int r = d->begun ? 0 : check_stream(&d->judge, flow->input_marked);

	if (r)
		return r;
	d->judge.by_records = !flow->input_marked;
	if (!flow->input_marked)
		d->judge.now_ms = clock_epoch_ms(); /* it may go on for days */
	records_span(d->records, s, len, flow);
	return take(d, s, s + len, flow);
}

static int detect_batch(void *self, struct flow *flow)
{
	struct detector *d = self;

	records_end(d->records);
	int r = take(d, NULL, NULL, flow);
	if (!r)
		judge_batch(&d->judge);
	return r;
}

/* The records of a batch lie behind the mark of the one before, whose end is their time. */
static void see(void *self, const struct mark *mark)
{
	((struct detector *)self)->judge.now_ms = mark->end_ms;
}

static int on_state(void *self, enum filter_moment when, const struct mark *mark)
{
	struct detector *d = self;

	return checkpoint_step(&d->checkpoint, when, mark);
}

/* OPT_GO, or an exit status after a message. */
static int prepare(struct detector *d, const char *method)
{
	struct judge *j = &d->judge;
	struct strbuf err = STRBUF_INIT;
	int e = method_parse(&j->rule, method, &err), r = OPT_GO;

	tag_init(&d->tag, opts.wants.as, method);
	if (e == 0)
		e = records_new(&d->records, &opts.records, &opts.filter, &err);
	if (e == 0)
		e = wants_find(&opts.wants, d->records, opts.records.format, j, &d->tag.own, &err);
	if (e < 0)
		r = opt_usage_error(&spec, "%s", err.s);
	strbuf_release(&err);
	if (r != OPT_GO)
		return r;
	d->report.records = d->records;
	j->cooldown_ms = opts.cooldown_ms;
	j->idle_ms = opts.idle_ms;
	j->min_samples = opts.min_samples == UNSET ? method_min_samples(&j->rule) : opts.min_samples;
	j->want_time = method_wants_time(&j->rule) || opts.cooldown_ms || opts.idle_ms;
	j->now_ms = clock_epoch_ms();
	e = judge_begin(j, opts.max_keys);
	if (e < 0)
		die(EXIT_TEMP, "no random numbers: %s", diag_strerror(e));
	return OPT_GO;
}

/* What shapes the state; limits, the cooldown and so on may change at a restart. */
static int open_state(struct detector *d)
{
	struct strbuf query = STRBUF_INIT;

	method_shape(&d->judge.rule, &query);
	strbuf_addf(&query, "; by %s, value %s, time %s", opts.wants.by ? opts.wants.by : "-",
		opts.wants.value ? opts.wants.value : "-", opts.wants.time ? opts.wants.time : "-");
	int r = checkpoint_open(&d->checkpoint, &opts.checkpoint, &state_form, &d->judge, query.s);
	strbuf_release(&query);
	return r ? r : OPT_GO;
}

int main(int argc, char **argv)
{
	static const struct filter filter = {.span = detect_span, .batch = detect_batch, .see = see, .state = on_state};
	static struct detector d;
	char **operands;
	int r = opt_parse(&spec, argc, argv, &operands);

	if (r != OPT_GO)
		return r;
	sig_filter();
	r = prepare(&d, operands[0]);
	if (r == OPT_GO)
		r = open_state(&d);
	if (r == OPT_GO) {
		r = filter_run(&filter, &d, &opts.filter, operands + 1);
		report_end(&d.report, &d.judge, opts.stats);
	}
	checkpoint_release(&d.checkpoint);
	tag_release(&d.tag);
	judge_release(&d.judge);
	records_free(d.records);
	return r;
}
