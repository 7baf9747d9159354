/* Records into the files of a commit: see sink.h. */
#include "sink.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/base/count.h"
#include "common/base/sig.h"
#include "common/lake/log.h"
#include "marked.h"
#include "when.h"

/* A run of records for one partition, written at once. */
struct run {
	struct part *part;
	const char *s;
	size_t len;
	uint64_t records;
};

static int fail(int code, struct strbuf *err)
{
	warn("%s", err->s);
	strbuf_release(err);
	return diag_status(code);
}

static int write_run(struct sink *sink, struct run *run, struct strbuf *err)
{
	int r = run->len ? writer_put(sink->writer, run->part, run->s, run->len, err) : 0;
	if (run->part)
		part_count(run->part, run->records);
	*run = (struct run){0};
	strbuf_clear(&sink->kept);
	return r;
}

/* Put a record (LEN bytes with delimiter) behind the run, which may end with that. */
static int add_record(struct sink *sink, struct run *run, struct part *part, const struct timed *t, struct strbuf *err)
{
	int r = run->part == part ? 0 : write_run(sink, run, err);
	if (r < 0)
		return r;
	run->part = part;
	run->records++;
	if (sink->when->strip) {
		size_t from = t->cut + t->cut_len;
		strbuf_add(&sink->kept, t->rec, t->cut);
		strbuf_add(&sink->kept, t->rec + from, t->len + 1 - from);
		run->s = sink->kept.s;
		run->len = sink->kept.len;
		return 0;
	}
	if (!run->s)
		run->s = t->rec;
	run->len = (size_t)(t->rec + t->len + 1 - run->s);
	return 0;
}

/* The partition of a record whose time can not be read: an error, unless --on-bad-time names one. */
static int bad_record(
	struct sink *sink, uint64_t number, const struct strbuf *why, struct part **ret, struct strbuf *err)
{
	if (!sink->bad_value) {
		if (marked_batch(sink->marked))
			strbuf_addf(err, "batch %" PRIu64 ", record %" PRIu64 ": %s", marked_batch(sink->marked),
				number, why->s);
		else
			strbuf_addf(err, "%s: record %" PRIu64 ": %s", sink->input, number, why->s);
		return -EBADMSG;
	}
	int r = sink->bad_part ? 0 : writer_part_constant(sink->writer, sink->bad_value, &sink->bad_part, err);
	if (r < 0)
		return r;
	sink->bad++;
	*ret = sink->bad_part;
	return 0;
}

/* A span whose records have times of their own. */
static int timed_span(struct sink *sink, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	struct when_span span;
	struct timed t;
	struct run run = {0};
	int r = 0, n;
	when_begin(&span, sink->when, s, len, flow->delim);
	while (r == 0 && (n = when_next(&span, &t, &why)) != 0) {
		struct part *part;
		sink->records++;
		if (n > 0)
			r = writer_part(sink->writer, &t.time, &part, err);
		else
			r = bad_record(sink, sink->records, &why, &part, err);
		if (r < 0)
			flow_refuse(flow, t.rec, t.len);
		if (r == 0)
			r = add_record(sink, &run, part, &t, err);
	}
	if (r == 0)
		r = write_run(sink, &run, err);
	strbuf_release(&why);
	return r;
}

/* A span that goes into one partition as it is. */
static int whole_span(struct sink *sink, const char *s, size_t len, char delim, struct strbuf *err)
{
	struct timespec now;
	struct part *part;
	clock_gettime(CLOCK_REALTIME, &now);
	int r = writer_part(sink->writer, &now, &part, err);
	if (r == 0)
		r = writer_put(sink->writer, part, s, len, err);
	if (r < 0)
		return r;
	uint64_t records = count_bytes(s, len, delim);
	part_count(part, records);
	sink->records += records;
	return 0;
}

int sink_span(void *self, const char *s, size_t len, struct flow *flow)
{
	struct sink *sink = self;
	struct strbuf err = STRBUF_INIT;
	if (flow->input != sink->input) {
		sink->input = flow->input;
		sink->total += sink->records;
		sink->records = 0;
	}
	sink->committed = false;
	sink->bytes += len;
	int r = sink->when->kind == WHEN_NOW ? whole_span(sink, s, len, flow->delim, &err)
					     : timed_span(sink, s, len, flow, &err);
	return r < 0 ? fail(r, &err) : 0;
}

/* After the commit: make it visible to readers of the directory. */
static int publish(struct sink *sink, struct strbuf *err)
{
	int r = log_publish(sink->log, err);
	if (r == 0)
		return 0;
	warn("%s", err->s);
	warn("all is committed (version %" PRId64 "), but not yet visible in the directory; "
	     "the next lake-put sees to that: do not repeat this one%s",
		sink->log->version, sink->id ? "" : " (it has no --id)");
	strbuf_release(err);
	return diag_status(r);
}

/* Word what log_commit() returned. */
static int not_committed(struct sink *sink, int code, struct strbuf *err)
{
	if (code == -EALREADY) {
		warn("%s: nothing is done", err->s);
		strbuf_release(err);
		return EXIT_OK;
	}
	if (code == STORE_UNKNOWN) {
		sink->unknown = true;
		strbuf_addstr(err, "; whether the commit is there is not known");
	}
	return fail(code, err);
}

void sink_tell_bad(const struct sink *sink, uint64_t records)
{
	if (sink->bad)
		warn("%" PRIu64 " of %" PRIu64 " records without a readable time went into the partition '%s'",
			sink->bad, records, sink->bad_value);
}

int sink_commit(void *self, struct flow *flow)
{
	struct sink *sink = self;
	struct strbuf err = STRBUF_INIT;
	struct commit commit = {.id = sink->id};
	struct lake_file **files;
	if (flow->mark) /* its positions are committed with it: marked_take() */
		return 0;
	sink->total += sink->records;
	if (!sink->total)
		return 0;
	int r = writer_finish(sink->writer, &files, &commit.nfiles, &err);
	if (r < 0)
		return fail(r, &err);
	if (sig_stop()) {
		warn("ended by signal %d, nothing is committed", sig_stop());
		return EXIT_TEMP;
	}
	commit.files = files;
	r = log_commit(sink->log, &commit, &err);
	if (r < 0)
		return not_committed(sink, r, &err);
	sink->committed = true;
	sink_tell_bad(sink, sink->total);
	return publish(sink, &err);
}

void sink_release(struct sink *sink)
{
	strbuf_release(&sink->kept);
}
