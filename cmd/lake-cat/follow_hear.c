/* Turns what has happened into events of the session: see follow.h. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "common/base/sig.h"
#include "follow.h"

enum { LAST_FLUSH_MS = 30000 }; /* how long the reader of a plain stream may take after a signal */

/* --- work of lake-cat itself ----------------------------------------------------------------------------------------
 */

/* The versions that there are, and what the file of positions says. */
static void look(struct follow *f)
{
	struct strbuf err = STRBUF_INIT;
	struct session_part part = {.cursor = f->cursor};
	int64_t newest = -1;
	int r = feed_newest(&f->feed, &newest, &err);
	f->looking = false;
	f->position = (struct position_file){.next = OFFSET_NONE};
	if (r == 0 && f->opt->position_file)
		r = position_file_read(f->opt->position_file, f->feed.table, &f->position, &err);
	if (r < 0) {
		follow_fail(f, diag_status(r), "%s", err.s);
	} else {
		f->cursor->lo = 0;
		f->cursor->hi = newest + 1;
		f->cursor->stored = f->position.next;
		follow_step(f, &(struct session_event){
				       .kind = EVENT_FOUND, .number = f->look_number, .parts = &part, .count = 1});
	}
	strbuf_release(&err);
}

/* Compare what is known of the version before the start, by the sinks or else the file, with the table's. */
static int compare(struct follow *f, struct strbuf *err)
{
	const struct cursor *c = f->cursor;
	struct identity known = c->before, is;
	if (!known.known && !c->held && c->stored == c->next)
		known = f->position.last;
	if (!known.known)
		return 0;
	int r = feed_identity(&f->feed, known.offset, &is, err);
	if (r > 0 && (is.crc != known.crc || is.ms != known.ms)) {
		struct session_part part = {.cursor = f->cursor, .offset = known.offset};
		follow_step(f, &(struct session_event){.kind = EVENT_DIFFERENT, .parts = &part, .count = 1});
	}
	return r < 0 ? r : 0;
}

/* Reading begins at the cursor's position. */
static void place(struct follow *f)
{
	struct strbuf err = STRBUF_INIT;
	f->placing = false;
	int r = compare(f, &err);
	if (r == 0 && !f->status)
		r = feed_place(&f->feed, f->cursor->next, &err);
	if (r < 0)
		follow_fail(f, diag_status(r), "%s", err.s);
	f->next_poll = f->next_check = 0;
	strbuf_release(&err);
}

static void hear_own(struct follow *f)
{
	struct session_part part = {.cursor = f->cursor, .offset = f->committed_next};
	if (f->joining) {
		f->joining = false;
		follow_step(f, &(struct session_event){.kind = EVENT_ASSIGNED, .parts = &part, .count = 1});
	}
	if (f->looking && !f->status)
		look(f);
	if (f->placing && !f->status)
		place(f);
	if (f->committed) {
		f->committed = false;
		follow_step(f, &(struct session_event){.kind = EVENT_COMMITTED,
				       .parts = &part,
				       .count = !f->status,
				       .refusal = f->status ? REFUSAL_AGAIN : REFUSAL_NONE});
	}
}

/* --- the sinks ------------------------------------------------------------------------------------------------------
 */

/* Whether what the sinks have answered allows to go on. */
static bool sinks_fit(struct follow *f)
{
	const struct follow_options *o = f->opt;
	const char *table = source_sinks_table(&f->source.sinks, f->feed.table);
	bool other = f->cursor->held && f->cursor->expected < 0 && ackd_began(&f->source.sinks.acks);
	if (table && strcmp(table, f->feed.table) == 0)
		follow_fail(f, EXIT_CONFIG, "'%s' is read and written by the same pipeline", f->url);
	else if (!f->cursor->held && !o->since.given && !o->position_file)
		follow_fail(f, EXIT_CONFIG,
			"no sink of the pipeline keeps positions, so each run would begin with the whole table again: "
			"--position-file keeps them, --since says where to begin");
	else if (other && !o->since.given)
		follow_fail(f, EXIT_CONFIG,
			"the sink has positions of the group '%s', but none of '%s' (table %s): if that was created "
			"again, the sink may have its records; another group (-g) or --since says where to begin",
			o->group, f->url, f->feed.table);
	return !f->status;
}

