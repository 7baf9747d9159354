/* Carries out the session's actions: see loop.h. */
#include <inttypes.h>

#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "common/base/sig.h"
#include "loop.h"
#include "notes.h"
#include "partition.h"
#include "words.h"

enum { LAST_FLUSH_MS = 30000 }; /* after a signal */

static const int statuses[] = {[OUTCOME_DATA] = EXIT_DATA, [OUTCOME_AGAIN] = EXIT_TEMP, [OUTCOME_CONFIG] = EXIT_CONFIG};

struct cursor *consume_cursor(struct consume *c, const rd_kafka_message_t *m)
{
	if (!c->last || c->last_topic != m->rkt || c->last->partition != m->partition) {
		c->last = cursors_get(&c->source.session.cursors, rd_kafka_topic_name(m->rkt), m->partition);
		c->last_topic = m->rkt;
	}
	return c->last;
}

/*
 * A CRC of every record would take more time than all its other processing, so only the last record of a partition gets
 * one.
 */
void consume_free_newest(struct consume *c)
{
	for (size_t i = 0; i < c->touched_count; i++) {
		struct partition *p = partition_of(c->touched[i]);
		c->touched[i]->last = partition_identity(p->newest);
		rd_kafka_message_destroy(p->newest);
		p->newest = NULL;
	}
	c->touched_count = 0;
}

static void say(struct consume *c, const struct session_action *a)
{
	struct strbuf text = STRBUF_INIT;
	const struct cursor *about = a->count ? a->parts[0].cursor : NULL;
	const char *table = about && about->user ? ((struct partition *)about->user)->table : NULL;
	struct message_facts words = {.opt = c->opt,
		.sinks = c->source.sinks.acks.count,
		.detail = c->source.detail.s,
		.table_ours = source_sinks_table(&c->source.sinks, table),
		.refusal = c->commit_err ? rd_kafka_err2str(c->commit_err) : "the group has taken the partitions away"};
	words_add(&text, &words, a);
	if (a->kind == ACTION_FAIL)
		consume_fail(c, statuses[a->outcome], "%s", text.s);
	else
		warn("%s", text.s);
	strbuf_release(&text);
}

static void look_up(struct consume *c, const struct session_action *a)
{
	const struct consume_options *o = c->opt;
	unsigned want = LOOKUP_BOUNDS;
	if (c->source.session.state != SESSION_RELOCATING) {
		want |= o->group ? LOOKUP_STORED : 0;
		want |= o->from.kind == WHERE_TIME ? LOOKUP_FROM : 0;
		want |= o->to_given && o->to.kind == WHERE_TIME ? LOOKUP_TO : 0;
	}
	c->lookup.from_ms = o->from.n;
	c->lookup.to_ms = o->to.n;
	lookup_begin(&c->lookup, a->number, want, a->parts, a->count);
}

static void join(struct consume *c)
{
	if (!c->broker.member) {
		c->join_named = true;
		return;
	}
	rd_kafka_resp_err_t err = broker_join(&c->broker);
	if (err)
		consume_fail(
			c, kafka_status(err), "cannot join the group '%s': %s", c->opt->group, rd_kafka_err2str(err));
	else if (!c->others.count) /* with nothing to read, librdkafka would not even join the group */
		others_note(&c->others, true, clock_ms());
	else
		joining_begin(&c->broker.joining, clock_ms());
}

static void assign(struct consume *c, const struct session_action *a)
{
	rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR_NO_ERROR;
	if (c->opt->by_time)
		err = inputs_begin(&c->inputs, &c->broker, &c->source.session.cursors, a->parts, a->count);
	if (!err)
		err = broker_assign(&c->broker, a->parts, a->count);
	if (err)
		consume_fail(c, kafka_status(err), "cannot start reading: %s", rd_kafka_err2str(err));
	else
		notes_assigned(a->parts, a->count);
}

static void unassign(struct consume *c)
{
	rd_kafka_resp_err_t err = broker_unassign(&c->broker);
	inputs_release(&c->inputs);
	if (c->broker.member)
		joining_begin(&c->broker.joining, clock_ms());
	others_note(&c->others, false, 0);
	if (err)
		consume_fail(c, kafka_status(err), "cannot give partitions back: %s", rd_kafka_err2str(err));
}

static void commit(struct consume *c, const struct session_action *a)
{
	KILL_POINT("source-before-commit");
	patience_begin(&c->commit, clock_ms());
	broker_commit(&c->broker, a->parts, a->count,
		c->source.policy.marked ? source_sinks_table(&c->source.sinks, NULL) : NULL);
}

static void act(struct consume *c, const struct session_action *a)
{
	if (!reject_batch(c, a) || source_act(&c->source, a))
		return;
	switch (a->kind) {
	case ACTION_JOIN:
		join(c);
		break;
	case ACTION_LOOK_UP:
		look_up(c, a);
		break;
	case ACTION_ASSIGN:
		assign(c, a);
		break;
	case ACTION_UNASSIGN:
		unassign(c);
		break;
	case ACTION_COMMIT:
		commit(c, a);
		break;
	case ACTION_TELL:
	case ACTION_FAIL:
		say(c, a);
		break;
	default:
		break;
	}
}

void consume_step(struct consume *c, const struct session_event *event)
{
	static const struct session_event broken = {.kind = EVENT_BROKEN};
	if (!reject_flush(c, event)) {
		c->fail_told = true;
		event = &broken;
	}
	session_step(&c->source.session, clock_ms(), event);
	for (size_t i = 0; i < c->source.session.action_count; i++)
		act(c, &c->source.session.actions[i]);
}

void consume_step_kind(struct consume *c, enum session_event_kind kind)
{
	consume_step(c, &(struct session_event){.kind = kind});
}
