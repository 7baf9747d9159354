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
	s->refused++;
	if (!s->first.err)
		s->first = (struct sender_failure){.err = err, .record = s->accepted + 1};
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

int sender_settle(struct sender *s)
{
	int status = sender_flush_batch(s);
	while (!status && !sig_stop() && rd_kafka_flush(s->client.rk, STEP_MS)) {
		watch(s);
		status = stopped(s);
	}
	if (!status)
		status = stopped(s);
	return status ? status : rd_kafka_outq_len(s->client.rk) ? -EINTR : 0;
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
	strbuf_addstr(&text, ": ");
	status = sender_explain(s, &text);
	warn("%s", text.s);
	strbuf_release(&text);
	return status ? status : EXIT_TEMP;
}
