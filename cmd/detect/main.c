/*
 * detect: the records that are unusual for their key.
 *
 * Input: records of JSON, TSV or CSV.  Output: those whose score is above the method's limit, with the score; with
 * --all every record.  The records of a batch are judged by what the method has learnt in the batches before, so that
 * the same batches give the same bytes; a plain stream has no batches, and each record is judged by all before it.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd/detect/judge.h"
#include "cmd/detect/report.h"
#include "cmd/detect/state.h"
#include "cmd/detect/tag.h"
#include "cmd/detect/wants.h"
#include "common/base/clock.h"
#include "common/base/sig.h"
#include "common/data/record_filter.h"

#define UNSET        UINT64_MAX
#define TIME_LONGEST 315360000000000 /* 10,000 years */

static struct {
	struct record_filter_opts common;
	struct checkpoint_opts checkpoint;
	struct wants wants;
	uint64_t min_samples, max_keys;
	int64_t cooldown_ms, idle_ms;
	bool all, strict;
} opts = {.wants = {.as = "detect"}, .min_samples = UNSET, .max_keys = 1000000};

/* clang-format off */
static const struct opt options[] = {
	{ .key = 'g', .name = "by", .type = OPT_STRING, .dest = &opts.wants.by, .arg = "LIST",
	  .help = "key fields: records are compared within their key; by default all records together" },
	{ .name = "value", .type = OPT_STRING, .dest = &opts.wants.value, .arg = "FIELD", .help = "the value to judge" },
	{ .name = "time", .type = OPT_STRING, .dest = &opts.wants.time, .arg = "TIME",
	  .help = "the time of a record: a field, FORMAT@FIELD, an expression, or now (the default for marked streams)" },
	{ .key = 'a', .name = "all", .dest = &opts.all, .help = "print every record with its score" },
	{ .name = "as", .type = OPT_STRING, .dest = &opts.wants.as, .arg = "NAME",
	  .help = "name of the member with the score, 'detect' by default" },
	{ .name = "min-samples", .type = OPT_U64, .dest = &opts.min_samples, .arg = "N", .max = INT64_MAX,
	  .help = "records of a key before the first is judged; each method has a default" },
	{ .name = "cooldown", .type = OPT_DURATION, .dest = &opts.cooldown_ms, .arg = "DURATION", .max = TIME_LONGEST,
	  .help = "print no other unusual record of a key for this time" },
	{ .name = "max-keys", .type = OPT_U64, .dest = &opts.max_keys, .arg = "N", .min = 1, .max = GROUPS_MAX,
	  .help = "how many keys to remember, 1000000 by default" },
	{ .name = "key-ttl", .type = OPT_DURATION, .dest = &opts.idle_ms, .arg = "DURATION", .max = TIME_LONGEST,
	  .help = "forget a key that has had no record for this time" },
	CHECKPOINT_OPTIONS(&opts.checkpoint),
	{ .name = "strict", .dest = &opts.strict, .help = "treat a record that cannot be judged as bad" },
	RECORD_FILTER_OPTIONS(&opts.common, "error"),
	{0},
};
static const struct hint hints[] = {
	BY_HINTS,
	{ "--field", "the field that is judged is --value" },
	{ "--fields", "the field that is judged is --value" },
	{ "--column", "the field that is judged is --value" },
	{ "--method", "METHOD is the first operand, as in 'zscore 4'" },
	{ "-m", "METHOD is the first operand, as in 'zscore 4'" },
	{ "--limit", "parameters come after the method, as in 'zscore 4'" },
	{ "--threshold", "parameters come after the method, as in 'zscore 4'" },
	{ "--window", "parameters come after the method, as in 'velocity count 1m 5'" },
	{ "--where", "`weir filter EXPR` before it chooses records" },
	{ "--warmup", "--min-samples says how many records a key has before it is judged" },
	RECORDS_HINTS,
	{0},
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "detect",
	.looks = true,
	.operands = "METHOD [FILE ...]",
	.summary = "Print the records that are unusual for their key, with a score.",
	.example = "weir detect --by .card --time .ts --cooldown 10m \\\n"
		   "    'velocity count 1m 5' payments.ndjson",
	.more = method_help,
	.options = options,
	.hints = hints,
	.min_operands = 1,
};

struct detector {
	struct record_filter rf;
	struct judge judge;
	struct tag tag;
	struct waiting { /* records of the span, or only the last one */
		struct look look;
		const char *rec;
		size_t len;
		struct value own;
	} waiting[GROUPS_PREFETCH];
	size_t waiting_count;
};

static void begin(void *self, enum records_format format, char delim)
{
	struct detector *d = self;

	tag_begin(&d->tag, format, records_separator(d->rf.records, format == RECORDS_CSV), delim);
}

/* Write the header with our columns added. */
static int on_header(void *self, const char *rec, size_t len, struct flow *flow)
{
	struct detector *d = self;
	const char *taken = tag_taken(&d->tag, d->rf.records);
	struct strbuf names = STRBUF_INIT;

	if (taken) {
		warn("%s: there is a column '%s' already (see --as)", records_input(d->rf.records), taken);
		return EXIT_DATA;
	}
	tag_header(&d->tag, rec, len, &names);
	int r = record_filter_put_header(&d->rf, names.s, names.len, flow);
	strbuf_release(&names);
	return r;
}

/* A record without a usable time is always left out; when bad records are rejected, it counts as one of them. */
static bool is_bad(enum reason reason)
{
	if (reason == NO_TIME || reason == FUTURE || reason == LATE)
		return opts.strict || opts.common.rejects.fate != REJECTS_ERROR;
	return reason != JUDGED && opts.strict;
}

