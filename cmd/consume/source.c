/*
 * The Kafka handle: its properties, its queues, its memory.
 *
 * Records go into a queue of their own, beside the consumer's queue, which then holds rebalances and errors only.  So
 * a rebalance is not stuck behind everything that was prefetched, and while standard output is blocked the group can
 * be served without taking records.  Neither pause nor seek is used: with batch reads both lose records before
 * librdkafka 2.1.
 */
#include "consume.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/sig.h"

enum {
	RECORD_OVERHEAD = 420,    /* bytes of resident memory that a queued record of 2.0.2 takes beside its payload */
	BASE_MEMORY = 24 << 20,   /* the process without queued records */
	FETCH_BACKOFF = 0x020200, /* version with fetch.queue.backoff.ms */
	WAKE_MS = 1,
	DISCOVERY_MS = 30000,
	FORWARD_MS = 50,
};

/* Set a property to what consume depends on; the user may not want it otherwise. */
static bool force(struct consume *c, rd_kafka_conf_t *conf, const char *name, const char *value, const char *instead)
{
	struct strbuf err = STRBUF_INIT;
	char now[64];
	size_t size = sizeof now;
	if (!kafka_conf_is_default(conf, name) &&
		(rd_kafka_conf_get(conf, name, now, &size) != RD_KAFKA_CONF_OK || strcmp(now, value) != 0))
		strbuf_addf(&err, "the property \"%s\" is set by consume itself; %s", name, instead);
	else if (kafka_conf_set(conf, name, value, &err) == 0)
		return true;
	consume_fail(c, EXIT_CONFIG, "%s", err.s);
	strbuf_release(&err);
	return false;
}

static bool force_all(struct consume *c, rd_kafka_conf_t *conf)
{
	return force(c, conf, "enable.auto.commit", "false", "it commits what was written") &&
	       force(c, conf, "enable.auto.offset.store", "false", "it commits what was written") &&
	       force(c, conf, "enable.partition.eof", "true", "see --to") &&
	       force(c, conf, "auto.offset.reset", "error", "see --from") &&
	       (!c->opt->group || force(c, conf, "group.id", c->opt->group, "see -g")) &&
	       (!c->opt->group || c->opt->partition_count ||
		       force(c, conf, "statistics.interval.ms", "500", "they tell it how the group gets on"));
}

/* A default of ours, which the user may change. */
static bool prefer(struct consume *c, rd_kafka_conf_t *conf, const char *name, uint64_t value)
{
	struct strbuf err = STRBUF_INIT, text = STRBUF_INIT;
	strbuf_addf(&text, "%llu", (unsigned long long)value);
	bool ok = !kafka_conf_is_default(conf, name) || kafka_conf_set(conf, name, text.s, &err) == 0;
	if (!ok)
		consume_fail(c, EXIT_BUG, "%s", err.s);
	strbuf_release(&text);
	strbuf_release(&err);
	return ok;
}

static uint64_t clamp(uint64_t n, uint64_t lo, uint64_t hi)
{
	return n < lo ? lo : n > hi ? hi : n;
}

static uint64_t get_number(rd_kafka_conf_t *conf, const char *name)
{
	char text[32] = "";
	size_t size = sizeof text;
	if (rd_kafka_conf_get(conf, name, text, &size) != RD_KAFKA_CONF_OK)
		return 0;
	return strtoull(text, NULL, 10);
}

/*
 * Bound the memory of queued records.  librdkafka counts records and their payload; all partitions share one queue, so
 * the limits hold for them together.  What one fetch brings beyond the limits is bounded as well.
 */
static bool bound_memory(struct consume *c, rd_kafka_conf_t *conf)
{
	uint64_t memory = clamp(c->opt->memory, BASE_MEMORY + (16 << 20), UINT64_MAX) - BASE_MEMORY;
	bool ok = prefer(c, conf, "queued.min.messages", clamp(memory / 2 / RECORD_OVERHEAD, 1000, 10000000)) &&
		  prefer(c, conf, "queued.max.messages.kbytes", clamp(memory / 2 >> 10, 1024, 2097151)) &&
		  prefer(c, conf, "fetch.max.bytes", clamp(memory / 48, 1 << 20, 50 << 20)) &&
		  prefer(c, conf, "receive.message.max.bytes", INT32_MAX);
	c->source.max_count = get_number(conf, "queued.min.messages");
	c->source.max_bytes = get_number(conf, "queued.max.messages.kbytes") << 10;
	return ok;
}

