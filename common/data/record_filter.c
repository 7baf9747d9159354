/* The filter driver for records with fields: see record_filter.h.  Bad records are in record_filter_refuse.c. */
#include "common/data/record_filter.h"

#include <errno.h>
#include <string.h>

#include "common/base/diag.h"

int record_filter_open(struct record_filter *rf, const struct record_filter_ops *ops, void *self,
	const struct record_filter_opts *opts)
{
	struct strbuf err = STRBUF_INIT;

	*rf = (struct record_filter){
		.ops = ops, .self = self, .opts = opts, .aside = {.lines = STRBUF_INIT}, .header = STRBUF_INIT};
	rf->rejects = (struct rejects){.opts = &opts->rejects, .aside = {.lines = STRBUF_INIT}};
	return record_filter_check(rf, records_new(&rf->records, &opts->records, &opts->filter, &err), &err);
}

void record_filter_release(struct record_filter *rf)
{
	if (!rf->ops)
		return;
	(void)!aside_close(&rf->rejects.aside); /* in case the run never began */
	(void)!aside_close(&rf->aside);
	checkpoint_release(&rf->checkpoint);
	unseen_release(&rf->unseen);
	strbuf_release(&rf->header);
	records_free(rf->records);
	rf->records = NULL;
}

int record_filter_check(const struct record_filter *rf, int e, struct strbuf *err)
{
	int r = OPT_GO;

	if (e == -EINVAL) {
		r = opt_usage_error(rf->ops->spec, "%s", err->s);
	} else if (e < 0) {
		warn("%s", err->len ? err->s : diag_strerror(e));
		r = (int)diag_status(e);
	}
	strbuf_release(err);
	return r;
}

/* --- state -------------------------------------------------------------------------------------------------------- */

int record_filter_state(struct record_filter *rf, const struct checkpoint_opts *opts, const struct checkpoint_ops *form,
	void *self, const char *query, const char *needed_by)
{
	rf->needs_state = opts->dir ? NULL : needed_by;
	int r = checkpoint_open(&rf->checkpoint, opts, form, self, query);
	return r ? r : OPT_GO;
}

static int check_state(const struct record_filter *rf, bool marked)
{
	if (!marked)
		return 0;
	if (rf->no_marks)
		return opt_usage_error(rf->ops->spec, "%s", rf->no_marks);
	if (!rf->needs_state)
		return 0;
	return opt_usage_error(rf->ops->spec,
		"%s in a marked stream needs --state DIR, or --state none, which forgets at a restart",
		rf->needs_state);
}

static int on_state(void *arg, enum filter_moment when, const struct mark *mark)
{
	struct record_filter *rf = arg;
	int r = check_state(rf, mark);

	return r ? r : checkpoint_step(&rf->checkpoint, when, mark);
}

/* --- records and headers ------------------------------------------------------------------------------------------ */

int record_filter_put_header(struct record_filter *rf, const char *s, size_t len, struct flow *flow)
{
	if (!rf->header_put) {
		rf->header_put = true;
		strbuf_add(&rf->header, s, len);
		return flow_put(flow, s, len);
	}
	if (records_same_header(rf->records) || (len == rf->header.len && memcmp(s, rf->header.s, len) == 0))
		return 0;
	warn("%s: its header is not that of the first input%s", records_input(rf->records),
		rf->ops->header_hint ? rf->ops->header_hint : "");
	return EXIT_DATA;
}

static int flush_pending(struct record_filter *rf, struct flow *flow)
{
	return rf->ops->flush_pending ? rf->ops->flush_pending(rf->self, flow) : 0;
}

static void begin(struct record_filter *rf, const struct flow *flow)
{
	if (!rf->begun && rf->ops->begin)
		rf->ops->begin(rf->self, records_format(rf->records), flow->delim);
	rf->begun = true;
}

/* Handle a negative result of records_next(): 0 to go on, or an exit status after a message. */
static int take_unread(struct record_filter *rf, int n, struct flow *flow)
{
	const struct records_error *e = records_error(rf->records);

	if (n != -EBADMSG) {
		warn("%s: %s", records_input(rf->records), n == -ENOENT ? e->what : diag_strerror(n));
		return n == -ENOENT ? EXIT_DATA : (int)diag_status(n);
	}
	struct strbuf where = STRBUF_INIT;
	rf->rejects.read++;
	rf->malformed++;
	strbuf_addf(&where, "byte %zu", e->pos + 1);
	int r = record_filter_refuse(rf, where.s, e->what, flow);
	strbuf_release(&where);
	return r;
}

