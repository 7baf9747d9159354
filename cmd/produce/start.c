/* Starts a sender: its configuration, its topic.  See sender.h. */
#include "cmd/produce/sender_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/num.h"

enum {
	CONFIG_MS = 5000, /* limit for reading the settings of the topic; sending also works without them */
	MARGIN = 500,     /* bytes left free in a batch */
	TRANSACTION_MIN_MS = 60000,
	TRANSACTION_MAX_MS = 900000,
};

static const char *const defaults[] = {
	"enable.idempotence=true",
	"partitioner=murmur2_random", /* as Kafka's own clients choose */
	"delivery.report.only.error=true",
	"allow.auto.create.topics=false", /* a misspelt name must not create a topic */
	/* As in Kafka's own clients.  Records are given up only between two attempts, which 10 s would delay. */
	"reconnect.backoff.max.ms=1000",
	/* The topic's own limit decides: a batch of small records stays within batch.size (1 MB) in any case. */
	"message.max.bytes=67174400",
	/*
	 * Together with the limit on bytes that conf_limits() sets, this bounds memory; librdkafka adds about 200 bytes
	 * to each record.  A longer queue is slower: its lists are walked again after they have left the caches; and
	 * with more records than five requests hold, an idempotent producer spins in poll(2) while it waits for
	 * answers.  2 M records of 100 B, best of 6 on a busy machine: 200,000: 3.2 s, 1.10 s of CPU, 81 MB; 30,000:
	 * 2.6 s, 0.99 s, 21 MB.
	 */
	"queue.buffering.max.messages=30000",
};

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
	struct kafka_client *client = opaque;
	struct sender *s = client->user;
	(void)rk;
	if (!m->err)
		return;
	const uint64_t record = (uint64_t)(uintptr_t)m->_private;
	if (!s->failed++)
		s->first = (struct sender_failure){
			.err = m->err,
			.record = record,
			.size = m->len + m->key_len,
			.topic = rd_kafka_topic_name(m->rkt),
			.partition = m->partition,
			.no_key = !m->key,
		};
	if (m->err == s->first.err && record > s->first.last)
		s->first.last = record;
}

/* The value of a number property. */
static uint64_t conf_number(rd_kafka_conf_t *conf, const char *name)
{
	char value[64] = "";
	size_t size = sizeof value;
	uint64_t n = 0;
	if (rd_kafka_conf_get(conf, name, value, &size) != RD_KAFKA_CONF_OK || num_u64(value, &n) < 0)
		return 0;
	return n;
}

/*
 * Set the limit on the bytes in the queue, and on a record: a record larger than the queue would wait for room forever.
 */
static int conf_limits(struct sender *s, rd_kafka_conf_t *conf, struct strbuf *err)
{
	char kbytes[32];
	s->max_size = (size_t)conf_number(conf, "message.max.bytes");
	if (!kafka_conf_is_default(conf, "queue.buffering.max.kbytes")) {
		size_t queue = (size_t)conf_number(conf, "queue.buffering.max.kbytes") * 1024;
		if (s->max_size > queue)
			s->max_size = queue;
		return 0;
	}
	snprintf(kbytes, sizeof kbytes, "%zu", s->max_size / 1024 + 1);
	return kafka_conf_set(conf, "queue.buffering.max.kbytes", kbytes, err);
}

/*
 * The time for an acknowledgement begins when the record is sent, not when librdkafka begins to wait for more records.
 */
static int conf_timeout(const struct sender *s, rd_kafka_conf_t *conf, struct strbuf *err)
{
	char ms[32], linger[64] = "0";
	size_t size = sizeof linger;
	if (conf_number(conf, "message.timeout.ms") != (uint64_t)s->timeout_ms)
		return 0; /* the user has set it */
	if (rd_kafka_conf_get(conf, "linger.ms", linger, &size) != RD_KAFKA_CONF_OK)
		return 0;
	snprintf(ms, sizeof ms, "%.0f", s->timeout_ms + strtod(linger, NULL) + 1);
	return kafka_conf_set(conf, "message.timeout.ms", ms, err);
}

/*
 * librdkafka's limit for a whole transaction is a minute; each record may take as long as --timeout says, and the
 * broker's limit for the limit is 15 minutes.
 */
static int conf_transactions(rd_kafka_conf_t *conf, const char *id, struct strbuf *err)
{
	char ms[32];
	uint64_t record = conf_number(conf, "message.timeout.ms"), limit = 2 * record;
	limit = limit < TRANSACTION_MIN_MS   ? TRANSACTION_MIN_MS
		: limit > TRANSACTION_MAX_MS ? TRANSACTION_MAX_MS
					     : limit;
	int r = kafka_conf_set(conf, "transactional.id", id, err);
	if (r || !kafka_conf_is_default(conf, "transaction.timeout.ms"))
		return r;
	snprintf(ms, sizeof ms, "%" PRIu64, limit);
	return kafka_conf_set(conf, "transaction.timeout.ms", ms, err);
}

