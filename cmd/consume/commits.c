/*
 * Commits: what has left for standard output, or what sinks have acknowledged; only forwards, and only of partitions
 * that are assigned now.  librdkafka sends an explicit commit whatever it says and the broker does not check who owns
 * the partition, so both are seen to here.
 */
#include "consume.h"

#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/killpoint.h"

/* A rebalance has overtaken the commit: the new owner goes on from the commit before. */
static bool is_stale(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION || err == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID ||
	       err == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS || err == RD_KAFKA_RESP_ERR__STATE ||
	       err == RD_KAFKA_RESP_ERR__NO_OFFSET;
}

/* A commit is not answered, or was refused: say so after a second, and end when the time is over. */
static void watch(struct consume *c)
{
	struct group *g = &c->group;
	struct strbuf text = STRBUF_INIT;
	enum patience_state state =
		g->commit.on ? patience_ask(&g->commit, c->opt->timeout_ms, clock_ms()) : PATIENCE_WAIT;
	if (state == PATIENCE_WAIT)
		return;
	kafka_client_explain(&c->client, g->in_flight ? RD_KAFKA_RESP_ERR__TIMED_OUT : g->commit_err, &text);
	if (state == PATIENCE_TELL)
		warn("cannot commit for the group '%s': %s; trying for %g s (--timeout)", c->opt->group, text.s,
			(double)c->opt->timeout_ms / 1000);
	else
		consume_fail(c, EXIT_TEMP, "cannot commit for the group '%s': %s; records will be delivered again",
			c->opt->group, text.s);
	strbuf_release(&text);
}

static void on_commit(rd_kafka_t *rk, rd_kafka_resp_err_t err, rd_kafka_topic_partition_list_t *list, void *opaque)
{
	struct consume *c = ((struct kafka_client *)opaque)->user;
	struct group *g = &c->group;
	(void)rk;
	g->in_flight = false;
	KILL_POINT("consume-after-commit");
	for (int i = 0; list && i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *e = &list->elems[i];
		struct position *p = positions_get(&c->positions, e->topic, e->partition);
		if (!err && !e->err && p->assigned && e->offset > p->committed)
			p->committed = e->offset;
		if (!err)
			err = e->err;
	}
	g->commit_err = err;
	if (!err && patience_end(&g->commit))
		warn("commits for the group '%s' succeed again", c->opt->group);
	else if (!err)
		return;
	else if (is_stale(err) && g->member)
		patience_end(&g->commit);
	else if (is_stale(err))
		consume_fail(c, EXIT_CONFIG,
			"cannot commit for the group '%s': %s; it has members, so -p commits nothing for it",
			c->opt->group, rd_kafka_err2str(err));
	else if (err == RD_KAFKA_RESP_ERR__FATAL)
		trouble_fatal(c);
	else if (kafka_status(err) == EXIT_CONFIG)
		consume_fail(
			c, EXIT_CONFIG, "cannot commit for the group '%s': %s", c->opt->group, rd_kafka_err2str(err));
	else
		watch(c);
}

/* What was written and is not yet committed; NULL: nothing. */
static rd_kafka_topic_partition_list_t *due(const struct positions *t, const char *table)
{
	rd_kafka_topic_partition_list_t *list = NULL;
	for (size_t i = 0; i < t->count; i++) {
		const struct position *p = t->all[i];
		if (!p->assigned || p->written <= p->committed)
			continue;
		if (!list)
			list = rd_kafka_topic_partition_list_new(1);
		rd_kafka_topic_partition_t *e = rd_kafka_topic_partition_list_add(list, p->topic, p->partition);
		e->offset = p->written;
		if (table) { /* whoever reads the group's offsets can see what they are a copy of */
			struct strbuf text = STRBUF_INIT;
			strbuf_addf(&text, TABLE_PREFIX "%s", table);
			e->metadata_size = text.len;
			e->metadata = strbuf_detach(&text);
		}
	}
	return list;
}

/* Send what is due; false: there is nothing. */
static bool commit(struct consume *c)
{
	struct group *g = &c->group;
	rd_kafka_topic_partition_list_t *list = due(&c->positions, c->batch.on ? batch_table(c, NULL) : NULL);
	g->next_commit = clock_ms() + g->interval_ms;
	if (!list) {
		patience_end(&g->commit);
		g->commit_err = 0; /* what was refused has been given away since, or is committed */
		return false;
	}
	if (!g->queue)
		g->queue = rd_kafka_queue_new(c->client.rk);
	KILL_POINT("consume-before-commit");
	rd_kafka_resp_err_t err = rd_kafka_commit_queue(c->client.rk, list, g->queue, on_commit, &c->client);
	g->in_flight = !err;
	patience_begin(&g->commit, clock_ms());
	g->commit_err = err;
	rd_kafka_topic_partition_list_destroy(list);
	return !err;
}

void group_serve(struct consume *c)
{
	struct group *g = &c->group;
	if (!g->commits)
		return;
	if (g->queue)
		rd_kafka_queue_poll_callback(g->queue, 0);
	if (!g->in_flight && clock_ms() >= g->next_commit)
		commit(c);
	watch(c);
}

/* Wait for the commit in flight; false: its answer did not come, or was no. */
static bool await(struct consume *c, int64_t deadline)
{
	struct group *g = &c->group;
	while (g->in_flight && clock_ms() < deadline && !c->status) {
		rd_kafka_queue_poll_callback(g->queue, 50);
		watch(c);
	}
	if (g->in_flight)
		g->commit_err = RD_KAFKA_RESP_ERR__TIMED_OUT;
	return !g->commit_err;
}

bool group_commit_wait(struct consume *c, int64_t timeout_ms)
{
	int64_t deadline = clock_ms() + timeout_ms;
	await(c, deadline);
	if (c->group.in_flight)
		return false;
	if (!commit(c))
		return !c->group.commit_err;
	return await(c, deadline);
}
