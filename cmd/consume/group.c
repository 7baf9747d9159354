/* The consumer group: membership and rebalances. */
#include "consume.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/sig.h"

enum {
	REVOKE_MS = 30000, /* for writing out what is buffered, and never over half of max.poll.interval.ms */
	REVOKE_COMMIT_MS = 5000,
	CLOSE_S = 15, /* the watchdog of closing */
};

static int64_t conf_number(rd_kafka_conf_t *conf, const char *name)
{
	char text[32] = "";
	size_t size = sizeof text;
	return rd_kafka_conf_get(conf, name, text, &size) == RD_KAFKA_CONF_OK ? strtoll(text, NULL, 10) : 0;
}

static void forget_gained(struct group *g)
{
	if (g->gained)
		rd_kafka_topic_partition_list_destroy(g->gained);
	g->gained = NULL;
}

/* The answer to librdkafka that nothing is read (any more). */
static void assign_nothing(struct consume *c)
{
	rd_kafka_resp_err_t err = rd_kafka_assign(c->client.rk, NULL);
	if (c->group.member && !c->group.closing)
		joining_begin(&c->group.joining, clock_ms());
	if (err && !c->group.closing)
		consume_fail(c, kafka_status(err), "cannot give partitions back: %s", rd_kafka_err2str(err));
}

static void on_assign(struct consume *c, const rd_kafka_topic_partition_list_t *list)
{
	struct group *g = &c->group;
	rd_kafka_topic_partition_list_t *none = rd_kafka_topic_partition_list_new(0);
	if (joining_end(&g->joining))
		warn("the group '%s' has formed", c->opt->group);
	positions_drop_all(&c->positions);
	forget_gained(g);
	g->gained = topics_wanted(c, list);
	g->empty_since = g->gained->cnt ? 0 : clock_ms();
	/* The member takes part from now on; reading begins when group_act() knows from where. */
	rd_kafka_assign(c->client.rk, none);
	rd_kafka_topic_partition_list_destroy(none);
}

void group_retake(struct consume *c)
{
	rd_kafka_topic_partition_list_t *list = positions_list(&c->positions);
	if (list->cnt && !c->group.revoking) {
		c->group.changes++;
		on_assign(c, list);
	}
	rd_kafka_topic_partition_list_destroy(list);
}

static void on_revoke(struct consume *c)
{
	struct group *g = &c->group;
	int64_t budget = c->batch.on ? c->opt->batch.drain_timeout_ms : REVOKE_MS;
	if (budget > g->max_poll_ms / 2)
		budget = g->max_poll_ms / 2;
	bool lost = rd_kafka_assignment_lost(c->client.rk);
	g->empty_since = 0;
	forget_gained(g);
	if (lost && c->positions.assigned)
		warn("the group '%s' took the partitions away; records may be delivered again", c->opt->group);
	g->lost = lost && c->positions.assigned;
	if (lost || g->closing || !c->positions.assigned) {
		g->revoking = false;
		positions_drop_all(&c->positions);
		assign_nothing(c);
		return;
	}
	g->revoking = true;
	g->revoke_deadline = clock_ms() + budget;
}

static void on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t err, rd_kafka_topic_partition_list_t *list, void *opaque)
{
	struct consume *c = ((struct kafka_client *)opaque)->user;
	(void)rk;
	c->group.changes++;
	if (err == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && !c->group.closing)
		on_assign(c, list);
	else
		on_revoke(c);
}

static int on_stats(rd_kafka_t *rk, char *json, size_t len, void *opaque)
{
	struct consume *c = ((struct kafka_client *)opaque)->user;
	(void)rk;
	joining_hear(&c->group.joining, json, len, clock_ms());
	return 0; /* JSON remains librdkafka's */
}

bool group_configure(struct consume *c, rd_kafka_conf_t *conf)
{
	struct group *g = &c->group;
	char strategy[128] = "";
	size_t size = sizeof strategy;
	g->commits = c->opt->group;
	g->member = c->opt->group && !c->opt->partition_count;
	g->interval_ms = conf_number(conf, "auto.commit.interval.ms");
	g->max_poll_ms = conf_number(conf, "max.poll.interval.ms");
	g->heartbeat_ms = conf_number(conf, "heartbeat.interval.ms");
	g->session_ms = conf_number(conf, "session.timeout.ms");
	if (c->opt->instance_id && rd_kafka_conf_set(conf, "group.instance.id", c->opt->instance_id, NULL, 0)) {
		consume_fail(c, EXIT_CONFIG, "the instance id is not valid");
		return false;
	}
	if (!g->member)
		return true;
	if (rd_kafka_conf_get(conf, "partition.assignment.strategy", strategy, &size) != RD_KAFKA_CONF_OK ||
		strstr(strategy, "cooperative")) {
		consume_fail(c, EXIT_CONFIG, "partition.assignment.strategy can be range or roundrobin only");
		return false;
	}
	rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
	rd_kafka_conf_set_stats_cb(conf, on_stats);
	return true;
}

