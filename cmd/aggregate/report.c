/* Messages about records that could not be used: see report.h. */
#include "cmd/aggregate/report.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/data/time.h"
#include "common/stream/mark_offsets.h"

/* Report the record's first fault of a kind.  *NAMED: the record was already named for another fault. */
static int report_kind(struct aggregate *a, enum fault fault, uint64_t number, bool *named, struct flow *flow)
{
	const char *metric = a->query.faults.of[fault].metric, *what = a->query.faults.of[fault].what;
	struct first_fault *first = &a->first_fault[fault];
	int r = 0;

	a->query.faults.of[fault].metric = NULL;
	if (!metric)
		return 0;
	if (!first->metric)
		*first = (struct first_fault){.metric = xstrdup(metric),
			.input = xstrdup(records_input(a->rf.records)),
			.what = what,
			.record = number};
	if (a->opts->strict && !*named)
		r = record_filter_refuse_number(&a->rf, number, metric, what, flow);
	*named = true;
	return r;
}

int report_fault(struct aggregate *a, uint64_t number, struct flow *flow)
{
	bool named = false;
	int r = report_kind(a, FAULT_NUMBER, number, &named, flow);
	int s = report_kind(a, FAULT_COMPUTE, number, &named, flow);

	return r ? r : s;
}

int report_unfit(struct aggregate *a, struct flow *flow)
{
	const struct faults *f = &a->query.faults;
	enum fault first = f->of[FAULT_NUMBER].metric ? FAULT_NUMBER : FAULT_COMPUTE;
	int r = record_filter_refuse(&a->rf, f->of[first].metric, f->of[first].what, flow);

	a->query.faults.of[FAULT_NUMBER].metric = a->query.faults.of[FAULT_COMPUTE].metric = NULL;
	return r;
}

/* Whether the record counts as a bad record: with --strict, and when bad records are rejected. */
static bool is_bad(const struct aggregate *a)
{
	return a->opts->strict || record_filter_goes_on(&a->rf);
}

int report_untimed(struct aggregate *a, struct flow *flow)
{
	a->count.untimed++;
	return is_bad(a) ? record_filter_refuse(&a->rf, "--time", "this is not a time", flow) : 0;
}

int report_future(struct aggregate *a, struct flow *flow)
{
	a->count.future++;
	return record_filter_goes_on(&a->rf)
		       ? record_filter_refuse(&a->rf, "--max-ahead", "its time has not come", flow)
		       : 0;
}

int report_beyond(struct aggregate *a, struct flow *flow)
{
	a->count.beyond++;
	return is_bad(a)
		       ? record_filter_refuse(&a->rf, "--window", "its window is not within the years 1 to 9999", flow)
		       : 0;
}

int report_bad(struct aggregate *a, const char *what, struct flow *flow)
{
	a->rf.malformed++;
	return record_filter_refuse(&a->rf, NULL, what, flow);
}

bool report_open(const char *input)
{
	struct stat st;
	bool is_stdin = strcmp(input, "standard input") == 0;
	int r = is_stdin ? fstat(STDIN_FILENO, &st) : stat(input, &st);

	if (r == 0 && S_ISREG(st.st_mode))
		return false;
	warn("%s: windows stay open, and their rows wait, until it ends; with --lateness they are closed as time goes "
	     "on",
		input);
	return true;
}

void report_held(const struct mark *mark, int64_t source_ms)
{
	struct strbuf of = STRBUF_INIT;
	char at[TIME_RFC3339_SIZE];
	struct timespec t;

	if (!ranges_slowest_text(mark, &of))
		strbuf_addstr(&of, "the source");
	if (source_ms && time_from_epoch(source_ms, TIME_MS, &t) == 0 && time_write_rfc3339(&t, at))
		warn("windows that ended more than an hour ago, by the times of records, are open: %s has records "
		     "left and is at %s by their timestamps (--watermark event does not wait for that)",
			of.s, at);
	else
		warn("windows that ended more than an hour ago, by the times of records, are open: %s has records "
		     "left, and none with a timestamp was read yet (--watermark event does not wait for that)",
			of.s);
	strbuf_release(&of);
}

