/* The Kafka handle: see broker.h. */
#include "broker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"

enum { CLOSE_S = 15 }; /* when the watchdog ends a hanging close */

/* --- news -----------------------------------------------------------------------------------------------------------
 */

struct news *broker_add_news(struct broker *b, enum news_kind kind)
{
	if (b->news_count == b->news_cap) {
		b->news_cap = b->news_cap ? 2 * b->news_cap : 8;
		b->news = xreallocarray(b->news, b->news_cap, sizeof *b->news);
	}
	struct news *n = &b->news[b->news_count++];
	*n = (struct news){.kind = kind};
	return n;
}

void broker_forget_news(struct broker *b)
{
	for (size_t i = 0; i < b->news_count; i++) {
		if (b->news[i].list)
			rd_kafka_topic_partition_list_destroy(b->news[i].list);
		if (b->news[i].message)
			rd_kafka_message_destroy(b->news[i].message);
	}
	b->news_count = 0;
}

static void on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t err, rd_kafka_topic_partition_list_t *list, void *opaque)
{
	struct broker *b = ((struct kafka_client *)opaque)->user;
	if (b->closing) {
		rd_kafka_assign(rk, NULL);
	} else if (err == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
		broker_add_news(b, NEWS_ASSIGNED)->list = rd_kafka_topic_partition_list_copy(list);
	} else {
		broker_add_news(b, rd_kafka_assignment_lost(rk) ? NEWS_LOST : NEWS_REVOKED);
	}
}

static int on_stats(rd_kafka_t *rk, char *json, size_t len, void *opaque)
{
	struct broker *b = ((struct kafka_client *)opaque)->user;
	(void)rk;
	joining_hear(&b->joining, json, len, clock_ms());
	return 0; /* librdkafka parses a value in JSON */
}

/* --- the handle -----------------------------------------------------------------------------------------------------
 */

static int open_queues(struct broker *b, struct strbuf *err)
{
	static const uint64_t one = 1;
	b->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (b->wake_fd < 0) {
		strbuf_addf(err, "cannot make an eventfd: %s", diag_strerror(errno));
		return EXIT_TEMP;
	}
	b->data = rd_kafka_queue_new(b->client.rk);
	b->commits = rd_kafka_queue_new(b->client.rk);
	rd_kafka_queue_io_event_enable(b->data, b->wake_fd, &one, sizeof one);
	rd_kafka_queue_io_event_enable(b->commits, b->wake_fd, &one, sizeof one);
	rd_kafka_queue_t *control = rd_kafka_queue_get_consumer(b->client.rk);
	if (control) { /* there is a group */
		rd_kafka_queue_io_event_enable(control, b->wake_fd, &one, sizeof one);
		rd_kafka_queue_destroy(control);
	}
	return EXIT_OK;
}

int broker_open(struct broker *b, const struct consume_options *opt, size_t shares, struct strbuf *err)
{
	rd_kafka_conf_t *conf;
	*b = (struct broker){
		.opt = opt, .member = opt->group && !opt->partition_count, .wake_fd = -1, .shares = shares};
	joining_init(&b->joining);
	int status = broker_configure(b, &conf, err);
	if (status)
		return status;
	if (b->member) {
		rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
		rd_kafka_conf_set_stats_cb(conf, on_stats);
	}
	b->client.user = b;
	if (kafka_client_init(&b->client, RD_KAFKA_CONSUMER, conf, err) < 0)
		return EXIT_CONFIG;
	b->client.tell = warn_line;
	b->client.timeout_ms = opt->timeout_ms;
	return open_queues(b, err);
}

/*
 * In librdkafka 2.0.2 closing may hang (after a topic was deleted, or the coordinator was lost); by then everything
 * that matters is done.
 */
static volatile sig_atomic_t exit_status_of_watchdog;

static void bite(int sig)
{
	(void)sig;
	_exit(exit_status_of_watchdog);
}

void broker_leave(struct broker *b, int status_of_watchdog)
{
	struct sigaction action = {.sa_handler = bite};
	if (!b->client.rk)
		return;
	sigemptyset(&action.sa_mask);
	exit_status_of_watchdog = status_of_watchdog;
	sigaction(SIGALRM, &action, NULL);
	alarm(CLOSE_S);
	b->closing = true;
	if (b->opt->group)
		rd_kafka_consumer_close(b->client.rk);
	else
		simple_close(&b->simple);
}

void broker_close(struct broker *b)
{
	broker_forget_news(b);
	free(b->news);
	if (b->stray)
		rd_kafka_message_destroy(b->stray);
	if (b->data)
		rd_kafka_queue_destroy(b->data);
	if (b->commits)
		rd_kafka_queue_destroy(b->commits);
	if (b->wake_fd >= 0)
		close(b->wake_fd);
	joining_release(&b->joining);
	kafka_client_release(&b->client);
}

rd_kafka_resp_err_t broker_join(struct broker *b)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	for (char **t = b->opt->topics; *t; t++) /* librdkafka refuses a topic that is named twice */
		if (!rd_kafka_topic_partition_list_find(list, *t, RD_KAFKA_PARTITION_UA))
			rd_kafka_topic_partition_list_add(list, *t, RD_KAFKA_PARTITION_UA);
	rd_kafka_resp_err_t err = rd_kafka_subscribe(b->client.rk, list);
	rd_kafka_topic_partition_list_destroy(list);
	return err;
}

void broker_serve(struct broker *b)
{
	rd_kafka_poll(b->client.rk, 0);
	rd_kafka_queue_poll_callback(b->commits, 0);
	for (rd_kafka_message_t *m; b->opt->group && !b->stray && (m = rd_kafka_consumer_poll(b->client.rk, 0));) {
		if (m->err)
			broker_add_news(b, NEWS_MESSAGE)->message = m;
		else
			b->stray = m; /* the partition's queue could not be forwarded */
	}
}