static bool configure(struct consume *c, rd_kafka_conf_t *conf)
{
	struct strbuf err = STRBUF_INIT;
	bool ok = force_all(c, conf) && bound_memory(c, conf);
	/* See simple.c; a file of properties may be made for groups. */
	if (ok && !c->opt->group)
		ok = kafka_conf_set(conf, "group.id", NULL, &err) == 0;
	/* How long it takes until partitions and topics are noticed that come later. */
	if (ok)
		ok = prefer(c, conf, "topic.metadata.refresh.interval.ms", DISCOVERY_MS);
	c->source.discovery_ms = (int64_t)get_number(conf, "topic.metadata.refresh.interval.ms");
	/* Otherwise the group would share them out too, although nobody reads them. */
	if (ok && !topics_internal(c) && kafka_conf_is_default(conf, "topic.blacklist"))
		ok = kafka_conf_set(conf, "topic.blacklist", "^__", &err) == 0;
	if (ok && kafka_conf_is_default(conf, "check.crcs"))
		ok = kafka_conf_set(conf, "check.crcs", "true", &err) == 0;
	/* The end of a partition that ends in control records shows after an empty fetch. */
	if (ok && c->opt->to_given)
		ok = prefer(c, conf, "fetch.wait.max.ms", 100);
	if (ok && rd_kafka_version() >= FETCH_BACKOFF << 8)
		ok = prefer(c, conf, "fetch.queue.backoff.ms", 5);
	if (!ok && err.len)
		consume_fail(c, EXIT_BUG, "%s", err.s);
	strbuf_release(&err);
	return ok;
}

static void tell(const char *line)
{
	warn("%s", line);
}

static bool open_handle(struct consume *c)
{
	struct strbuf err = STRBUF_INIT;
	rd_kafka_conf_t *conf;
	int r = kafka_conf_new(&c->opt->kafka, &conf, &err);
	if (r < 0) {
		consume_fail(c, kafka_conf_status(r), "%s", err.s);
	} else if (!configure(c, conf)) {
		rd_kafka_conf_destroy(conf);
	} else if (!group_configure(c, conf)) {
		rd_kafka_conf_destroy(conf);
	} else {
		c->client.user = c;
		if (kafka_client_init(&c->client, RD_KAFKA_CONSUMER, conf, &err) < 0)
			consume_fail(c, EXIT_CONFIG, "%s", err.s);
		c->client.tell = tell;
		c->client.timeout_ms = c->opt->timeout_ms;
	}
	strbuf_release(&err);
	return !c->status;
}

bool source_open(struct consume *c)
{
	struct source *s = &c->source;
	static const uint64_t one = 1;
	s->wake_fd = -1;
	if (!open_handle(c))
		return false;
	s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->wake_fd < 0) {
		consume_fail(c, EXIT_TEMP, "cannot make an eventfd: %s", diag_strerror(errno));
		return false;
	}
	s->data = rd_kafka_queue_new(c->client.rk);
	rd_kafka_queue_io_event_enable(s->data, s->wake_fd, &one, sizeof one);
	rd_kafka_queue_t *control = rd_kafka_queue_get_consumer(c->client.rk);
	if (control) { /* there is a group */
		rd_kafka_queue_io_event_enable(control, s->wake_fd, &one, sizeof one);
		rd_kafka_queue_destroy(control);
	}
	return true;
}

void source_close(struct consume *c)
{
	struct source *s = &c->source;
	if (s->stray)
		rd_kafka_message_destroy(s->stray);
	if (s->data)
		rd_kafka_queue_destroy(s->data);
	if (s->wake_fd >= 0)
		close(s->wake_fd);
	s->stray = NULL;
	s->data = NULL;
	s->wake_fd = -1;
}

/* Let the records of the partition go to the data queue. */
static void forward(struct consume *c, const char *topic, int32_t partition)
{
	rd_kafka_queue_t *q = rd_kafka_queue_get_partition(c->client.rk, topic, partition);
	if (!q)
		return; /* they will come by the consumer's queue: slower, but they come */
	rd_kafka_queue_forward(q, c->source.data);
	rd_kafka_queue_destroy(q);
}

/*
 * When a partition is stopped librdkafka takes the forwarding off again, some time later; what is fetched after a new
 * start then stays in the partition's queue.  So set it anew until something has come of each partition.
 */