int report_full(struct aggregate *a, uint64_t number)
{
	warn("%s: record %" PRIu64 " begins one more group than %" PRIu64 " (--max-groups)",
		records_input(a->rf.records), number, a->opts->max_groups);
	return EXIT_TEMP;
}

/* Print N records, with their share, and the singular or plural text. */
static void say_share(const struct aggregate *a, uint64_t n, const char *one, const char *many)
{
	struct strbuf share = STRBUF_INIT;

	rejects_add_share(&a->rf.rejects, n, &share);
	warn("%s %s", share.s, diag_plural(n, one, many));
	strbuf_release(&share);
}

static void say_faults(const struct aggregate *a)
{
	const struct first_fault *first = a->first_fault;
	uint64_t n = a->query.faults.of[FAULT_NUMBER].count, k = a->query.faults.of[FAULT_COMPUTE].count;

	if (n)
		warn("%" PRIu64 " %s left out; the first: %s: record %" PRIu64 ", %s", n,
			diag_plural(n, "value was not a number and was", "values were not numbers and were"),
			first->input, first->record, first->metric);
	first++;
	if (k)
		warn("%" PRIu64 " %s; the first: %s: record %" PRIu64 ", %s: %s", k,
			diag_plural(k, "value could not be computed", "values could not be computed"), first->input,
			first->record, first->metric, first->what);
}

static bool drops_late(const struct aggregate *a)
{
	return !a->opts->late || strcmp(a->opts->late, "drop") == 0;
}

static void report_late(const struct aggregate *a, uint64_t n)
{
	struct strbuf share = STRBUF_INIT;
	const char *fate = a->keeps_late   ? diag_plural(n, "written as a late one", "written as late ones")
			   : drops_late(a) ? "left out"
					   : "kept aside";

	if (!n)
		return;
	rejects_add_share(&a->rf.rejects, n, &share);
	warn("%s came after %s windows had been closed (--lateness) and %s %s", share.s, diag_plural(n, "its", "their"),
		diag_plural(n, "was", "were"), fate);
	strbuf_release(&share);
}

/* Report what --strict would have made an error. */
static void report_lenient(const struct aggregate *a)
{
	const struct emit *e = &a->emit;

	say_faults(a);
	if (e->undecided)
		warn("--having could not be computed for %" PRIu64 " %s: %s", e->undecided,
			diag_plural(e->undecided, "row", "rows"), expr_fault(e->having)->what);
	if (a->count.untimed)
		say_share(a, a->count.untimed, "was without a time that can be read and was left out (--time)",
			"were without a time that can be read and were left out (--time)");
	if (a->count.beyond)
		say_share(a, a->count.beyond, "was in a window that is not within the years 1 to 9999 and was left out",
			"were in windows that are not within the years 1 to 9999 and were left out");
}

int aggregate_report(const struct aggregate *a)
{
	const struct counts *n = &a->count;

	if (!a->opts->strict)
		report_lenient(a);
	if (a->set.other && a->set.overflowed)
		warn("%" PRIu64 " %s of groups beyond --max-groups went to 'other'", a->set.overflowed,
			diag_plural(a->set.overflowed, "record", "records"));
	if (n->future)
		say_share(a, n->future, "was from the future and was left out (--max-ahead)",
			"were from the future and were left out (--max-ahead)");
	report_late(a, n->late);
	if (a->opts->common.stats)
		warn("records %" PRIu64 ", malformed %" PRIu64 ", values left out %" PRIu64
		     ", beyond --max-groups %" PRIu64 ", late %" PRIu64 ", without a time %" PRIu64
		     ", beyond the years 1 to 9999 %" PRIu64 ", from the future %" PRIu64,
			record_filter_read(&a->rf), a->rf.malformed, faults_count(&a->query.faults), a->set.overflowed,
			n->late, n->untimed, n->beyond, n->future);
	return n->untimed || n->beyond || n->future || (n->late && !a->keeps_late) ? EXIT_NO : 0;
}
