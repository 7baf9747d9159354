/* Turns versions into output: see follow.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "common/base/sig.h"
#include "follow.h"

enum {
	POLL_MS = 100,
	POLL_REMOTE_MS = 1000,
	CHECK_MS = 2000, /* how often to check, while nothing is new, that the table is the same */
	CHECK_REMOTE_MS = 10000,
	PIECES = 16,        /* how many are put at once: with --where, the output may not fill up for long */
	PUBLISH_MS = 30000, /* how long a run that ends by itself waits for the newest version to be published */
};

static void fail(struct follow *f, int r, const struct strbuf *err)
{
	follow_fail(f, r == -ENOTSUP ? EXIT_CONFIG : (int)diag_status(r), "%s", err->s);
}

/* A stop has interrupted a request before a version was begun: the loop ends the program as it does at any stop. */
static bool stopped(int r)
{
	return r == -EINTR && sig_stop();
}

/* --- the next version -----------------------------------------------------------------------------------------------
 */

/* The newest version is there, but not complete, because of WHY: report it after a second. */
static void wait_complete(struct follow *f, const char *why)
{
	int64_t limit_ms = f->opt->on ? -1 : PUBLISH_MS;
	enum patience_state state = patience_ask(&f->incomplete, limit_ms, clock_ms());
	if (state == PATIENCE_TELL)
		warn("waiting: %s", why);
	else if (state == PATIENCE_OVER)
		follow_fail(f, EXIT_TEMP, "%s", why);
}

/* There is no new version. */
static void rest(struct follow *f, const struct strbuf *why)
{
	int64_t now = clock_ms();
	struct strbuf err = STRBUF_INIT;
	f->next_poll = now + (f->opt->poll_ms ? f->opt->poll_ms : f->remote ? POLL_REMOTE_MS : POLL_MS);
	if (why->len)
		wait_complete(f, why->s);
	else
		cursors_at_tail(&f->source.session.cursors, f->cursor, f->cursor->next);
	if (!why->len && now >= f->next_check) {
		int r = feed_check(&f->feed, &err);
		f->next_check = clock_ms() + (f->remote ? CHECK_REMOTE_MS : CHECK_MS);
		if (r < 0 && !stopped(r))
			fail(f, r, &err);
	}
	strbuf_release(&err);
}

/* Begin with the next version, if there is one. */
static bool open_version(struct follow *f)
{
	struct strbuf err = STRBUF_INIT;
	if (clock_ms() < f->next_poll)
		return false;
	int r = feed_next(&f->feed, &f->version, &err);
	if (r > 0) {
		if (patience_end(&f->incomplete))
			warn("version %" PRId64 " of '%s' is complete", f->version.version, f->url);
		if (f->version.left_out)
			warn("version %" PRId64 " of '%s' removes or replaces records (%s): %s", f->version.version,
				f->url, f->version.left_out,
				f->opt->removal == FEED_SKIP ? "it is skipped" : "only what it adds is read");
		f->open = true;
		f->version_before = f->put.records;
		if (!f->version.empty)
			session_began(&f->source.session);
	} else if (r == 0) {
		rest(f, &err);
	} else if (!stopped(r)) {
		fail(f, r, &err);
	}
	strbuf_release(&err);
	return r > 0;
}

/* All of the version is in the output. */
static void close_version(struct follow *f)
{
	struct feed_version v = f->version;
	uint64_t records = f->put.records - f->version_before;
	f->open = false;
	f->version = (struct feed_version){0};
	f->source.unflushed = true;
	f->cursor->last = v.id;
	KILL_POINT("version-read");
	bool full = session_took_many(&f->source.session, f->cursor, v.version, v.id.ms, records, 0);
	feed_version_release(&v);
	if (full)
		follow_step_kind(f, EVENT_FULL);
}

/* --- the files of a version -----------------------------------------------------------------------------------------
 */

/* Put the next piece of the version into the output: 1, 0 when there is none, or -errno. */
static int put_piece(struct follow *f, struct strbuf *err)
{
	const char *s;
	size_t len;
	json_t *add;
	int r;
	if (!f->in_file) {
		r = feed_version_next(&f->version, &add, err);
		if (r <= 0)
			return r;
		r = table_rows_open(&f->rows, add, f->version.meta, err);
		json_decref(add);
		if (r < 0)
			return r;
		f->in_file = true;
	}
	r = table_rows_next(&f->rows, &s, &len, err);
	f->in_file = r > 0;
	if (r <= 0)
		return r < 0 ? r : 1;
	r = source_put(&f->put, &f->source.output, s, len);
	if (r < 0)
		strbuf_addf(err, "'%s': the stream would start with ETB, as only marked streams do (--plain allows it)",
			f->url);
	return r < 0 ? r : 1;
}

bool follow_read(struct follow *f)
{
	struct strbuf err = STRBUF_INIT;
	int r = 1;
	if (!f->open && !open_version(f))
		return false;
	for (int i = 0; r > 0 && i < PIECES && !output_full(&f->source.output); i++)
		r = put_piece(f, &err);
	if (r < 0)
		fail(f, r, &err);
	else if (r == 0)
		close_version(f);
	strbuf_release(&err);
	return true;
}

void follow_read_release(struct follow *f)
{
	table_rows_release(&f->rows);
	feed_version_release(&f->version);
}