static void forward_unheard(struct consume *c)
{
	const struct positions *t = &c->positions;
	if (!c->opt->group || !t->unheard || clock_ms() < c->source.next_forward)
		return;
	c->source.next_forward = clock_ms() + FORWARD_MS;
	for (size_t i = 0; i < t->count; i++)
		if (t->all[i]->assigned && !t->all[i]->heard)
			forward(c, t->all[i]->topic, t->all[i]->partition);
}

bool source_assign(struct consume *c, rd_kafka_topic_partition_list_t *list)
{
	if (!c->opt->group)
		return simple_assign(c, list);
	for (int i = 0; i < list->cnt; i++)
		forward(c, list->elems[i].topic, list->elems[i].partition);
	c->source.next_forward = clock_ms() + FORWARD_MS;
	rd_kafka_resp_err_t err = rd_kafka_assign(c->client.rk, list);
	if (err)
		consume_fail(c, kafka_status(err), "cannot start reading: %s", rd_kafka_err2str(err));
	return !err;
}

bool source_restart(struct consume *c)
{
	positions_renew(&c->positions);
	rd_kafka_topic_partition_list_t *list = positions_list(&c->positions);
	bool ok = source_assign(c, list);
	rd_kafka_topic_partition_list_destroy(list);
	return ok;
}

/*
 * librdkafka stops fetching when its queue is full and looks at it again after up to a second, unless something else
 * wakes the thread of that broker.  A question to the leaders of all partitions does; its answer is not needed.
 * Measured on 6 M records of 100 B in 4 partitions, into a pipe: 4.3 s with --memory 64M and 5.9 s with 32M; without
 * this 7.3 s and 21 s.
 */
static void wake_fetchers(struct consume *c)
{
	rd_kafka_topic_partition_list_t *list = positions_list(&c->positions);
	if (list->cnt)
		(void)range_ask(c, list, RD_KAFKA_OFFSET_BEGINNING, WAKE_MS);
	rd_kafka_topic_partition_list_destroy(list);
}

static void watch_queue(struct consume *c)
{
	struct source *s = &c->source;
	uint64_t queued = rd_kafka_queue_length(s->data);
	uint64_t bytes = (uint64_t)((double)queued * s->record_bytes);
	if (queued >= s->max_count / 8 * 7 || bytes >= s->max_bytes / 8 * 7) {
		s->was_full = true;
	} else if (s->was_full && queued < s->max_count / 2 && bytes < s->max_bytes / 2) {
		s->was_full = false;
		if (rd_kafka_version() < FETCH_BACKOFF << 8)
			wake_fetchers(c);
	}
}

size_t source_batch(struct consume *c, rd_kafka_message_t **messages, size_t max)
{
	struct source *s = &c->source;
	positions_new_batch(&c->positions);
	c->batch_epoch = c->positions.epoch;
	if (s->stray) {
		messages[0] = s->stray;
		s->stray = NULL;
		return 1;
	}
	forward_unheard(c);
	watch_queue(c);
	ssize_t n = rd_kafka_consume_batch_queue(s->data, 0, messages, max);
	if (n <= 0)
		return 0;
	const rd_kafka_message_t *last = messages[n - 1];
	double bytes = (double)(last->len + last->key_len);
	s->record_bytes += s->record_bytes > 0 ? (bytes - s->record_bytes) / 64 : bytes;
	return (size_t)n;
}

void source_wait(struct consume *c, int timeout_ms)
{
	uint64_t count;
	sigset_t old;
	/* No events are asked of the output: a pipe without reader shows as POLLERR all the same. */
	struct pollfd fds[ACKD_SINKS_MAX + 3] = {{.fd = c->source.wake_fd, .events = POLLIN}, {.fd = c->sink.out.fd}};
	nfds_t n = 2 + (c->batch.on && c->batch.acks.fd >= 0 ? ackd_poll(&c->batch.acks, fds + 2) : 0);
	struct timespec t = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
	sig_block(&old);
	if (!sig_stop())
		ppoll(fds, n, &t, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	consume_watch_clock(c);
	if (fds[1].revents & POLLERR) {
		c->sink.out.err = -EPIPE;
		sink_failed(c);
	}
	while (read(c->source.wake_fd, &count, sizeof count) > 0)
		;
}