bool group_join(struct consume *c)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	for (char **t = c->opt->topics; *t; t++) /* librdkafka refuses a topic that is named twice */
		if (!rd_kafka_topic_partition_list_find(list, *t, RD_KAFKA_PARTITION_UA))
			rd_kafka_topic_partition_list_add(list, *t, RD_KAFKA_PARTITION_UA);
	rd_kafka_resp_err_t err = rd_kafka_subscribe(c->client.rk, list);
	rd_kafka_topic_partition_list_destroy(list);
	if (!c->group.something) /* librdkafka does not even join then */
		c->group.empty_since = clock_ms();
	else
		joining_begin(&c->group.joining, clock_ms());
	if (err)
		consume_fail(
			c, kafka_status(err), "cannot join the group '%s': %s", c->opt->group, rd_kafka_err2str(err));
	return !err;
}

static void give_back(struct consume *c)
{
	c->group.revoking = false;
	group_commit_wait(c, REVOKE_COMMIT_MS);
	positions_drop_all(&c->positions);
	assign_nothing(c);
}

void group_wait(struct consume *c)
{
	struct joining *j = &c->group.joining;
	const char *group = c->opt->group;
	int64_t limit = c->opt->timeout_ms, now = clock_ms();
	switch (joining_ask(j, limit, c->group.max_poll_ms, now)) {
	case JOINING_GO_ON:
		break;
	case JOINING_TELL:
		warn("waiting for the group '%s': %s; trying for %g s (--timeout)", group, joining_why(j),
			(double)limit / 1000);
		break;
	case JOINING_TELL_HELD:
		warn("waiting for other members of the group '%s', which have not joined again for %lld s", group,
			(long long)(now - j->held.since) / 1000);
		break;
	case JOINING_OVER:
		consume_fail(c, j->err ? kafka_status(j->err) : EXIT_TEMP, "the group '%s' has not formed for %g s: %s",
			group, (double)limit / 1000, joining_why(j));
		break;
	case JOINING_OVER_HELD:
		consume_fail(c, EXIT_TEMP,
			"other members of the group '%s' have not joined again for %g s (max.poll.interval.ms)", group,
			(double)c->group.max_poll_ms / 1000);
		break;
	}
}

/* Partitions are to be given back: what was read of them shall be written, or acknowledged, before. */
static void drain(struct consume *c)
{
	struct group *g = &c->group;
	if (c->batch.on && batch_cut(c, true) &&
		!acks_wait(c, batch_settled, "the sinks to acknowledge what goes to another member",
			g->revoke_deadline - clock_ms(), false))
		warn("not all is acknowledged that was read of the partitions that go to another member");
	if (!c->batch.on)
		sink_flush(c, 0);
	if (g->revoking && !c->status)
		give_back(c);
}

void group_overdue(struct consume *c)
{
	if (c->group.revoking && clock_ms() >= c->group.revoke_deadline)
		give_back(c);
}

/* Find out from where, and read, unless another rebalance came meanwhile: CHANGES is the number of this one. */
static void start_reading(struct consume *c, rd_kafka_topic_partition_list_t *list, unsigned changes)
{
	if (range_resolve(c, list) && changes == c->group.changes)
		source_assign(c, list);
}

void group_act(struct consume *c)
{
	struct group *g = &c->group;
	if (g->lost) {
		g->lost = false;
		if (c->batch.on)
			batch_cut(c, false);
	}
	if (g->revoking)
		drain(c);
	if (!g->gained || c->status)
		return;
	rd_kafka_topic_partition_list_t *list = g->gained;
	g->gained = NULL;
	if (c->batch.on)
		gain(c, list);
	else if (list->cnt)
		start_reading(c, list, g->changes);
	rd_kafka_topic_partition_list_destroy(list);
}

/* Closing may hang in librdkafka 2.0.2 (a deleted topic, a lost coordinator); everything that matters is done. */
static volatile sig_atomic_t exit_status_of_watchdog;

static void bite(int sig)
{
	(void)sig;
	_exit(exit_status_of_watchdog);
}

void group_leave(struct consume *c)
{
	struct group *g = &c->group;
	struct sigaction action = {.sa_handler = bite};
	sigemptyset(&action.sa_mask);
	exit_status_of_watchdog = c->status;
	sigaction(SIGALRM, &action, NULL);
	alarm(CLOSE_S);
	g->closing = true;
	forget_gained(g);
	if (g->others.all)
		rd_kafka_topic_partition_list_destroy(g->others.all);
	g->others.all = NULL;
	if (c->opt->group)
		rd_kafka_consumer_close(c->client.rk);
	else
		simple_close(c);
	if (g->queue)
		rd_kafka_queue_destroy(g->queue);
	g->queue = NULL;
}
