/* Reading the partitions in the order of time: see inputs.h. */
#include "inputs.h"

#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/kafka/identity.h"

enum {
	HAND = 512, /* how many messages of a partition are held, unless */
	FEW = 16,   /* there are many partitions */
	MANY = 32,
	WAKE_EVERY_MS = 5,
};

static void drop_hand(struct input *input)
{
	while (input->taken < input->have)
		rd_kafka_message_destroy(input->messages[input->taken++]);
}

void inputs_release(struct inputs *in)
{
	for (size_t i = 0; i < in->count; i++) {
		drop_hand(&in->all[i]);
		if (in->all[i].queue)
			broker_close_queue(in->all[i].queue);
		free(in->all[i].messages);
	}
	free(in->all);
	merge_release(&in->merge);
	*in = (struct inputs){0};
}

rd_kafka_resp_err_t inputs_begin(
	struct inputs *in, struct broker *b, const struct cursors *t, const struct session_part *parts, size_t count)
{
	inputs_release(in);
	in->broker = b;
	in->cursors = t;
	in->epoch = t->epoch;
	in->hand = count < MANY ? HAND : FEW;
	in->all = xcalloc(count + 1, sizeof *in->all);
	in->count = count;
	merge_begin(&in->merge, count);
	for (size_t i = 0; i < count; i++) {
		in->all[i] = (struct input){.cursor = parts[i].cursor,
			.queue = broker_open_queue(b, parts[i].cursor),
			.messages = xcalloc(in->hand, sizeof(rd_kafka_message_t *)),
			.end_seen = OFFSET_NONE};
		if (!in->all[i].queue)
			return RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
	}
	return RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* INPUT holds no message: fetch what has arrived. */
static void fetch(struct inputs *in, struct input *input)
{
	size_t queued = rd_kafka_queue_length(input->queue);
	if (broker_is_full(in->broker, queued, input->record_bytes)) {
		input->was_full = true;
	} else if (input->was_full && !broker_is_full(in->broker, 2 * queued, input->record_bytes)) {
		input->was_full = false;
		in->wake = true;
	}
	input->taken = input->have = 0;
	if (queued)
		input->have = broker_fetch_from(input->queue, input->messages, in->hand, &input->record_bytes);
}

/* Whether all messages of INPUT were taken, up to its end. */
static bool is_at_end(struct inputs *in, const struct input *input)
{
	const struct cursor *c = input->cursor;
	return c->next == input->end_seen || c->next >= broker_end(in->broker, c);
}

/* Find the next message of INPUT. */
static void look(struct inputs *in, struct input *input)
{
	const struct cursor *c = input->cursor;
	size_t i = (size_t)(input - in->all);
	if (!c->assigned || c->ended) {
		drop_hand(input);
		merge_without(&in->merge, i, MERGE_OUT);
		return;
	}
	if (input->taken == input->have)
		fetch(in, input);
	if (input->taken < input->have) {
		const rd_kafka_message_t *m = input->messages[input->taken];
		merge_ready(&in->merge, i, m->err ? MERGE_NO_TIME : message_ms(m));
	} else if (in->merge.inputs[i].state != MERGE_AT_END) { /* it stays at its end until a message arrives */
		merge_without(&in->merge, i, is_at_end(in, input) ? MERGE_AT_END : MERGE_AWAITED);
	}
}

/* Fetching may be suspended, because queues were full: resume it. */
static void wake(struct inputs *in)
{
	int64_t now = clock_ms();
	size_t next;
	if (!in->wake || (now < in->next_wake && merge_next(&in->merge, &next)))
		return;
	in->wake = false;
	in->next_wake = now + WAKE_EVERY_MS;
	broker_wake(in->broker, in->cursors);
}

void inputs_refresh(struct inputs *in)
{
	for (size_t i = 0; i < in->count; i++)
		if (in->merge.inputs[i].state != MERGE_READY)
			look(in, &in->all[i]);
	if (in->count)
		wake(in);
}

rd_kafka_message_t *inputs_next(struct inputs *in, struct input **ret)
{
	size_t i;
	if (!merge_next(&in->merge, &i))
		return NULL;
	*ret = &in->all[i];
	return (*ret)->messages[(*ret)->taken++];
}

void inputs_took(struct inputs *in, struct input *input)
{
	look(in, input);
}

static void add_partition(struct strbuf *text, const struct cursor *c)
{
	strbuf_addf(text, "topic '%s', partition %d", c->topic->name, (int)c->partition);
}

bool inputs_report(struct inputs *in, int64_t now_ms, struct strbuf *text)
{
	size_t i;
	const struct cursor *c = merge_waits(&in->merge, &i) ? in->all[i].cursor : NULL;
	if (c != in->waited_for && patience_end(&in->wait)) {
		add_partition(text, in->waited_for);
		strbuf_addstr(text, ": it is no longer waited for");
	}
	in->waited_for = c;
	if (!c || patience_ask(&in->wait, -1, now_ms) != PATIENCE_TELL)
		return text->len != 0;
	strbuf_addstr(text, "waiting for records of ");
	add_partition(text, c);
	strbuf_addstr(text, ", which has more; what may come after them is held back (--by-time)");
	return true;
}
