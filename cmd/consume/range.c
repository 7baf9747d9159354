/* From which offset to which: --from, --to and the group's positions meet what the partitions still have. */
#include "consume.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/sig.h"

enum {
	STEP_MS = 2000,
	PAUSE_MS = 100,
};

rd_kafka_resp_err_t range_ask(struct consume *c, rd_kafka_topic_partition_list_t *list, int64_t what, int timeout_ms)
{
	for (int i = 0; i < list->cnt; i++)
		list->elems[i].offset = what;
	rd_kafka_resp_err_t err = rd_kafka_offsets_for_times(c->client.rk, list, timeout_ms);
	for (int i = 0; !err && i < list->cnt; i++)
		err = list->elems[i].err;
	return err;
}

static rd_kafka_resp_err_t ask_committed(struct consume *c, rd_kafka_topic_partition_list_t *list, int timeout_ms)
{
	rd_kafka_resp_err_t err = rd_kafka_committed(c->client.rk, list, timeout_ms);
	for (int i = 0; !err && i < list->cnt; i++)
		err = list->elems[i].err;
	return err;
}

/* How long to wait for an answer: it is lost when it comes later, but silence is to be told in time. */
static int64_t step_ms(struct patience *wait, int64_t now_ms)
{
	patience_begin(wait, now_ms);
	return wait->told ? STEP_MS : PATIENCE_TELL_MS;
}

/* The same until there is an answer; false when it is over.  A rebalance meanwhile makes the answer worthless. */
static bool ask(struct consume *c, rd_kafka_topic_partition_list_t *list, bool committed, int64_t offset)
{
	const char *what = committed ? "the positions of the group" : "where the partitions begin and end";
	struct patience wait = {0};
	unsigned changes = c->group.changes;
	for (;;) {
		int step = (int)step_ms(&wait, clock_ms());
		rd_kafka_resp_err_t err = committed ? ask_committed(c, list, step) : range_ask(c, list, offset, step);
		if (!err)
			return true;
		kafka_client_poll(&c->client, PAUSE_MS);
		consume_serve(c);
		if (c->status || sig_stop() || changes != c->group.changes)
			return false;
		bool config = kafka_status(err) == EXIT_CONFIG && err != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
		enum patience_state state = patience_ask(&wait, c->opt->timeout_ms, clock_ms());
		if (state == PATIENCE_WAIT && !config)
			continue;
		struct strbuf text = STRBUF_INIT;
		err = kafka_client_explain(&c->client, err, &text);
		bool over = config || state == PATIENCE_OVER;
		if (over)
			consume_fail(c, kafka_status(err), "cannot find out %s: %s", what, text.s);
		else
			warn("cannot find out %s: %s; trying for %g s (--timeout)", what, text.s,
				(double)c->opt->timeout_ms / 1000);
		strbuf_release(&text);
		if (over)
			return false;
	}
}

/*
 * The group's metadata may say which table its offsets belong to.  What other clients have put there, and some do, says
 * nothing.
 */
static void keep_table(struct position *p, const rd_kafka_topic_partition_t *e)
{
	static const size_t prefix = sizeof TABLE_PREFIX - 1;
	const char *text = e->metadata;
	bool ours = e->metadata_size > prefix && memcmp(text, TABLE_PREFIX, prefix) == 0;
	free(p->table);
	p->table = ours ? xstrndup(text + prefix, e->metadata_size - prefix) : NULL;
}

enum answer { ANSWER_LO, ANSWER_HI, ANSWER_STORED, ANSWER_TIMED };

/* Copy the answers in LIST into the table. */
static void keep(struct consume *c, const rd_kafka_topic_partition_list_t *list, enum answer answer)
{
	for (int i = 0; i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *e = &list->elems[i];
		struct position *p = positions_get(&c->positions, e->topic, e->partition);
		int64_t *to = answer == ANSWER_LO       ? &p->lo
			      : answer == ANSWER_HI     ? &p->hi
			      : answer == ANSWER_STORED ? &p->stored
							: &p->timed;
		*to = e->offset < 0 ? POSITION_NONE : e->offset;
		if (answer == ANSWER_STORED)
			keep_table(p, e);
	}
}

/* librdkafka's mock cluster answers every time with "no record is that late", which would be the end. */
static bool knows_times(struct consume *c)
{
	char *id = rd_kafka_clusterid(c->client.rk, STEP_MS);
	bool mock = id && strncmp(id, "mockCluster", 11) == 0;
	if (id)
		rd_kafka_mem_free(c->client.rk, id);
	if (mock)
		consume_fail(c, EXIT_CONFIG, "this is a mock broker, which cannot look up the offset of a time");
	return !mock;
}

static bool ask_time(struct consume *c, rd_kafka_topic_partition_list_t *list, const struct where *w)
{
	if (!knows_times(c))
		return false;
	if (!ask(c, list, false, w->n))
		return false;
	keep(c, list, ANSWER_TIMED);
	return true;
}

static void fail_lost(struct consume *c, const struct position *p, int64_t start)
{
	if (start < p->lo)
		consume_fail(c, EXIT_DATA, "topic '%s', partition %d: offsets %lld to %lld are lost, its first is %lld",
			p->topic, (int)p->partition, (long long)start, (long long)p->lo - 1, (long long)p->lo);
	else
		consume_fail(c, EXIT_DATA, "topic '%s', partition %d: offset %lld is out of range, its end is %lld",
			p->topic, (int)p->partition, (long long)start, (long long)p->hi);
}