static void hear_sinks(struct follow *f)
{
	struct strbuf err = STRBUF_INIT;
	struct session_event e;
	struct session_part about;
	int r;
	while ((r = source_hear_sinks(&f->source, &e, &about, &err)) > 0) {
		if (e.kind == EVENT_ANSWERED && !sinks_fit(f))
			break;
		follow_step(f, &e);
		if (e.kind == EVENT_ACKED)
			KILL_POINT("source-after-ack");
	}
	if (r < 0)
		follow_fail(f, EXIT_TEMP, "%s; what it has not acknowledged is read again by the next run", err.s);
	strbuf_release(&err);
}

/* --- standard output ------------------------------------------------------------------------------------------------
 */

static void fail_output(struct follow *f, int err)
{
	if (err == -EPIPE)
		follow_fail(f, EXIT_TEMP, "%s", ""); /* the reader's own exit status explains why it ended */
	else
		follow_fail(f, diag_status(err), "cannot write standard output: %s", diag_strerror(err));
}

void follow_hear_output(struct follow *f)
{
	struct session_event e;
	int r;
	while ((r = source_hear_output(&f->source, &e)) > 0) {
		follow_step(f, &e);
		if (e.kind == EVENT_CLOSED)
			KILL_POINT("source-after-F");
	}
	size_t left = f->source.session.closed ? 0 : f->source.output.out.len;
	if (r == 0 && left && f->close_by && clock_ms() >= f->close_by) {
		follow_fail(f, EXIT_TEMP, "timed out writing the last %zu bytes to standard output", left);
		r = -ETIMEDOUT;
	}
	if (r == 0 || f->source.session.closed)
		return;
	if (r != -ETIMEDOUT)
		fail_output(f, r);
	f->fail_told = true;
	follow_step_kind(f, EVENT_BROKEN);
}

/* --- time -----------------------------------------------------------------------------------------------------------
 */

static void hear_signal(struct follow *f)
{
	bool within = f->source.session.within;
	if (!sig_stop() || f->stop_told)
		return;
	f->stop_told = true;
	if (!f->source.policy.marked) /* in a marked stream, it waits as long as the sink lives */
		f->close_by = clock_ms() + LAST_FLUSH_MS;
	if (within && f->source.policy.marked)
		warn("version %" PRId64 " of '%s' is read to its end first, because a batch cannot end within it; a "
		     "second signal ends at once, and commits nothing of it",
			f->version.version, f->url);
	else if (within && f->opt->position_file)
		follow_fail(f, EXIT_TEMP,
			"version %" PRId64 " of '%s' was not written to its end; the next run writes it again",
			f->version.version, f->url);
	follow_step_kind(f, EVENT_STOP);
}

/* Print what sinks have not done for too long. */
static void watch_sinks(struct follow *f)
{
	struct strbuf text = STRBUF_INIT;
	source_watch_answer(&f->watch, &f->source.session, clock_ms(), &text);
	if (text.len)
		warn("%s", text.s);
	strbuf_clear(&text);
	source_watch_stall(&f->source, &f->opt->source, clock_ms(), &text);
	if (text.len)
		warn("%s", text.s);
	strbuf_release(&text);
}

static void hear_time(struct follow *f)
{
	hear_signal(f);
	watch_sinks(f);
	if (f->status && !f->fail_told) {
		f->fail_told = true;
		follow_step_kind(f, EVENT_FAILED);
	}
	follow_step_kind(f, EVENT_TIME);
}

void follow_hear(struct follow *f)
{
	hear_sinks(f);
	hear_own(f);
	follow_hear_output(f);
	hear_time(f);
}
