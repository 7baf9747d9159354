/* A program's place in a marked stream: see hop.h. */
#include "common/stream/hop.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/stream/poison.h"
#include "common/stream/scan.h"

#define PATIENCE_MS 10000 /* how long to wait for the mark of a batch of which a record was refused */

void hop_init(struct hop *hop, const struct filter *filter, void *self, struct flow *flow)
{
	struct stat st;
	*hop = (struct hop){.filter = filter, .self = self, .flow = flow, .ack = ACK_INIT};
	bool pipe = fstat(STDOUT_FILENO, &st) == 0 && S_ISFIFO(st.st_mode);
	hop->last = filter->last || (!filter->mark && !pipe);
	flow->marked = !filter->mark && !hop->last;
	flow->headers = hop->last && isatty(STDOUT_FILENO);
	snprintf(hop->by, sizeof hop->by, "%s", "the source");
}

void hop_release(struct hop *hop)
{
	ack_release(&hop->ack);
}

int hop_deliver(const struct filter *filter, void *self, const char *s, size_t len, struct flow *flow)
{
	if (filter->span)
		return filter->span(self, s, len, flow);
	const char *end = s + len;
	while (s < end) {
		const char *d = memchr(s, flow->delim, (size_t)(end - s));
		int r = filter->record(self, s, (size_t)(d - s), flow);
		if (r > 0)
			flow_refuse(flow, s, (size_t)(d - s));
		if (r)
			return r;
		flow->records++;
		s = d + 1;
	}
	return 0;
}

static int damaged(const struct hop *hop, const char *what)
{
	warn("%s: a command between '%s' and '%s' changes the stream; run it with `weir each`", what, hop->by,
		diag_name());
	return EXIT_DATA;
}

int filter_ack_failed(int err)
{
	if (err == -EPERM) {
		warn("the stream names an acknowledgement socket that no program of this user has made: it is forged");
		return EXIT_DATA;
	}
	warn("cannot acknowledge to consume: %s", diag_strerror(err));
	return EXIT_TEMP;
}

/* This program is the last one of its pipeline: act as a sink without positions. */
static int answer(struct hop *hop, const struct mark *mark)
{
	int r = 0;
	switch (mark->kind) {
	case MARK_START:
		r = ack_hello(&hop->ack, mark, &(struct ack_greeting){.program = diag_name()});
		break;
	case MARK_QUERY:
		r = ack_at(&hop->ack, mark->batch, ",\"at\":{}", NULL);
		break;
	case MARK_BATCH:
		if ((mark_moves(mark) && flow_header(hop->flow)) || outbuf_flush(&hop->flow->out) < 0)
			return FLOW_STOP;
		r = ack_seen(&hop->ack, mark->batch);
		if (!r)
			r = ack_done(&hop->ack, mark->batch, NULL);
		break;
	case MARK_RESUME:
	case MARK_FINAL:
		break;
	}
	return r < 0 ? filter_ack_failed(r) : 0;
}

static int pass_on(struct hop *hop, const struct mark *mark)
{
	if (hop->filter->mark)
		return hop->filter->mark(hop->self, mark, hop->flow);
	return hop->last ? answer(hop, mark) : flow_put_mark(hop->flow, mark, diag_name());
}

/*
 * Whether MARK has the expected number.  Only the number shows when a whole batch was dropped together with its mark.
 */
static bool in_turn(const struct hop *hop, const struct mark *mark)
{
	uint64_t due = mark->kind == MARK_BATCH ? hop->batch + 1 : hop->batch;
	return mark->batch == due || !hop->cut;
}

/* Check that MARK is allowed here; if not, a message and an exit status. */
static int check(struct hop *hop, const struct mark *mark)
{
	if (hop->finished)
		return damaged(hop, "something follows the final mark");
	if (hop->started == (mark->kind == MARK_START) || (hop->started && mark->run != hop->run))
		return damaged(hop, "a mark stands where it does not belong");
	if (mark->n == hop->read && in_turn(hop, mark))
		return 0;
	if (mark->n == hop->read) {
		warn("a mark of batch %" PRIu64 " comes after batch %" PRIu64 ": a command between '%s' and '%s' drops "
		     "batches or changes their order; run it with `weir each`",
			mark->batch, hop->batch, mark->by, diag_name());
		return EXIT_DATA;
	}
	warn("the mark of batch %" PRIu64 " counts %" PRIu64 " records, but %" PRIu64
	     " came: a command between '%s' and '%s' "
	     "does not know marks; run it with `weir each`",
		mark->batch, mark->n, hop->read, mark->by, diag_name());
	return EXIT_DATA;
}