/* Set the properties for the options, and refuse impossible ones. */
static int conf_finish(struct sender *s, rd_kafka_conf_t *conf, const struct sender_setup *setup, struct strbuf *err)
{
	if (!kafka_conf_is_default(conf, "transactional.id")) {
		strbuf_addstr(err,
			"the property transactional.id cannot be used: in a marked stream it is made of the group, the "
			"topic and the partitions, and otherwise there are no transactions");
		return -EINVAL;
	}
	int r = setup->codec ? kafka_conf_set(conf, "compression.type", setup->codec, err) : 0;
	if (!r && setup->partitioner)
		r = kafka_conf_set(conf, "partitioner", setup->partitioner, err);
	if (!r)
		r = conf_timeout(s, conf, err);
	if (!r && setup->transaction)
		r = conf_transactions(conf, setup->transaction, err);
	char codec[16] = "none";
	size_t size = sizeof codec;
	s->compresses = rd_kafka_conf_get(conf, "compression.codec", codec, &size) != RD_KAFKA_CONF_OK ||
			strcmp(codec, "none") != 0;
	s->own_batch_size = kafka_conf_is_default(conf, "batch.size");
	s->batch_size = conf_number(conf, "batch.size");
	return r ? r : conf_limits(s, conf, err);
}

/* Start the handle, with BATCH_SIZE unless that is empty. */
static int client_start(struct sender *s, const struct sender_setup *setup, const char *batch_size)
{
	struct kafka_opts own = *setup->kafka;
	struct strbuf err = STRBUF_INIT, timeout = STRBUF_INIT;
	rd_kafka_conf_t *conf;
	const char *all[sizeof defaults / sizeof *defaults + 3] = {NULL};
	size_t n = sizeof defaults / sizeof *defaults;
	memcpy(all, defaults, sizeof defaults);
	strbuf_addf(&timeout, "message.timeout.ms=%d", s->timeout_ms);
	all[n++] = timeout.s;
	if (*batch_size)
		all[n] = batch_size;
	own.defaults = all;
	int r = kafka_conf_new(&own, &conf, &err);
	if (!r) {
		s->client.user = s;
		rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
		r = conf_finish(s, conf, setup, &err);
		if (r)
			rd_kafka_conf_destroy(conf);
		else
			r = kafka_client_init(&s->client, RD_KAFKA_PRODUCER, conf, &err);
	}
	if (r)
		warn("%s", err.s);
	strbuf_release(&err);
	strbuf_release(&timeout);
	s->client.tell = warn_line;
	s->client.timeout_ms = s->timeout_ms;
	return r ? (int)kafka_conf_status(r) : 0;
}

static int topic_check(struct sender *s, const char *topic, int32_t partition)
{
	struct strbuf err = STRBUF_INIT;
	const struct rd_kafka_metadata *md;
	rd_kafka_resp_err_t e = kafka_client_topic(&s->client, topic, s->timeout_ms, &md, &err);
	int status = (int)kafka_status(e);
	if (e) {
		warn("%s", err.s);
	} else {
		int count = md->topics[0].partition_cnt;
		s->leader = count ? md->topics[0].partitions[0].leader : -1;
		s->partitions = count;
		rd_kafka_metadata_destroy(md);
		if (partition >= count) {
			warn("topic '%s' has no partition %" PRId32 ", its last one is %d", topic, partition,
				count - 1);
			status = EXIT_CONFIG;
		}
	}
	strbuf_release(&err);
	return status;
}

/*
 * The topic may allow smaller batches than librdkafka makes of small records; a broker then refuses the batch, as if a
 * record were too large.  Nothing has been sent yet, so a new handle is made.  The margin is for what librdkafka does
 * not count: headers, and the framing of records.
 */
static int bound_batches(struct sender *s, const struct sender_setup *setup)
{
	int64_t patience = s->timeout_ms < CONFIG_MS ? s->timeout_ms : CONFIG_MS;
	if (s->leader < 0)
		return 0;
	topic_config_read(&s->client, s->leader, setup->topic, clock_ms() + patience, &s->config);
	uint64_t limit = s->config.max_bytes;
	if (!limit || !s->own_batch_size || limit >= s->batch_size + MARGIN)
		return 0;
	struct strbuf property = STRBUF_INIT;
	strbuf_addf(&property, "batch.size=%" PRIu64, limit > 2 * MARGIN ? limit - MARGIN : limit / 2 + 1);
	kafka_client_release(&s->client);
	int status = client_start(s, setup, property.s);
	strbuf_release(&property);
	return status;
}

static int make_topic(const struct sender *s, const char *name, rd_kafka_topic_t **ret)
{
	*ret = rd_kafka_topic_new(s->client.rk, name, NULL);
	if (!*ret)
		warn("topic '%s': %s", name, rd_kafka_err2str(rd_kafka_last_error()));
	return *ret ? 0 : EXIT_CONFIG;
}

int sender_init(struct sender *s, const struct sender_setup *setup)
{
	*s = (struct sender){.partition = setup->partition, .timeout_ms = setup->timeout_ms};
	strbuf_init(&s->client.reason);
	strbuf_init(&s->client.brokers);
	int status = client_start(s, setup, "");
	if (!status && setup->dead_letter)
		status = topic_check(s, setup->dead_letter, RD_KAFKA_PARTITION_UA);
	if (!status) /* the second: what is found out about a topic remains */
		status = topic_check(s, setup->topic, setup->partition);
	if (!status)
		status = bound_batches(s, setup);
	if (!status)
		status = make_topic(s, setup->topic, &s->topic);
	if (!status && setup->dead_letter)
		status = make_topic(s, setup->dead_letter, &s->dead);
	if (status)
		return status;
	s->name = xstrdup(setup->topic);
	s->batch = xcalloc(SENDER_BATCH, sizeof *s->batch);
	s->ready = true;
	return 0;
}