static int decide(struct detector *d, struct waiting *w, struct flow *flow)
{
	struct verdict v = judge_decide(&d->judge, &w->look);

	if (is_bad(v.reason))
		return record_filter_refuse(&d->rf, NULL, judge_reason(v.reason), flow);
	if (!opts.all && (!v.unusual || v.suppressed))
		return 0;
	return tag_put(&d->tag, w->rec, w->len, w->own.type == VALUE_MISSING ? NULL : &w->own, &v, flow);
}

static int decide_all(void *self, struct flow *flow)
{
	struct detector *d = self;
	int r = 0;

	judge_ready(&d->judge);
	for (size_t i = 0; i < d->waiting_count && r == 0; i++)
		r = decide(d, &d->waiting[i], flow);
	judge_next(&d->judge);
	d->waiting_count = 0;
	return r;
}

static int on_record(void *self, const struct value *values, const char *rec, size_t len, bool stays, struct flow *flow)
{
	struct detector *d = self;
	struct waiting *w = &d->waiting[d->waiting_count++];

	w->rec = rec;
	w->len = len;
	w->own.type = VALUE_MISSING;
	if (d->tag.own >= 0)
		w->own = values[d->tag.own];
	judge_prepare(&d->judge, values, &w->look);
	/* only the record that was read last can be refused */
	stays = stays && d->tag.format == RECORDS_JSON && !opts.strict && !record_filter_goes_on(&d->rf);
	return !stays || d->waiting_count == GROUPS_PREFETCH ? decide_all(d, flow) : 0;
}

static int on_span(void *self, const char *s, size_t len, struct flow *flow)
{
	struct detector *d = self;
	struct judge *j = &d->judge;

	(void)len;
	j->by_records = !flow->input_marked;
	if (flow->input_marked)
		return 0;
	if (s && j->want_time && !opts.wants.time)
		return opt_usage_error(
			&spec, "a plain stream has no times: say which field is the --time, or that it is now");
	j->now_ms = clock_epoch_ms(); /* the run may last for days */
	return 0;
}

static int end_batch(void *self, struct flow *flow)
{
	struct detector *d = self;

	(void)flow;
	judge_batch(&d->judge);
	return 0;
}

/* The records of a batch follow the mark of the one before, whose end is their time. */
static void see(void *self, const struct mark *mark)
{
	((struct detector *)self)->judge.now_ms = mark->end_ms;
}

static const struct record_filter_ops ops = {
	.spec = &spec,
	.stream = {.batch = end_batch, .see = see},
	.begin = begin,
	.span = on_span,
	.record = on_record,
	.flush_pending = decide_all,
	.header = on_header,
};

/*
 * Recognise a METHOD in OPERANDS that the shell has split because it was not quoted: `zscore 4 FILE`, `new .a FILE`; a
 * file may come before it.  OPT_GO, or an exit status after a message.
 */
static int check_operands(char **operands)
{
	const char *method = operands[0], *next = operands[1];

	if (access(method, F_OK) == 0)
		return opt_usage_error(&spec, "'%s' is a file: METHOD comes before the files", method);
	if (!next || !strchr(".$-0123456789", *next) || strcmp(next, "-") == 0 || access(next, F_OK) == 0)
		return OPT_GO;
	return opt_usage_error(
		&spec, "'%s' is not a file; METHOD is one operand, in quotes: '%s %s'", next, method, next);
}

/* OPT_GO, or an exit status after a message. */
static int prepare(struct detector *d, const char *method)
{
	struct judge *j = &d->judge;
	struct strbuf err = STRBUF_INIT;
	int r = record_filter_open(&d->rf, &ops, d, &opts.common);

	tag_init(&d->tag, opts.wants.as, method);
	if (r != OPT_GO)
		return r;
	int e = method_parse(&j->rule, method, &err);
	if (e == 0)
		e = wants_find(&opts.wants, d->rf.records, opts.common.records.format, j, &d->tag.own, &err);
	r = record_filter_check(&d->rf, e, &err);
	if (r != OPT_GO)
		return r;
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

/* The first option that needs state across a restart; NULL: none. */
static const char *what_remembers(const struct judge *j, const char *method)
{
	if (!j->remembers)
		return NULL;
	return method_remembers(&j->rule) ? method : j->cooldown_ms ? "--cooldown" : "--min-samples";
}

/* Name everything on which the state depends; limits, the cooldown and so on may change at a restart. */
static int open_state(struct detector *d, const char *method)
{
	struct strbuf query = STRBUF_INIT;

	method_shape(&d->judge.rule, &query);
	strbuf_addf(&query, "; by %s, value %s, time %s", opts.wants.by ? opts.wants.by : "-",
		opts.wants.value ? opts.wants.value : "-", opts.wants.time ? opts.wants.time : "-");
	int r = record_filter_state(
		&d->rf, &opts.checkpoint, &state_form, &d->judge, query.s, what_remembers(&d->judge, method));
	strbuf_release(&query);
	return r;
}

int main(int argc, char **argv)
{
	static struct detector d;
	char **operands;
	int r = opt_parse(&spec, argc, argv, &operands);

	if (r != OPT_GO)
		return r;
	sig_filter();
	r = check_operands(operands);
	if (r == OPT_GO)
		r = prepare(&d, operands[0]);
	if (r == OPT_GO)
		r = open_state(&d, operands[0]);
	if (r == OPT_GO) {
		r = record_filter_run(&d.rf, operands + 1);
		int unjudged = report(&d.rf, &d.judge);
		r = r ? r : unjudged;
	}
	tag_release(&d.tag);
	judge_release(&d.judge);
	record_filter_release(&d.rf);
	return r;
}