void hop_refuse(struct hop *hop, int status)
{
	hop->refused = status;
	patience_begin(&hop->wait, clock_ms());
}

bool hop_refused(const struct hop *hop)
{
	return hop->refused;
}

bool hop_patience_over(struct hop *hop)
{
	if (!hop->refused)
		return false;
	enum patience_state p = patience_ask(&hop->wait, PATIENCE_MS, clock_ms());
	if (p == PATIENCE_TELL)
		warn("reading on to the end of the batch, which says where that record came from");
	return p == PATIENCE_OVER;
}

/*
 * Whether the filter is called for MARK, a B or F.  The filter is not called at a B that moves no position: no position
 * would show whether the rows that it writes were committed, and a changed state could not be distinguished from the
 * one before.  Whatever is due waits for the next B that moves a position.
 */
static bool is_due(const struct hop *hop, const struct mark *mark)
{
	return hop->open || (mark->kind == MARK_BATCH && mark_moves(mark));
}

/* The end of a batch: the filter's output for it goes before the mark. */
static int end_batch(struct hop *hop, const struct mark *mark)
{
	int r = 0;
	bool final = mark->kind == MARK_FINAL;
	hop->flow->mark = mark;
	if (hop->filter->batch && is_due(hop, mark))
		r = hop->filter->batch(hop->self, hop->flow);
	if (!r && final && hop->filter->end)
		r = hop->filter->end(hop->self, hop->flow);
	hop->open = false;
	if (r == EXIT_DATA)
		poison_report(hop->flow, mark);
	return r;
}

static int on_mark(struct hop *hop, const char *s, size_t len)
{
	struct mark mark;
	int r = mark_parse(s, len, &mark);
	if (r == -EPROTONOSUPPORT) {
		warn("the stream has marks of a version other than %d", MARK_VERSION);
		return EXIT_DATA;
	}
	if (r < 0)
		return damaged(hop, "a mark is damaged");
	if (hop->refused) {
		poison_report(hop->flow, &mark);
		return hop->refused;
	}
	if ((r = check(hop, &mark)))
		return r;
	memcpy(hop->by, mark.by, sizeof hop->by);
	hop->started = true;
	hop->run = mark.run;
	hop->read = 0;
	if (mark.kind == MARK_BATCH) {
		hop->cut = true;
		hop->batch = mark.batch;
	}
	if (hop->filter->see)
		hop->filter->see(hop->self, &mark);
	if (mark.kind == MARK_BATCH || mark.kind == MARK_FINAL)
		r = end_batch(hop, &mark);
	if (!r && hop->filter->state && (mark.kind == MARK_BATCH || mark.kind == MARK_RESUME))
		r = hop->filter->state(hop->self, mark.kind == MARK_BATCH ? FILTER_BATCH : FILTER_RESUME, &mark);
	if (!r)
		r = pass_on(hop, &mark);
	hop->flow->mark = NULL;
	hop->finished = mark.kind == MARK_FINAL;
	hop->flow->batch_ms = mark.end_ms;
	hop->flow->header_due = hop->flow->headers && !hop->finished;
	return r;
}

static int deliver(struct hop *hop, const char *s, size_t len, uint64_t records)
{
	if (hop->refused)
		return 0;
	hop->read += records;
	hop->open = true;
	int r = hop_deliver(hop->filter, hop->self, s, len, hop->flow);
	if (r != EXIT_DATA)
		return r;
	hop_refuse(hop, r);
	return 0;
}

int hop_span(struct hop *hop, char *s, size_t len)
{
	const char delim = hop->flow->delim;
	int r = 0;
	while (len && !r) {
		size_t n;
		if (*s == MARK_ETB || *s == MARK_DLE) {
			char *end = memchr(s, delim, len);
			n = (size_t)(end - s) + 1;
			r = *s == MARK_ETB ? on_mark(hop, s, n - 1) : deliver(hop, s + 1, n - 1, 1);
		} else {
			uint64_t records;
			n = scan_records(s, len, delim, &records);
			r = hop->finished ? damaged(hop, "something follows the final mark")
					  : deliver(hop, s, n, records);
		}
		s += n;
		len -= n;
	}
	return r;
}

int hop_end(const struct hop *hop)
{
	if (hop->finished)
		return 0;
	if (hop->refused) {
		poison_report(hop->flow, NULL);
		return hop->refused;
	}
	warn("the stream ended without its final mark: something before '%s' died; what is not committed is dropped",
		diag_name());
	return EXIT_TEMP;
}
