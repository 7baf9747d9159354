/* Turns records into output in the order of their times: see loop.h. */
#include "common/base/clock.h"
#include "loop.h"

enum { TURN_MAX = 4096 }; /* this many records are taken before everything else gets its turn */

/* Take M of INPUT; there is no need to search for its cursor. */
static void take_of(struct consume *c, struct input *input, rd_kafka_message_t *m)
{
	c->epoch = c->inputs.epoch;
	c->last = input->cursor;
	c->last_topic = m->rkt;
	if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
		input->end_seen = m->offset;
	take(c, m);
}

/* After a second, report that records of one partition wait for another one. */
static void watch_wait(struct consume *c)
{
	struct strbuf text = STRBUF_INIT;
	if (inputs_report(&c->inputs, clock_ms(), &text))
		warn("%s", text.s);
	strbuf_release(&text);
}

/* A record arrived through the consumer's queue, so its place among those of its partition is not known. */
static void fail_stray(struct consume *c)
{
	const rd_kafka_message_t *m = c->broker.stray;
	if (m)
		consume_fail(c, EXIT_TEMP, "topic '%s', partition %d: a record came outside of its partition's queue",
			rd_kafka_topic_name(m->rkt), (int)m->partition);
}

bool take_by_time(struct consume *c)
{
	struct inputs *in = &c->inputs;
	struct input *input;
	rd_kafka_message_t *m;
	size_t n = 0;
	fail_stray(c);
	inputs_refresh(in);
	while (n < TURN_MAX && take_goes_on(c) && (m = inputs_next(in, &input))) {
		take_of(c, input, m);
		inputs_took(in, input);
		n++;
	}
	consume_free_newest(c);
	watch_wait(c);
	return n != 0;
}
