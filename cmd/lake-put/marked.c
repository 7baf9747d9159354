/* lake-put on a marked stream: see marked.h. */
#include "marked.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/lake/log.h"

static int fail(int status, struct strbuf *err)
{
	warn("%s", err->s);
	strbuf_release(err);
	return status;
}

/* --- committing --------------------------------------------------------------------------------------------------- */

static int write_stats(struct marked *m)
{
	struct strbuf err = STRBUF_INIT;
	if (!m->opt->stats)
		return 0;
	m->stats.oldest_ms = m->oldest_ms;
	int r = stats_write(m->opt->stats, &m->stats, m->chain.items, m->chain.count, &err);
	return r < 0 ? fail(diag_status(r), &err) : 0;
}

/* What log_commit() said, in words; the exit status. */
static int not_committed(struct sink *sink, int code, struct strbuf *err)
{
	if (code == -ESTALE) {
		sink->marked->stats.conflicts++;
		(void)write_stats(sink->marked);
		return fail(EXIT_TEMP, err);
	}
	if (code == STORE_UNKNOWN) {
		sink->unknown = true;
		strbuf_addstr(err, "; whether the commit is there is not known, the next run will see");
		return fail(EXIT_TEMP, err);
	}
	return fail(diag_status(code), err);
}

static void count_commit(struct sink *sink, const struct commit *commit)
{
	struct marked *m = sink->marked;
	m->stats.commits++;
	m->stats.records += (int64_t)sink->total;
	for (size_t i = 0; i < commit->nfiles; i++)
		m->stats.bytes += (int64_t)commit->files[i]->size;
	sink->total = 0;
	sink->bytes = 0;
	sink->bad_part = NULL;
	writer_next(sink->writer);
	chain_committed(&m->chain);
}

/* Commit COMMIT's positions with the records in hand. */
static int commit_files(struct sink *sink, struct commit *commit)
{
	struct strbuf err = STRBUF_INIT;
	struct lake_file **files = NULL;
	int r = sink->total ? writer_finish(sink->writer, &files, &commit->nfiles, &err) : 0;
	if (r < 0)
		return fail(diag_status(r), &err);
	commit->files = files;
	r = log_commit(sink->log, commit, &err);
	if (r < 0)
		return not_committed(sink, r, &err);
	sink->committed = true; /* until the next record: nothing is to be discarded */
	r = log_publish(sink->log, &err);
	if (r < 0) {
		strbuf_addstr(&err, "; the next run publishes what is committed");
		return fail(EXIT_TEMP, &err);
	}
	count_commit(sink, commit);
	strbuf_release(&err);
	return 0;
}

/* Make durable what is in hand, if anything, and say so. */
static int commit(struct sink *sink)
{
	struct marked *m = sink->marked;
	struct position *moves;
	struct commit commit = {.npositions = chain_moves(&m->chain, sink->total, &moves),
		.marked = true,
		.unchanged = !m->chain.changed};
	commit.positions = moves;
	int status = commit.npositions || sink->total ? commit_files(sink, &commit) : 0;
	free(moves);
	if (status)
		return status;
	bool told = !m->in_hand; /* rows behind the last batch: consume has heard of that, and may be gone */
	m->in_hand = false;
	m->oldest_ms = -1;
	if (told)
		return write_stats(m);
	KILL_POINT("before-ack");
	int r = ack_done(&m->ack, m->batch, state_table(sink->log->state));
	KILL_POINT("acked");
	return r < 0 ? filter_ack_failed(r) : write_stats(m);
}

/* --- marks -------------------------------------------------------------------------------------------------------- */

/* The name of the group, with the escapes of JSON resolved; NULL when S has none. */
static char *group_of(const struct mark *mark)
{
	json_t *json = json_loadb(mark->text + 1, mark->len - 1, 0, NULL);
	const char *group = json_string_value(json_object_get(json, "group"));
	char *copy = group ? xstrdup(group) : NULL;
	json_decref(json);
	return copy;
}

static int on_start(struct sink *sink, const struct mark *mark)
{
	struct marked *m = sink->marked;
	if (sink->id) {
		warn("--id is for plain streams; a marked one is idempotent by its offsets");
		return EXIT_USAGE;
	}
	m->chain.group = group_of(mark);
	if (!m->chain.group) {
		warn("the stream does not name a group");
		return EXIT_DATA;
	}
	m->oldest_ms = -1;
	json_t *state = sink->log->state;
	int r = ack_hello(&m->ack, mark, diag_name(), state_table(state), state_knows_group(state, m->chain.group));
	return r < 0 ? filter_ack_failed(r) : 0;
}

