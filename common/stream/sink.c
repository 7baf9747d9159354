/* The shell of the sink driver: see sink.h.  It turns marks into events and carries out the actions of the core. */
#include "common/stream/sink.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/base/sig.h"
#include "common/stream/sink_event.h"
#include "common/stream/sink_impl.h"
#include "common/stream/sink_note.h"

void sink_place_add(struct strbuf *out, const struct sink_place *place)
{
	if (place->batch)
		strbuf_addf(out, "batch %" PRIu64 ", record %" PRIu64, place->batch, place->record);
	else
		strbuf_addf(out, "%s: record %" PRIu64, place->input, place->record);
}

/* --- records ------------------------------------------------------------------------------------------------------ */

/* Hand LEN bytes at S over, or what is still open of them (NULL). */
static int take(struct sink_run *sink, const char *s, size_t len, struct flow *flow)
{
	struct strbuf err = STRBUF_INIT;
	uint64_t before = sink->place.record - sink->place.left_out;
	int r = s ? sink->ops->span(sink->self, &sink->place, s, len, flow, &err)
		  : sink->ops->end(sink->self, &sink->place, flow, &err);
	sink_core_read(&sink->core, sink->place.record - sink->place.left_out - before, len);
	int status = r < 0 ? sink_fail(r, &err) : r;
	strbuf_release(&err);
	return status;
}

static int on_span(void *self, const char *s, size_t len, struct flow *flow)
{
	struct sink_run *sink = self;
	uint64_t batch = sink_core_marked(&sink->core) ? sink->core.batch + 1 : 0;
	if (flow->input != sink->place.input || batch != sink->place.batch)
		sink->place = (struct sink_place){.input = flow->input, .batch = batch};
	if (!batch && !sink->core.bytes)
		sink_note_start(sink->ops, sink->self, &sink->core);
	sink->committed = false;
	return take(sink, s, len, flow);
}

/* --- committing --------------------------------------------------------------------------------------------------- */

static int act(struct sink_run *sink, struct sink_event *event, const struct mark *mark);

/* Describe what the sink's commit returned. */
static int not_committed(struct sink_run *sink, int code, struct strbuf *err)
{
	struct sink_event conflict = {.kind = SINK_CONFLICT};
	bool marked = sink_core_marked(&sink->core);
	if (code == -EALREADY) {
		warn("%s: nothing is done", err->s);
		return EXIT_OK;
	}
	if (code == -ESTALE)
		(void)act(sink, &conflict, NULL);
	sink->unknown = code == SINK_UNKNOWN;
	if (sink->unknown)
		strbuf_addf(
			err, "; whether the commit is there is not known%s", marked ? ", the next run will see" : "");
	return sink_fail(code, err);
}

static int publish(struct sink_run *sink, struct strbuf *err)
{
	int r = sink->ops->publish ? sink->ops->publish(sink->self, err) : 0;
	if (r == 0)
		return 0;
	if (r != -EBADMSG) /* otherwise no later run can repair it */
		strbuf_addf(err, "; all is committed, but not yet visible: the next %s sees to that%s", diag_name(),
			sink_core_marked(&sink->core) ? "" : ", do not repeat this one");
	return sink_fail(r, err);
}

static int commit_all(struct sink_run *sink, struct sink_commit *commit, struct strbuf *err)
{
	int r = sink->ops->seal ? sink->ops->seal(sink->self, commit, err) : 0;
	if (r < 0)
		return sink_fail(r, err);
	if (!commit->marked && !sink->ops->streams && sig_stop()) { /* a marked stream is ended by its source */
		warn("ended by signal %d, nothing is committed", sig_stop());
		return EXIT_TEMP;
	}
	r = sink->ops->commit(sink->self, commit, err);
	if (r)
		return r < 0 ? not_committed(sink, r, err) : r;
	sink->committed = true; /* until the next record comes: there is nothing to discard */
	int status = publish(sink, err);
	if (!status && commit->records && (commit->marked || !sink->ops->streams))
		sink_note_commit(sink->ops, sink->self, commit);
	return status;
}

static int commit(struct sink_run *sink)
{
	struct strbuf err = STRBUF_INIT;
	struct position *moves;
	struct sink_commit commit = {.records = sink->core.records,
		.marked = sink_core_marked(&sink->core),
		.unchanged = sink_core_marked(&sink->core) && !sink->core.chain.changed};
	commit.count = chain_moves(&sink->core.chain, sink->core.records, &moves, &commit.stay);
	commit.positions = moves;
	int status = commit_all(sink, &commit, &err);
	free(moves);
	strbuf_release(&err);
	struct sink_event committed = {.kind = SINK_COMMITTED, .bytes = commit.bytes, .refused = commit.refused};
	return status || !sink->committed ? status : act(sink, &committed, NULL);
}

