/* Reads a topic for the comparison: see check.h. */
#include "check.h"
#include "common/base/clock.h"
#include "common/kafka/identity.h"

enum { POLL_MS = 200 };
#define GONE   (-1)
#define FAILED (-2)

static int64_t fail(
	const struct audit_part *part, rd_kafka_resp_err_t err, const char *text, struct check_report *report)
{
	struct strbuf line = STRBUF_INIT;
	strbuf_addf(&line, "topic '%s', partition %d: %s", part->topic, (int)part->partition, text);
	report_status(report, kafka_status(err), line.s);
	strbuf_release(&line);
	return FAILED;
}

/* The next message of the partition that is being read, NULL after a failure. */
static rd_kafka_message_t *next_message(const struct topic_reader *reader, rd_kafka_topic_t *topic,
	const struct audit_part *part, struct check_report *report)
{
	int64_t deadline = clock_ms() + reader->timeout_ms;
	do {
		rd_kafka_message_t *m = rd_kafka_consume(topic, part->partition, POLL_MS);
		if (m)
			return m;
	} while (clock_ms() < deadline);
	fail(part, RD_KAFKA_RESP_ERR__TIMED_OUT, "no record came in time", report);
	return NULL;
}

static bool is_gone(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE;
}

/* Count records from the offset at which reading was started up to offset TO. */
static int64_t count_to(const struct topic_reader *reader, rd_kafka_topic_t *topic, const struct audit_part *part,
	int64_t to, struct check_report *report)
{
	for (int64_t count = 0;; count++) {
		rd_kafka_message_t *m = next_message(reader, topic, part, report);
		if (!m)
			return FAILED;
		rd_kafka_resp_err_t err = m->err;
		bool done = m->offset >= to;
		if (err && err != RD_KAFKA_RESP_ERR__PARTITION_EOF)
			count = is_gone(err) ? GONE : fail(part, err, rd_kafka_message_errstr(m), report);
		rd_kafka_message_destroy(m);
		if (err || done)
			return count;
	}
}

/* Start reading PART at OFFSET; NULL after a failure. */
static rd_kafka_topic_t *start(
	const struct topic_reader *reader, const struct audit_part *part, int64_t offset, struct check_report *report)
{
	rd_kafka_topic_t *topic = rd_kafka_topic_new(reader->rk, part->topic, NULL);
	if (topic && rd_kafka_consume_start(topic, part->partition, offset) == 0)
		return topic;
	rd_kafka_resp_err_t err = rd_kafka_last_error();
	fail(part, err, rd_kafka_err2str(err), report);
	if (topic)
		rd_kafka_topic_destroy(topic);
	return NULL;
}

static void stop(rd_kafka_topic_t *topic, int32_t partition)
{
	rd_kafka_consume_stop(topic, partition);
	rd_kafka_topic_destroy(topic);
}

int64_t count_records(const struct topic_reader *reader, const struct audit_part *part, const struct audit_span *span,
	struct check_report *report)
{
	rd_kafka_topic_t *topic = start(reader, part, span->from, report);
	if (!topic)
		return FAILED;
	int64_t count = count_to(reader, topic, part, span->to, report);
	stop(topic, part->partition);
	return count;
}

int read_identity(const struct topic_reader *reader, const struct audit_part *part, int64_t offset, int64_t *ret_ms,
	uint32_t *ret_crc, struct check_report *report)
{
	rd_kafka_topic_t *topic = start(reader, part, offset, report);
	if (!topic)
		return FAILED;
	rd_kafka_message_t *m = next_message(reader, topic, part, report);
	int r = FAILED;
	if (m && m->err && m->err != RD_KAFKA_RESP_ERR__PARTITION_EOF && !is_gone(m->err))
		fail(part, m->err, rd_kafka_message_errstr(m), report);
	else if (m)
		r = !m->err && m->offset == offset;
	if (r == 1) {
		*ret_ms = message_ms(m);
		*ret_crc = message_crc(m);
	}
	if (m)
		rd_kafka_message_destroy(m);
	stop(topic, part->partition);
	return r;
}