static int on_batch(struct sink *sink, const struct mark *mark)
{
	struct marked *m = sink->marked;
	struct strbuf err = STRBUF_INIT;
	struct mark_ranges parts = {0};
	int64_t oldest = -1, newest;
	(void)!mark_pair(mark, "ts", &oldest, &newest);
	int r = ranges_read(mark, &parts, &err);
	if (r == 0)
		r = chain_extend(&m->chain, &parts, mark->n, &err);
	ranges_release(&parts);
	if (r < 0)
		return fail(r == -ESTALE ? EXIT_TEMP : EXIT_DATA, &err);
	sink->total += sink->records;
	sink->records = 0;
	if (!m->in_hand || mark->start_ms < m->began_ms) /* the clock may go back */
		m->began_ms = mark->start_ms;
	m->in_hand = true;
	m->batch = mark->batch;
	if (oldest >= 0 && (m->oldest_ms < 0 || oldest < m->oldest_ms))
		m->oldest_ms = oldest;
	if ((r = ack_seen(&m->ack, mark->batch)) < 0)
		return filter_ack_failed(r);
	bool full = sink->bytes >= m->opt->bytes || sink->total >= m->opt->records;
	/* A batch of one second may read 999 ms, and the records would wait for another one. */
	int64_t slack = (mark->end_ms - mark->start_ms) / 16;
	bool due = mark->end_ms - m->began_ms + slack >= m->opt->every_ms;
	return mark->flush || full || due ? commit(sink) : write_stats(m);
}

/* Everything in hand is committed (the B before asked for it); the answer comes from a head that is published. */
static int on_query(struct sink *sink, const struct mark *mark)
{
	struct strbuf err = STRBUF_INIT;
	struct mark_ranges parts = {0};
	int r = log_refresh(sink->log, &err);
	if (r == 0)
		r = log_publish(sink->log, &err);
	if (r < 0)
		return fail(diag_status(r), &err);
	KILL_POINT("before-at");
	if (ranges_read(mark, &parts, &err) < 0)
		return fail(EXIT_DATA, &err);
	r = answer_query(sink, mark->batch, &parts);
	KILL_POINT("after-at");
	ranges_release(&parts);
	strbuf_release(&err);
	return r < 0 ? filter_ack_failed(r) : 0;
}

static int on_resume(struct sink *sink, const struct mark *mark)
{
	struct strbuf err = STRBUF_INIT;
	struct mark_ranges parts = {0};
	int status = sink->marked->in_hand ? commit(sink) : 0;
	if (status)
		return status;
	if (ranges_read(mark, &parts, &err) < 0)
		return fail(EXIT_DATA, &err);
	chain_resume(&sink->marked->chain, &parts);
	ranges_release(&parts);
	strbuf_release(&err);
	return write_stats(sink->marked);
}

static int on_final(struct sink *sink)
{
	sink->total += sink->records; /* a filter may have had more to say at the end */
	sink->records = 0;
	int status = sink->marked->in_hand || sink->total ? commit(sink) : 0;
	if (!status)
		sink_tell_bad(sink, (uint64_t)sink->marked->stats.records);
	return status;
}

int marked_take(void *self, const struct mark *mark, struct flow *flow)
{
	struct sink *sink = self;
	(void)flow;
	if (mark->kind != MARK_BATCH && mark->n) /* rows of no batch, as at the end of the stream */
		sink->marked->chain.changed = true;
	switch (mark->kind) {
	case MARK_START:
		return on_start(sink, mark);
	case MARK_BATCH:
		return on_batch(sink, mark);
	case MARK_QUERY:
		return on_query(sink, mark);
	case MARK_RESUME:
		return on_resume(sink, mark);
	case MARK_FINAL:
		return on_final(sink);
	}
	return EXIT_BUG;
}

uint64_t marked_batch(const struct marked *marked)
{
	return marked->chain.group ? marked->batch + 1 : 0;
}

void marked_release(struct marked *marked)
{
	ack_release(&marked->ack);
	chain_release(&marked->chain);
}
