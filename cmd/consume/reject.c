/* Records that cannot be written: see loop.h. */
#include <inttypes.h>

#include "loop.h"

static void fail(struct consume *c, const struct cursor *cursor, int64_t offset)
{
	consume_fail(c, EXIT_DATA, "topic '%s', partition %d, offset %" PRId64 ": %s", cursor->topic->name,
		(int)cursor->partition, offset, c->encoder.why.s);
}

bool reject_record(struct consume *c, const struct cursor *cursor, const rd_kafka_message_t *m)
{
	struct strbuf text = STRBUF_INIT;
	struct origin at = {.partition = cursor->partition, .from = m->offset, .to = m->offset + 1};
	struct aside_record rec = {
		.reason = c->encoder.why.s, .input = cursor->topic->name, .number = c->rejects.read, .at = &at};
	if (!rejects_go_on(&c->rejects)) {
		fail(c, cursor, m->offset);
		return false;
	}
	snprintf(at.topic, sizeof at.topic, "%s", cursor->topic->name);
	if (c->rejects.opts->fate == REJECTS_FILE)
		encode_whole(cursor, m, &text);
	rec.rec = text.s;
	rec.len = text.len;
	int status = rejects_add(&c->rejects, c->source.policy.marked, &rec);
	strbuf_release(&text);
	if (status)
		consume_fail(c, status, "%s", "");
	return !status;
}

bool reject_batch(struct consume *c, const struct session_action *a)
{
	struct mark mark = c->source.hop;
	if (a->kind != ACTION_MARK || a->mark->kind != MARK_BATCH)
		return true;
	mark.batch = a->mark->number;
	int status = rejects_batch(&c->rejects, &mark);
	if (status)
		consume_fail(c, status, "%s", "");
	return !status;
}

bool reject_flush(struct consume *c, const struct session_event *e)
{
	struct aside *aside = &c->rejects.aside;
	if (c->source.policy.marked || (e->kind != EVENT_FLUSHED && e->kind != EVENT_CLOSED))
		return true;
	int status = rejects_aside_status(aside, aside_batch(aside, NULL), &c->rejects.failed);
	if (status)
		consume_fail(c, status, "%s", "");
	return !status;
}
