/* What a sink tells its source, and its table about the source: see sink_impl.h. */
#include "common/stream/sink_impl.h"

#include "common/base/killpoint.h"
#include "common/stream/sink_note.h"

int sink_fail(int code, struct strbuf *err)
{
	warn("%s", err->s);
	return diag_status(code);
}

static const char *table_of(const struct sink_run *sink)
{
	return sink->ops->table ? sink->ops->table(sink->self) : NULL;
}

int sink_hello(struct sink_run *sink, const struct mark *mark, struct strbuf *err)
{
	bool began = false;
	if (sink->plain_only) {
		warn("%s is for plain streams; a marked one is idempotent by its offsets", sink->plain_only);
		return EXIT_USAGE;
	}
	int r = sink->ops->look ? sink->ops->look(sink->self, mark, err) : 0;
	if (r)
		return r < 0 ? sink_fail(r, err) : r;
	r = sink->ops->start ? sink->ops->start(sink->self, sink->core.chain.group, &began, err) : 0;
	if (r)
		return r < 0 ? sink_fail(r, err) : r;
	const struct ack_greeting greeting = {
		.program = diag_name(), .table = table_of(sink), .began = began, .in_group = sink->ops->in_group};
	r = ack_hello(&sink->ack, mark, &greeting);
	if (r < 0)
		return filter_ack_failed(r);
	sink_note_start(sink->ops, sink->self, &sink->core);
	return 0;
}

/* Everything in hand is committed (the B before asked for it); the answer comes from what is visible. */
int sink_answer(struct sink_run *sink, struct sink_event *event, struct strbuf *err)
{
	struct mark_ranges *asked = &event->ranges;
	struct strbuf text = STRBUF_INIT;
	int r = sink->ops->locate ? sink->ops->locate(sink->self, sink->core.chain.group, asked, err) : 0;
	if (r)
		return r < 0 ? sink_fail(r, err) : r;
	ranges_add_answer(&text, asked->items, sink->ops->locate ? asked->count : 0);
	KILL_POINT("before-at");
	r = ack_at(&sink->ack, event->batch, text.s, table_of(sink));
	KILL_POINT("after-at");
	strbuf_release(&text);
	return r < 0 ? filter_ack_failed(r) : 0;
}

int sink_acknowledge(struct sink_run *sink)
{
	KILL_POINT("before-ack");
	int r = ack_done(&sink->ack, sink->core.batch, table_of(sink));
	KILL_POINT("acked");
	return r < 0 ? filter_ack_failed(r) : 0;
}

int sink_seen(struct sink_run *sink)
{
	int r = ack_seen(&sink->ack, sink->core.batch);
	return r < 0 ? filter_ack_failed(r) : 0;
}

int sink_resumed(struct sink_run *sink, const struct mark *mark, struct strbuf *err)
{
	int r = sink->ops->look ? sink->ops->look(sink->self, mark, err) : 0;
	return r < 0 ? sink_fail(r, err) : r;
}
