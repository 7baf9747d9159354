/* Records into the files of a commit: see ingest.h. */
#include "ingest.h"

#include <errno.h>
#include <inttypes.h>

#include "common/base/count.h"
#include "when.h"

/* A run of records for one partition, written at once. */
struct run {
	struct part *part;
	const char *s;
	size_t len;
	uint64_t records;
};

static int write_run(struct ingest *in, struct run *run, struct strbuf *err)
{
	int r = run->len ? writer_put(in->writer, run->part, run->s, run->len, err) : 0;
	if (run->part)
		part_count(run->part, run->records);
	*run = (struct run){0};
	strbuf_clear(&in->kept);
	return r;
}

/* Put a record (LEN bytes with delimiter) behind the run, which may end with that. */
static int add_record(struct ingest *in, struct run *run, struct part *part, const struct timed *t, struct strbuf *err)
{
	int r = run->part == part ? 0 : write_run(in, run, err);
	if (r < 0)
		return r;
	run->part = part;
	run->records++;
	if (in->when->strip) {
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

/* The partition of a record whose time can not be read: an error, unless --on-bad-time names one. */
static int bad_record(struct ingest *in, const struct sink_place *place, const struct strbuf *why, struct part **ret,
	struct strbuf *err)
{
	if (!in->bad_value) {
		sink_place_add(err, place);
		strbuf_addf(err, ": %s", why->s);
		return -EBADMSG;
	}
	int r = in->bad_part ? 0 : writer_part_constant(in->writer, in->bad_value, &in->bad_part, err);
	if (r < 0)
		return r;
	in->bad++;
	*ret = in->bad_part;
	return 0;
}

/* A span whose records have times of their own. */
static int timed_span(
	struct ingest *in, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	struct when_span span;
	struct timed t;
	struct run run = {0};
	int r = 0, n;
	when_begin(&span, in->when, s, len, flow->delim);
	while (r == 0 && (n = when_next(&span, &t, &why)) != 0) {
		struct part *part;
		place->record++;
		if (n > 0)
			r = writer_part(in->writer, &t.time, &part, err);
		else
			r = bad_record(in, place, &why, &part, err);
		if (r < 0)
			flow_refuse(flow, t.rec, t.len);
		if (r == 0)
			r = add_record(in, &run, part, &t, err);
	}
	if (r == 0)
		r = write_run(in, &run, err);
	strbuf_release(&why);
	return r;
}

/* A span that goes into one partition as it is. */
static int whole_span(
	struct ingest *in, struct sink_place *place, const char *s, size_t len, char delim, struct strbuf *err)
{
	struct timespec now;
	struct part *part;
	clock_gettime(CLOCK_REALTIME, &now);
	int r = writer_part(in->writer, &now, &part, err);
	if (r == 0)
		r = writer_put(in->writer, part, s, len, err);
	if (r < 0)
		return r;
	uint64_t records = count_bytes(s, len, delim);
	part_count(part, records);
	place->record += records;
	return 0;
}

int ingest_span(
	struct ingest *in, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	return in->when->kind == WHEN_NOW ? whole_span(in, place, s, len, flow->delim, err)
					  : timed_span(in, place, s, len, flow, err);
}

void ingest_next(struct ingest *in)
{
	in->bad_part = NULL;
	writer_next(in->writer);
}

void ingest_tell_bad(const struct ingest *in, uint64_t records)
{
	if (in->bad && records)
		warn("%" PRIu64 " of %" PRIu64 " records without a readable time went into the partition '%s'", in->bad,
			records, in->bad_value);
}

void ingest_release(struct ingest *in)
{
	strbuf_release(&in->kept);
}