bool range_forgive(struct consume *c, const struct position *p, int64_t start)
{
	bool start_will_do = !c->batch.on && c->opt->from_given && c->opt->from.kind == WHERE_START;
	if (!start_will_do && !c->opt->batch.skip_lost) {
		fail_lost(c, p, start);
		return false;
	}
	warn("topic '%s', partition %d: offsets %lld to %lld are lost, going on at %lld", p->topic, (int)p->partition,
		(long long)start, (long long)p->lo - 1, (long long)p->lo);
	return true;
}

static void find_end(struct consume *c, struct position *p)
{
	if (p->end_known)
		return;
	int64_t end = begin_place(c, &c->opt->to, p);
	p->end = end < 0 ? 0 : end;
	p->end_known = true;
}

static bool find_ends(struct consume *c, rd_kafka_topic_partition_list_t *list)
{
	const struct options *o = c->opt;
	if (!o->to_given)
		return true;
	if (o->to.kind == WHERE_TIME && !ask_time(c, list, &o->to))
		return false;
	for (int i = 0; i < list->cnt; i++)
		find_end(c, positions_get(&c->positions, list->elems[i].topic, list->elems[i].partition));
	return true;
}

/* A time serves --from first and --to then, because both are kept in the same place. */
static bool find_all(struct consume *c, rd_kafka_topic_partition_list_t *list, int64_t *starts)
{
	const struct options *o = c->opt;
	if (o->from.kind == WHERE_TIME && !ask_time(c, list, &o->from))
		return false;
	for (int i = 0; i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *e = &list->elems[i];
		if (!begin_at(c, positions_get(&c->positions, e->topic, e->partition), &starts[i]))
			return false;
	}
	return find_ends(c, list);
}

bool range_stored(struct consume *c, rd_kafka_topic_partition_list_t *list)
{
	if (!ask(c, list, true, 0))
		return false;
	keep(c, list, ANSWER_STORED);
	return true;
}

static bool find_bounds(struct consume *c, rd_kafka_topic_partition_list_t *list)
{
	if (!ask(c, list, false, RD_KAFKA_OFFSET_BEGINNING))
		return false;
	keep(c, list, ANSWER_LO);
	if (!ask(c, list, false, RD_KAFKA_OFFSET_END))
		return false;
	keep(c, list, ANSWER_HI);
	if (!c->opt->group)
		return true;
	return range_stored(c, list);
}

bool range_resolve(struct consume *c, rd_kafka_topic_partition_list_t *list)
{
	int64_t *starts = xcalloc((size_t)list->cnt, sizeof *starts);
	bool ok = find_bounds(c, list) && begin_parts(c, list) && find_all(c, list, starts);
	for (int i = 0; ok && i < list->cnt; i++) {
		rd_kafka_topic_partition_t *e = &list->elems[i];
		struct position *p = positions_get(&c->positions, e->topic, e->partition);
		e->offset = starts[i];
		positions_assign(&c->positions, p, starts[i]);
		/* A start behind hi may be an uncommitted transaction's, or an error: the broker will tell. */
		if (starts[i] <= p->hi)
			positions_advance(&c->positions, p, starts[i]);
	}
	free(starts);
	return ok;
}

bool range_progress(
	struct consume *c, rd_kafka_topic_partition_list_t *list, const struct position **ret_behind, int64_t *ret_sum)
{
	const struct options *o = c->opt;
	int64_t *at = xcalloc((size_t)list->cnt, sizeof *at);
	bool ok = find_bounds(c, list) && begin_parts(c, list) &&
		  (o->from.kind != WHERE_TIME || ask_time(c, list, &o->from));
	for (int i = 0; ok && i < list->cnt; i++)
		at[i] = begin_group(c, positions_get(&c->positions, list->elems[i].topic, list->elems[i].partition));
	ok = ok && find_ends(c, list);
	*ret_behind = NULL;
	*ret_sum = 0;
	for (int i = 0; ok && i < list->cnt; i++) {
		struct position *p = positions_get(&c->positions, list->elems[i].topic, list->elems[i].partition);
		*ret_sum += at[i];
		if (!*ret_behind && at[i] < p->end)
			*ret_behind = p;
	}
	free(at);
	return ok;
}

static void on_lost(struct consume *c, struct position *p)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(list, p->topic, p->partition);
	bool ok = ask(c, list, false, RD_KAFKA_OFFSET_BEGINNING);
	if (ok)
		p->lo = list->elems[0].offset;
	ok = ok && ask(c, list, false, RD_KAFKA_OFFSET_END);
	if (ok)
		p->hi = list->elems[0].offset;
	rd_kafka_topic_partition_list_destroy(list);
	if (!ok)
		return;
	if (c->batch.on && p->next < p->lo &&
		c->opt->batch.skip_lost) { /* the start of a run is where a gap is recorded */
		consume_fail(c, EXIT_TEMP,
			"topic '%s', partition %d: offsets %lld to %lld are lost; a new run skips them", p->topic,
			(int)p->partition, (long long)p->next, (long long)p->lo - 1);
		return;
	}
	if (p->next >= p->lo) {
		fail_lost(c, p, p->next);
		return;
	}
	if (!range_forgive(c, p, p->next))
		return;
	/* Everything is read anew from explicit offsets: records in hand are told apart by the new epoch. */
	positions_advance(&c->positions, p, p->lo);
	source_restart(c);
}

void range_serve(struct consume *c)
{
	if (!c->trouble.lost)
		return;
	c->trouble.lost = false;
	for (size_t i = 0; i < c->positions.count && !c->status; i++) {
		struct position *p = c->positions.all[i];
		bool lost = p->lost && p->assigned && !p->ended;
		p->lost = false;
		if (lost)
			on_lost(c, p);
	}
}