/* Handle a header, or something that cannot be read.  N is the result of records_next(). */
static int take_other(struct record_filter *rf, int n, const char *rec, size_t len, struct flow *flow)
{
	int r = flush_pending(rf, flow);

	if (r)
		return r;
	if (n < 0)
		return take_unread(rf, n, flow);
	begin(rf, flow);
	return rf->ops->header ? rf->ops->header(rf->self, rec, len, flow) : 0;
}

/* The first record of a span was read: find its values.  Their place does not change before the end of the span. */
static const struct value *first_values(struct record_filter *rf, const struct flow *flow)
{
	begin(rf, flow);
	return records_values(rf->records);
}

/* Pass on all records that have been read; those from S to END are within a span. */
static int take(struct record_filter *rf, const char *s, const char *end, struct flow *flow)
{
	const struct record_filter_ops *ops = rf->ops;
	const struct value *values = NULL;
	const char *rec = NULL;
	size_t len = 0;
	int n, r = ops->span ? ops->span(rf->self, s, (size_t)(end - s), flow) : 0;

	while (r == 0 && (n = records_next(rf->records, &rec, &len)) != 0) {
		if (n != 1) {
			r = take_other(rf, n, rec, len, flow);
			continue;
		}
		if (!values)
			values = first_values(rf, flow);
		rf->rejects.read++;
		if (rf->unseen.count)
			unseen_note(&rf->unseen, values);
		r = ops->record(rf->self, values, rec, len, rec >= s && rec < end, flow);
	}
	/* On a plain stream, records before a bad one are still written. */
	int flushed = r == 0 || (r == EXIT_DATA && !flow->input_marked) ? flush_pending(rf, flow) : 0;
	return r ? r : flushed;
}

/* --- the callbacks of the line filter ----------------------------------------------------------------------------- */

static int take_span(void *arg, const char *s, size_t len, struct flow *flow)
{
	struct record_filter *rf = arg;
	int r = check_state(rf, flow->input_marked);

	if (r)
		return r;
	records_span(rf->records, s, len, flow);
	return take(rf, s, s + len, flow);
}

static int end_batch(void *arg, struct flow *flow)
{
	struct record_filter *rf = arg;

	records_end(rf->records);
	int r = take(rf, NULL, NULL, flow);
	if (!r)
		r = rejects_batch(&rf->rejects, flow->mark);
	if (!r && rf->ops->stream.batch)
		r = rf->ops->stream.batch(rf->self, flow);
	rf->batch_began = rf->rejects.read;
	return r ? r : rejects_aside_status(&rf->aside, aside_batch(&rf->aside, flow->mark), &rf->aside_failed);
}

static int end_all(void *arg, struct flow *flow)
{
	struct record_filter *rf = arg;
	return rf->ops->stream.end(rf->self, flow);
}

static int on_idle(void *arg, struct flow *flow)
{
	struct record_filter *rf = arg;
	return rf->ops->stream.idle(rf->self, flow);
}

static void on_see(void *arg, const struct mark *mark)
{
	struct record_filter *rf = arg;
	rf->ops->stream.see(rf->self, mark);
}

static int on_mark(void *arg, const struct mark *mark, struct flow *flow)
{
	struct record_filter *rf = arg;
	return rf->ops->stream.mark(rf->self, mark, flow);
}

static struct filter stream_of(const struct record_filter *rf)
{
	struct filter filter = rf->ops->stream;

	filter.span = take_span;
	filter.record = NULL;
	filter.state = on_state;
	filter.batch = end_batch;
	filter.end = filter.end ? end_all : NULL;
	filter.idle = filter.idle ? on_idle : NULL;
	filter.see = filter.see ? on_see : NULL;
	filter.mark = filter.mark ? on_mark : NULL;
	return filter;
}

int record_filter_run(struct record_filter *rf, char **operands)
{
	const struct filter filter = stream_of(rf);
	int r = rejects_open(&rf->rejects, &rf->opts->rejects, rf->ops->spec, operands);

	if (r == OPT_GO && aside_same(&rf->rejects.aside, &rf->aside))
		r = opt_usage_error(rf->ops->spec, "the file of --rejects is also that of --late");
	int status = r == OPT_GO ? filter_run(&filter, rf, &rf->opts->filter, operands) : r;
	if (status <= EXIT_NO)
		unseen_report(&rf->unseen, record_filter_well_formed(rf));
	status = rejects_end(&rf->rejects, status);
	r = rejects_aside_status(&rf->aside, aside_close(&rf->aside), &rf->aside_failed);
	return r > status ? r : status;
}
