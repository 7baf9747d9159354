/* Records to Kafka and the account of their acknowledgements: see sender.h. */
#include "cmd/produce/sender.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/num.h"
#include "common/base/sig.h"

#define QUEUE_WAIT_MS 2   /* between two looks at a full queue, which holds work for a tenth of a second */
#define STEP_MS       200 /* of a longer wait: a signal or a fatal error is noticed in between */

static const char *const defaults[] = {
	"enable.idempotence=true",
	"delivery.report.only.error=true",
	"allow.auto.create.topics=false", /* a typing error is no topic */
	/* Let the topic's own limit decide: a batch of small records stays within batch.size (1 MB) all the same. */
	"message.max.bytes=67174400",
	/*
	 * Memory, with the limit on bytes that conf_limits() sets; librdkafka adds some 200 bytes to each record.  A
	 * longer queue is slower: its lists are walked again when they have left the caches, and with more than five
	 * requests' worth of records an idempotent producer spins in poll(2) while it waits for answers.  2 M records
	 * of 100 B, best of 6 on a busy machine: 200,000: 3.2 s, 1.10 s of CPU, 81 MB; 30,000: 2.6 s, 0.99 s, 21 MB.
	 */
	"queue.buffering.max.messages=30000",
	NULL,
};

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
	struct kafka_client *client = opaque;
	struct sender *s = client->user;
	(void)rk;
	if (!m->err)
		return;
	if (!s->failed++)
		s->first = (struct sender_failure){m->err, (uint64_t)(uintptr_t)m->_private};
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

/* The limit on the bytes in the queue, and that on a record: one larger than the queue would wait for room forever. */
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

/* What the options say and what is not possible. */
static int conf_finish(struct sender *s, rd_kafka_conf_t *conf, const char *codec, struct strbuf *err)
{
	if (!kafka_conf_is_default(conf, "transactional.id")) {
		strbuf_addstr(
			err, "the property transactional.id can not be used: records are written without transactions");
		return -EINVAL;
	}
	int r = codec ? kafka_conf_set(conf, "compression.type", codec, err) : 0;
	return r ? r : conf_limits(s, conf, err);
}

static int client_start(struct sender *s, const struct kafka_opts *kafka, const char *codec)
{
	struct kafka_opts own = *kafka;
	struct strbuf err = STRBUF_INIT;
	rd_kafka_conf_t *conf;
	own.defaults = defaults;
	int r = kafka_conf_new(&own, &conf, &err);
	if (!r) {
		s->client.user = s;
		rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
		r = conf_finish(s, conf, codec, &err);
		if (r)
			rd_kafka_conf_destroy(conf);
		else
			r = kafka_client_init(&s->client, RD_KAFKA_PRODUCER, conf, &err);
	}
	if (r)
		warn("%s", err.s);
	strbuf_release(&err);
	return r ? (int)kafka_conf_status(r) : 0;
}

