/* Sends records to Kafka and counts their acknowledgements: see sender.h. */
#include "cmd/produce/sender_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/sig.h"

#define QUEUE_WAIT_MS 2   /* pause between two checks of a full queue, which holds work for a tenth of a second */
#define STEP_MS       200 /* length of one wait; a signal or a fatal error is noticed in between */

void sender_release(struct sender *s)
{
	if (s->topic)
		rd_kafka_topic_destroy(s->topic);
	if (s->dead)
		rd_kafka_topic_destroy(s->dead);
	kafka_client_release(&s->client);
	free(s->batch);
	free(s->name);
}

/* Whether nothing more may be added: a record or the handle has failed for good. */
static int stopped(const struct sender *s)
{
	return s->failed || s->client.fatal ? EXIT_TEMP : 0; /* sender_finish() finds the right status */
}

/*
 * Records are outstanding.  When no acknowledgement has come for a second, report why.  librdkafka enforces how long
 * each may take, message.timeout.ms.
 */
static void watch(struct sender *s)
{
	uint64_t out = (uint64_t)rd_kafka_outq_len(s->client.rk), over = out + s->failed;
	uint64_t acked = s->accepted > over ? s->accepted - over : 0;
	if (!out || acked > s->acked) {
		if (patience_end(&s->patience) && acked > s->acked)
			warn("the brokers answer again");
		s->acked = acked;
		return;
	}
	if (!kafka_client_is_news(&s->client, &s->patience))
		return;
	struct strbuf text = STRBUF_INIT;
	kafka_client_waiting(&s->client, s->timeout_ms, &text);
	warn("%s", text.s);
	strbuf_release(&text);
}

int sender_check(struct sender *s)
{
	kafka_client_poll(&s->client, 0);
	watch(s);
	return stopped(s);
}

/* librdkafka did not accept the next record: wait for room in its queue, or remember why. */
static int not_taken(struct sender *s, rd_kafka_resp_err_t err)
{
	if (err == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
		kafka_client_poll(&s->client, QUEUE_WAIT_MS);
		watch(s);
		return stopped(s);
	}
	if (err == RD_KAFKA_RESP_ERR__STATE) /* the transaction has failed, and the report of the reason is coming */
		kafka_client_poll(&s->client, STEP_MS);
	s->refused++;
	if (!s->first.err)
		s->first = (struct sender_failure){
			.err = err, .record = s->accepted + 1, .last = s->accepted + 1, .partition = -1};
	return (int)kafka_status(err);
}

bool sender_is_refused(const struct sender *s)
{
	switch (s->client.fatal ? RD_KAFKA_RESP_ERR_NO_ERROR : s->first.err) {
	case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
	case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
	case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
	case RD_KAFKA_RESP_ERR_INVALID_RECORD:
	case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
		return true;
	default:
		return false;
	}
}

bool sender_is_purged(const struct sender *s)
{
	return !s->client.fatal &&
	       (s->first.err == RD_KAFKA_RESP_ERR__PURGE_QUEUE || s->first.err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT);
}

/*
 * librdkafka does it, too, but it may put records back into its queue afterwards, to send them with the next epoch, and
 * the abort would wait for them in vain.
 */
void sender_purge(struct sender *s)
{
	const int64_t deadline = clock_ms() + s->timeout_ms;
	while (rd_kafka_outq_len(s->client.rk) && !s->client.fatal && clock_ms() < deadline) {
		rd_kafka_purge(s->client.rk, RD_KAFKA_PURGE_F_QUEUE);
		kafka_client_poll(&s->client, QUEUE_WAIT_MS);
		watch(s);
	}
}

void sender_again(struct sender *s)
{
	kafka_client_poll(&s->client, 0);
	s->batched = 0;
	s->accepted = s->failed = s->refused = s->acked = 0;
	s->first = (struct sender_failure){0};
	s->patience = (struct patience){0};
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
		/* After the first record for which the queue is full, it accepts no more. */
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

static rd_kafka_headers_t *headers_of(const struct record *r)
{
	rd_kafka_headers_t *headers = r->header_count ? rd_kafka_headers_new(r->header_count) : NULL;
	for (size_t i = 0; i < r->header_count; i++) {
		const struct record_header *h = &r->headers[i];
		rd_kafka_header_add(
			headers, h->name, (ssize_t)h->name_len, h->value, h->value ? (ssize_t)h->value_len : 0);
	}
	return headers;
}

int sender_put(struct sender *s, const struct record *r)
{
	rd_kafka_headers_t *headers = headers_of(r);
	const int32_t partition = r->topic || r->partition != RD_KAFKA_PARTITION_UA ? r->partition : s->partition;
	rd_kafka_vu_t vus[8] = {
		{.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = r->topic ? s->dead : s->topic},
		{.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = partition},
		{.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
		{.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {(void *)(uintptr_t)r->value, r->value_len}},
		{.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {(void *)(uintptr_t)r->key, r->key_len}},
		{.vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u.i64 = r->timestamp},
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

/* Hand over the batch and wait until nothing is outstanding or has failed, with STOPS until a signal, too. */
static int settle(struct sender *s, bool stops)
{
	int status = sender_flush_batch(s);
	while (!status && !(stops && sig_stop()) && rd_kafka_flush(s->client.rk, STEP_MS)) {
		watch(s);
		status = stopped(s);
	}
	return status ? status : stopped(s);
}

int sender_settle(struct sender *s)
{
	int status = settle(s, true);
	return status ? status : rd_kafka_outq_len(s->client.rk) ? -EINTR : 0;
}

int sender_await(struct sender *s)
{
	return settle(s, false);
}

/* Wait for the outstanding records; those that librdkafka gives up count as failed. */
static void wait_for_all(struct sender *s)
{
	int64_t deadline = 0;
	while (rd_kafka_flush(s->client.rk, STEP_MS) && !s->client.fatal) {
		watch(s);
		if (sig_stop() && !deadline)
			deadline = clock_ms() + s->timeout_ms;
		if (deadline && clock_ms() >= deadline)
			break;
	}
	watch(s);
	if (rd_kafka_outq_len(s->client.rk) == 0)
		return;
	rd_kafka_purge(s->client.rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	rd_kafka_flush(s->client.rk, STEP_MS);
}

int sender_finish(
	struct sender *s, void (*where)(const void *self, uint64_t record, struct strbuf *text), const void *self)
{
	if (!s->ready)
		return 0;
	int status = s->batched ? sender_flush_batch(s) : 0;
	wait_for_all(s);
	/* There will be no reports for records that are still outstanding now. */
	uint64_t lost = s->failed + s->refused + (uint64_t)rd_kafka_outq_len(s->client.rk);
	if (!lost && !s->client.fatal)
		return status;
	struct strbuf text = STRBUF_INIT;
	if (lost)
		strbuf_addf(
			&text, "%" PRIu64 " of %" PRIu64 " records not acknowledged", lost, s->accepted + s->refused);
	else
		strbuf_addstr(&text, "cannot write");
	if (s->first.record) {
		strbuf_addstr(&text, ", first of them ");
		where(self, s->first.record, &text);
	}
	if (sender_is_refused(s) && s->first.topic)
		strbuf_addf(&text, ", to %s [%" PRId32 "]", s->first.topic, s->first.partition);
	strbuf_addstr(&text, ": ");
	status = sender_explain(s, &text);
	warn("%s", text.s);
	strbuf_release(&text);
	return status ? status : EXIT_TEMP;
}
