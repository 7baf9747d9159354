/* Turns records into output: see loop.h. */
#include <stdlib.h>

#include "loop.h"
#include "partition.h"

static void compare(struct consume *c, struct cursor *cursor, const rd_kafka_message_t *m)
{
	struct identity is = partition_identity(m);
	if (is.crc == cursor->before.crc && is.ms == cursor->before.ms)
		return;
	struct session_part part = {.cursor = cursor, .offset = m->offset};
	consume_step(c, &(struct session_event){.kind = EVENT_DIFFERENT, .parts = &part, .count = 1});
}

/* M was written: keep it as long as it is the newest message of its partition, else destroy it. */
static void keep_newest(struct consume *c, struct cursor *cursor, rd_kafka_message_t *m)
{
	struct partition *p = partition_of(cursor);
	if (p->newest)
		rd_kafka_message_destroy(p->newest);
	else
		c->touched[c->touched_count++] = cursor;
	p->newest = m;
}

static int64_t message_time(const rd_kafka_message_t *m)
{
	rd_kafka_timestamp_type_t type;
	return rd_kafka_message_timestamp(m, &type);
}

/* M is not written, but it counts as read, and its position moves. */
static void pass(struct consume *c, struct cursor *cursor, rd_kafka_message_t *m)
{
	int64_t offset = m->offset, ms = message_time(m);
	keep_newest(c, cursor, m);
	session_left_out(&c->source.session, cursor, offset, ms);
}

/* Whether M is a tombstone that --tombstones skip leaves out. */
static bool leave_out(struct consume *c, struct cursor *cursor, rd_kafka_message_t *m)
{
	if (!c->opt->skip_tombstones || m->payload)
		return false;
	pass(c, cursor, m);
	return true;
}

/* Write M and destroy it at once, while it is in the processor's cache. */
static void write_record(struct consume *c, struct cursor *cursor, rd_kafka_message_t *m)
{
	int64_t offset = m->offset, ms = message_time(m);
	uint64_t bytes = m->len + m->key_len;
	c->rejects.read++;
	if (encode_record(&c->encoder, cursor, &partition_of(cursor)->prefix, m, &c->source.output) < 0) {
		if (reject_record(c, cursor, m))
			pass(c, cursor, m);
		else
			rd_kafka_message_destroy(m);
		return;
	}
	keep_newest(c, cursor, m);
	if (session_took(&c->source.session, cursor, offset, ms, bytes)) {
		consume_free_newest(c);
		consume_step_kind(c, EVENT_FULL);
	}
}

void take(struct consume *c, rd_kafka_message_t *m)
{
	c->source.unflushed = true; /* reaching the end of a partition moves its position, too */
	if (m->err) {
		hear_message(c, m);
		rd_kafka_message_destroy(m);
		return;
	}
	struct cursor *cursor = consume_cursor(c, m);
	enum verdict verdict = cursors_accept(&c->source.session.cursors, cursor, m->offset, c->epoch);
	if (cursor->assigned && cursor->epoch <= c->epoch)
		broker_heard(&c->broker, cursor);
	if (verdict == RECORD_TAKE) {
		if (!leave_out(c, cursor, m))
			write_record(c, cursor, m);
		return;
	}
	if (verdict == RECORD_COMPARE)
		compare(c, cursor, m);
	rd_kafka_message_destroy(m);
}

/*
 * Whether records may be taken, and standard output accepts them.  Bytes that it does not accept are kept, and further
 * records wait.
 */
bool take_goes_on(struct consume *c)
{
	if (c->source.session.state != SESSION_READING || c->status)
		return false;
	if (!output_full(&c->source.output))
		return true;
	int r = output_push(&c->source.output);
	if (r == 0 && !c->source.policy.marked) {
		c->source.unflushed = false;
		consume_step_kind(c, EVENT_FLUSHED);
	}
	return r == 0;
}

bool take_records(struct consume *c)
{
	if (c->taken == c->have) {
		c->last = NULL;
		c->taken = 0;
		c->epoch = c->source.session.cursors.epoch;
		c->have = broker_fetch(&c->broker, &c->source.session.cursors, c->messages, FETCH_MAX);
	}
	bool any = c->taken < c->have;
	while (c->taken < c->have && take_goes_on(c))
		take(c, c->messages[c->taken++]);
	consume_free_newest(c);
	return any;
}

void take_release(struct consume *c)
{
	inputs_release(&c->inputs);
	while (c->taken < c->have)
		rd_kafka_message_destroy(c->messages[c->taken++]);
	for (size_t i = 0; i < c->source.session.cursors.count; i++)
		partition_free(c->source.session.cursors.items[i]);
}