static int topic_look(struct sender *s, const char *topic, int32_t partition)
{
	struct strbuf err = STRBUF_INIT;
	const struct rd_kafka_metadata *md;
	rd_kafka_resp_err_t e = kafka_client_topic(&s->client, topic, s->timeout_ms, &md, &err);
	int status = (int)kafka_status(e);
	if (e) {
		warn("%s", err.s);
	} else {
		int count = md->topics[0].partition_cnt;
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

int sender_init(struct sender *s, const struct kafka_opts *kafka, const char *topic, int32_t partition,
	const char *codec, int timeout_ms)
{
	*s = (struct sender){.partition = partition, .timeout_ms = timeout_ms};
	strbuf_init(&s->client.reason);
	int status = client_start(s, kafka, codec);
	if (!status)
		status = topic_look(s, topic, partition);
	if (status)
		return status;
	s->topic = rd_kafka_topic_new(s->client.rk, topic, NULL);
	if (!s->topic) {
		warn("topic '%s': %s", topic, rd_kafka_err2str(rd_kafka_last_error()));
		return EXIT_CONFIG;
	}
	s->batch = xcalloc(SENDER_BATCH, sizeof *s->batch);
	s->ready = true;
	return 0;
}

void sender_release(struct sender *s)
{
	if (s->topic)
		rd_kafka_topic_destroy(s->topic);
	kafka_client_release(&s->client);
	free(s->batch);
}

/* Why nothing more may be added: a record has failed for good, or the handle has. */
static int stopped(const struct sender *s)
{
	return s->failed || s->client.fatal ? EXIT_TEMP : 0; /* sender_finish() finds the right one */
}

int sender_check(struct sender *s)
{
	kafka_client_poll(&s->client, 0);
	return stopped(s);
}

/* librdkafka would not take the next record: wait for room in its queue, or remember why. */
static int not_taken(struct sender *s, rd_kafka_resp_err_t err)
{
	if (err == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
		kafka_client_poll(&s->client, QUEUE_WAIT_MS);
		return stopped(s);
	}
	s->refused++;
	if (!s->first.err)
		s->first = (struct sender_failure){err, s->accepted + 1};
	return (int)kafka_status(err);
}

int sender_flush_batch(struct sender *s)
{
	size_t done = 0;
	int status = 0;
	for (size_t i = 0; i < s->batched; i++)
		s->batch[i]._private = (void *)(uintptr_t)(s->accepted + i + 1);
	while (done < s->batched && !status) {
		rd_kafka_produce_batch(
			s->topic, s->partition, RD_KAFKA_MSG_F_COPY, s->batch + done, (int)(s->batched - done));
		/* Behind the first one that finds the queue full it takes none. */
		while (done < s->batched && !s->batch[done].err) {
			done++;
			s->accepted++;
		}
		if (done < s->batched)
			status = not_taken(s, s->batch[done].err);
	}
	if (status)
		s->refused = s->batched - done;
	s->batched = 0;
	return status;
}

static rd_kafka_resp_err_t produce_one(struct sender *s, rd_kafka_vu_t *vus, size_t count)
{
	rd_kafka_error_t *error = rd_kafka_produceva(s->client.rk, vus, count);
	rd_kafka_resp_err_t err = error ? rd_kafka_error_code(error) : RD_KAFKA_RESP_ERR_NO_ERROR;
	rd_kafka_error_destroy(error);
	return err;
}

int sender_put(
	struct sender *s, const struct record *r, int32_t partition, int64_t timestamp, rd_kafka_headers_t *headers)
{
	rd_kafka_vu_t vus[8] = {
		{.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = s->topic},
		{.vtype = RD_KAFKA_VTYPE_PARTITION,
			.u.i32 = partition == RD_KAFKA_PARTITION_UA ? s->partition : partition},
		{.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
		{.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {(void *)(uintptr_t)r->value, r->value_len}},
		{.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {(void *)(uintptr_t)r->key, r->key_len}},
		{.vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u.i64 = timestamp},
		{.vtype = RD_KAFKA_VTYPE_OPAQUE},
		{.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
	};
	int status = sender_flush_batch(s);
	rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR__QUEUE_FULL;
	vus[6].u.ptr = (void *)(uintptr_t)(s->accepted + 1);
	while (!status && (err = produce_one(s, vus, headers ? 8 : 7)))
		status = not_taken(s, err);
	if (!err)
		s->accepted++;
	else if (headers)
		rd_kafka_headers_destroy(headers);
	return status;
}

/* Wait for the outstanding records; those that are given up count as failed. */
static void wait_for_all(struct sender *s)
{
	int64_t deadline = 0;
	while (rd_kafka_flush(s->client.rk, STEP_MS) && !s->client.fatal) {
		if (sig_stop() && !deadline)
			deadline = clock_ms() + s->timeout_ms;
		if (deadline && clock_ms() >= deadline)
			break;
	}
	if (rd_kafka_outq_len(s->client.rk) == 0)
		return;
	rd_kafka_purge(s->client.rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	rd_kafka_flush(s->client.rk, STEP_MS);
}

/* Say in TEXT why the first record failed; returns the exit status. */
static int explain(const struct sender *s, struct strbuf *text)
{
	rd_kafka_resp_err_t err = s->first.err;
	bool vague = err == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT || err == RD_KAFKA_RESP_ERR__PURGE_QUEUE ||
		     err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
	if (vague && s->client.err) {
		strbuf_addf(text, "%s (%s)", rd_kafka_err2str(err), s->client.reason.s);
		return (int)kafka_status(s->client.err);
	}
	return (int)kafka_status(kafka_client_explain(&s->client, err, text));
}

int sender_finish(
	struct sender *s, void (*where)(const void *self, uint64_t record, struct strbuf *text), const void *self)
{
	if (!s->ready)
		return 0;
	int status = s->batched ? sender_flush_batch(s) : 0;
	wait_for_all(s);
	/* What even now is outstanding nobody will report on. */
	uint64_t lost = s->failed + s->refused + (uint64_t)rd_kafka_outq_len(s->client.rk);
	if (!lost && !s->client.fatal)
		return status;
	struct strbuf text = STRBUF_INIT;
	strbuf_addf(&text, "%" PRIu64 " of %" PRIu64 " records not acknowledged", lost, s->accepted + s->refused);
	if (s->first.record) {
		strbuf_addstr(&text, ", first of them ");
		where(self, s->first.record, &text);
	}
	strbuf_addstr(&text, ": ");
	status = explain(s, &text);
	warn("%s", text.s);
	strbuf_release(&text);
	return status ? status : EXIT_TEMP;
}