/* --- actions ------------------------------------------------------------------------------------------------------ */

static int figures(struct sink_run *sink, struct strbuf *err)
{
	int r = 0;
	if (sink->ops->figures && sink_core_marked(&sink->core))
		r = sink->ops->figures(sink->self, &sink->core.figures, &sink->core.chain, err);
	return r < 0 ? sink_fail(r, err) : 0;
}

static int done(struct sink_run *sink)
{
	if (sink_core_marked(&sink->core) || !sink->ops->streams)
		sink_note_done(&sink->core.figures);
	if (sink->ops->done)
		sink->ops->done(sink->self, sink->core.figures.records);
	return 0;
}

/* act() itself handles AGAIN. */
static int do_action(struct sink_run *sink, enum sink_action action, struct sink_event *event, const struct mark *mark,
	struct strbuf *err)
{
	switch (action) {
	case SINK_HELLO:
		return sink_hello(sink, mark, err);
	case SINK_SEEN:
		return sink_seen(sink);
	case SINK_COMMIT:
		return commit(sink);
	case SINK_ANSWER:
		return sink_answer(sink, event, err);
	case SINK_ACK:
		return sink_acknowledge(sink);
	case SINK_RESUMED:
		return sink_resumed(sink, mark, err);
	case SINK_FIGURES:
		return figures(sink, err);
	case SINK_DONE:
		return done(sink);
	case SINK_AGAIN:
		break;
	}
	return 0;
}

/* EVENT has happened, because of MARK or (NULL) without a mark: do everything that follows from it. */
static int act(struct sink_run *sink, struct sink_event *event, const struct mark *mark)
{
	struct strbuf err = STRBUF_INIT;
	struct sink_actions actions;
	bool again;
	int status = 0;
	do {
		int r = sink_core_step(&sink->core, event, &actions, &err);
		again = false;
		if (r < 0)
			status = sink_fail(r, &err);
		for (size_t i = 0; !status && r == 0 && i < actions.count; i++) {
			again = actions.items[i] == SINK_AGAIN;
			status = do_action(sink, actions.items[i], event, mark, &err);
		}
	} while (again && !status);
	strbuf_release(&err);
	return status;
}

/* --- marks -------------------------------------------------------------------------------------------------------- */

static int on_mark(void *self, const struct mark *mark, struct flow *flow)
{
	struct strbuf err = STRBUF_INIT;
	struct sink_event event;
	(void)flow;
	int r = sink_event_read(mark, &event, &err);
	int status = r < 0 ? sink_fail(r, &err) : act(self, &event, mark);
	sink_event_release(&event);
	strbuf_release(&err);
	return status;
}

/* The end of a batch, whose mark follows, or of a plain stream. */
static int on_end(void *self, struct flow *flow)
{
	struct sink_run *sink = self;
	struct sink_event end = {.kind = SINK_END};
	int status = sink->ops->end && !sink->committed ? take(sink, NULL, 0, flow) : 0;
	if (!status && sink->ops->gathered)
		status = sink->ops->gathered(sink->self, flow->mark);
	return status || flow->mark ? status : act(sink, &end, NULL);
}

static int wait_for_input(void *self, int fd, int timeout_ms)
{
	const struct sink_run *sink = self;
	return sink->ops->await_input(sink->self, fd, timeout_ms);
}

static int on_quiet(void *self, struct flow *flow)
{
	const struct sink_run *sink = self;
	return sink->ops->meanwhile(sink->self, flow);
}

int sink_run(const struct sink_ops *ops, void *self, const struct sink_policy *policy, const char *plain_only,
	const struct filter_opts *opts, char **operands)
{
	const struct filter filter = {.span = on_span,
		.batch = on_end,
		.mark = on_mark,
		.wait = ops->await_input ? wait_for_input : NULL,
		.idle = ops->meanwhile ? on_quiet : NULL,
		.all_or_nothing = !ops->streams};
	struct strbuf err = STRBUF_INIT;
	struct sink_run sink = {.ops = ops, .self = self, .plain_only = plain_only, .ack = ACK_INIT};
	sink_core_init(&sink.core, policy);
	int status = filter_run(&filter, &sink, opts, operands);
	if (ops->discard && !sink.committed && !sink.unknown && ops->discard(self, &err) < 0)
		warn("%s", err.s);
	ack_release(&sink.ack);
	sink_core_release(&sink.core);
	strbuf_release(&err);
	return status;
}
