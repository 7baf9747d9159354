/* Puts records into the files of a commit: see ingest.h. */
#include "ingest.h"

#include <errno.h>
#include <inttypes.h>

#include "common/base/count.h"
#include "times.h"

/* A run of records for one partition, written at once. */
struct part_run {
	struct part *part;
	const char *s;
	size_t len;
	uint64_t records;
};

static int write_run(struct ingest *in, struct part_run *run, struct strbuf *err)
{
	int r = run->len ? writer_put(in->writer, run->part, run->s, run->len, err) : 0;
	if (run->part)
		part_count(run->part, run->records);
	*run = (struct part_run){0};
	strbuf_clear(&in->kept);
	return r;
}

/* Add a record (LEN bytes with delimiter) to the run, or begin a new run with it. */
static int add_record(
	struct ingest *in, struct part_run *run, struct part *part, const struct timed *t, struct strbuf *err)
{
	int r = run->part == part ? 0 : write_run(in, run, err);
	if (r < 0)
		return r;
	run->part = part;
	run->records++;
	if (in->times->strip) {
		size_t from = t->cut + t->cut_len;
		strbuf_add(&in->kept, t->rec, t->cut);
		strbuf_add(&in->kept, t->rec + from, t->len + 1 - from);
		run->s = in->kept.s;
		run->len = in->kept.len;
		return 0;
	}
	if (!run->s)
		run->s = t->rec;
	run->len = (size_t)(t->rec + t->len + 1 - run->s);
	return 0;
}

/* Reject a record; in a marked stream its place is counted within the batch. */
static int reject(struct ingest *in, const struct sink_place *place, const struct timed *t, const struct times_error *e)
{
	struct strbuf reason = STRBUF_INIT;
	strbuf_addf(&reason, "%s%s%s", e->where.s, e->where.len ? ": " : "", e->what.s);
	const struct aside_record rec = {.reason = reason.s,
		.input = place->input,
		.number = place->batch ? in->rejects->read : place->record,
		.nth = place->batch ? place->record : 0,
		.rec = t->rec,
		.len = t->len};
	int r = rejects_add(in->rejects, place->batch, &rec);
	strbuf_release(&reason);
	return r;
}

/*
 * T is bad.  This is an error, unless --on-bad-time names a partition, which is put into *RET, or the record is
 * rejected, and *RET is NULL.
 */
static int bad_record(struct ingest *in, const struct sink_place *place, const struct timed *t,
	const struct times_error *e, struct part **ret, struct strbuf *err)
{
	*ret = NULL;
	if (in->bad_value) {
		int r = in->bad_part ? 0 : writer_part_constant(in->writer, in->bad_value, &in->bad_part, err);
		in->bad += r == 0;
		*ret = in->bad_part;
		return r;
	}
	if (rejects_go_on(in->rejects))
		return reject(in, place, t, e);
	sink_place_add(err, place);
	strbuf_addf(err, "%s%s: %s", e->where.len ? ", " : "", e->where.s, e->what.s);
	return -EBADMSG;
}

/* The partition of T, which has a time; NULL when it is rejected, because its fields name none. */
static int find_part(struct ingest *in, const struct sink_place *place, const struct timed *t, struct times_error *e,
	struct part **ret, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = writer_part(in->writer, &t->time, times_values(in->times), ret, &why);
	bool bad = in->times->fields && (r == -EINVAL || r == -ENAMETOOLONG);
	strbuf_add(bad ? &e->what : err, why.s, why.len);
	strbuf_release(&why);
	return bad ? bad_record(in, place, t, e, ret, err) : r;
}

/* Handle the next record, T; it has a time unless N is below 0. */
static int take_record(struct ingest *in, struct sink_place *place, struct part_run *run, int n, const struct timed *t,
	struct times_error *e, struct strbuf *err)
{
	struct part *part;
	place->record++;
	in->rejects->read++;
	int r = n > 0           ? find_part(in, place, t, e, &part, err)
		: n == -EBADMSG ? bad_record(in, place, t, e, &part, err)
				: n;
	if (n < 0 && n != -EBADMSG)
		strbuf_addstr(err, e->what.s);
	if (r == 0 && part)
		return add_record(in, run, part, t, err);
	if (r == 0) { /* a run has no gaps */
		place->left_out++;
		r = write_run(in, run, err);
	}
	return r;
}

/* Handle a span whose records have times or partitions of their own. */
static int timed_span(
	struct ingest *in, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	struct times_error error = {STRBUF_INIT, STRBUF_INIT};
	struct timed t;
	struct part_run run = {0};
	int r = 0, n;
	times_begin(in->times, s, len, flow);
	while (r == 0 && (n = times_next(in->times, &t, &error)) != 0) {
		r = take_record(in, place, &run, n, &t, &error, err);
		if (r)
			flow_refuse(flow, t.rec, t.len);
	}
	if (r == 0)
		r = write_run(in, &run, err);
	strbuf_release(&error.where);
	strbuf_release(&error.what);
	return r;
}

/* Handle a span that goes into one partition unchanged. */
static int whole_span(
	struct ingest *in, struct sink_place *place, const char *s, size_t len, char delim, struct strbuf *err)
{
	struct timespec now;
	struct part *part;
	clock_gettime(CLOCK_REALTIME, &now);
	int r = writer_part(in->writer, &now, NULL, &part, err);
	if (r == 0)
		r = writer_put(in->writer, part, s, len, err);
	if (r < 0)
		return r;
	uint64_t records = count_bytes(s, len, delim);
	part_count(part, records);
	place->record += records;
	in->rejects->read += records;
	return 0;
}

int ingest_span(
	struct ingest *in, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	return times_is_now(in->times) ? whole_span(in, place, s, len, flow->delim, err)
				       : timed_span(in, place, s, len, flow, err);
}

void ingest_next(struct ingest *in)
{
	in->bad_part = NULL;
	writer_next(in->writer);
}

void ingest_report_bad(const struct ingest *in, uint64_t records)
{
	if (in->bad && records)
		warn("%" PRIu64 " of %" PRIu64 " records without a readable time went into the partition '%s'", in->bad,
			records, in->bad_value);
}

void ingest_release(struct ingest *in)
{
	strbuf_release(&in->kept);
}
