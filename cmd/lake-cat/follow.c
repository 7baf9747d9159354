/* The loop: see follow.h. */
#include "follow.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/sig.h"

enum {
	IDLE_MS = 200,
	COMMIT_EVERY_MS = 1000,
	LAST_COMMIT_MS = 30000,
};

/* --- the loop -------------------------------------------------------------------------------------------------------
 */

/* How long nothing is due, at most IDLE_MS. */
static int idle_ms(const struct follow *f)
{
	int64_t now = clock_ms(), poll = f->next_poll - now;
	int ms = session_wait_ms(&f->source.session, now, IDLE_MS);
	bool reads = f->source.session.state == SESSION_READING && !output_full(&f->source.output);
	if (reads && poll < ms)
		ms = poll > 0 ? (int)poll : 0;
	return ms;
}

/* The only wait: for a new version, room in the pipe, lines from the sinks, a signal. */
static void wait_for_news(struct follow *f)
{
	sigset_t old;
	struct pollfd fds[SOURCE_FDS_MAX];
	nfds_t n = source_poll(&f->source, fds);
	int ms = idle_ms(f);
	struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
	sig_block(&old);
	if (!sig_stop() || f->stop_told)
		ppoll(fds, n, &t, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	source_polled(&f->source, fds);
}

/* What has to be done at once, before anything is waited for. */
static bool is_busy(const struct follow *f)
{
	return f->joining || f->looking || f->placing || f->committed || (f->status && !f->fail_told);
}

static void turn(struct follow *f)
{
	follow_hear(f);
	if (f->source.session.state == SESSION_ENDED)
		return;
	bool can_read = f->source.session.state == SESSION_READING && !f->status && !f->placing &&
			!output_full(&f->source.output);
	if (can_read && follow_read(f))
		return;
	follow_hear_output(f);
	if (!is_busy(f))
		wait_for_news(f);
}

/* --- the beginning --------------------------------------------------------------------------------------------------
 */

static void set_policy(struct follow *f)
{
	const struct follow_options *o = f->opt;
	f->source.policy = (struct session_policy){
		.marked = o->batch_ms && !isatty(STDOUT_FILENO),
		.commits = o->position_file,
		.named = true,
		.bounded = !o->on,
		.single = true,
		.from = o->since.at,
		.to = {.kind = WHERE_END},
		.count = UINT64_MAX,
		.batch_records = 1, /* each version that has records is a batch */
		.batch_bytes = UINT64_MAX,
		.batch_ms = o->batch_ms,
		.answer_ms = o->source.sink_timeout_ms,
		.drain_ms = o->source.drain_timeout_ms,
		.last_ack_ms = o->source.drain_timeout_ms,
		.commit_every_ms = COMMIT_EVERY_MS,
		.last_commit_ms = LAST_COMMIT_MS,
	};
}

/* Prepare to read the records of the table's files. */
static int begin_rows(struct follow *f, struct store *store, struct strbuf *err)
{
	table_rows_init(&f->rows, store, f->source.delim, f->opt->memory, f->opt->where);
	f->rows.options = f->opt->store;
	f->rows.form = f->opt->form;
	if (f->feed.log.kind != TABLE_RAW)
		return 0;
	f->columns = json_incref(json_object_get(f->feed.log.state, "columns"));
	int r = table_rows_raw(&f->rows, f->columns, err);
	f->rows.raw.lines.form.marked = f->put.marked;
	f->rows.raw.lines.form.lasting = f->opt->batch_ms || f->opt->position_file;
	return r;
}

static bool begin(struct follow *f, struct store *store, bool plain)
{
	struct strbuf err = STRBUF_INIT;
	int r = feed_open(&f->feed, store, (enum feed_removal)f->opt->removal, &err);
	if (r == 0) {
		set_policy(f);
		session_init(&f->source.session, &f->source.policy);
		f->source.delim = state_delim(f->feed.log.state);
		f->put = (struct source_put){
			.delim = f->source.delim, .marked = f->source.policy.marked, .plain = plain};
		f->cursor = cursors_get(&f->source.session.cursors, f->feed.table, 0);
		f->cursor->topic->at_start = 1;
		r = begin_rows(f, store, &err);
	}
	if (r == 0 && source_open(&f->source, "lake-cat", f->opt->source.sinks, &err) < 0)
		r = -EAGAIN;
	if (r < 0)
		follow_fail(f, r == -ENOTSUP ? EXIT_CONFIG : (int)diag_status(r), "%s", err.s);
	strbuf_release(&err);
	return r == 0;
}

int follow_run(const struct follow_options *opt, struct store *store, bool plain)
{
	struct follow f = {.opt = opt, .url = store->url, .remote = store->ops->remote};
	source_init(&f.source);
	if (begin(&f, store, plain)) {
		char *topics[] = {f.feed.table, NULL};
		f.source.start.group = opt->group;
		f.source.start.topics = topics;
		follow_step_kind(&f, EVENT_BEGIN);
		while (f.source.session.state != SESSION_ENDED)
			turn(&f);
	}
	if (source_close(&f.source) < 0 && !f.status)
		follow_fail(&f, EXIT_TEMP, "cannot close standard output");
	follow_read_release(&f);
	json_decref(f.columns);
	source_release(&f.source);
	feed_release(&f.feed);
	return f.status;
}
