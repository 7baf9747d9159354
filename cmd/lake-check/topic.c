/*
 * Compares the table with the topic, partition by partition: see check.h.
 *
 * If a commit has read as many records as there are offsets, none can be missing, and the topic is not read again.
 * Transactions and compaction leave gaps between offsets; in this case the records of the topic are counted.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "common/base/clock.h"
#include "common/kafka/offsets.h"
#include "common/lake/json_in.h"
#include "common/base/uuid.h"

struct compare {
	struct audit *audit;
	struct check_report *report;
	struct topic_reader reader;
	struct log_list list;
	const char *group; /* NULL: all groups */
};

/* A topic that is the id of a table, which the table has followed, is not in Kafka. */
static bool wanted(const struct compare *c, const struct audit_part *p)
{
	return p->next >= 0 && !uuid_is(p->topic) && (!c->group || strcmp(c->group, p->group) == 0);
}

static void find(struct compare *c, const struct audit_part *p, const char *fmt, ...) PRINTF_LIKE(3, 4);
static void find(struct compare *c, const struct audit_part *p, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT;
	va_list args;
	va_start(args, fmt);
	strbuf_vaddf(&text, fmt, args);
	va_end(args);
	audit_find(c->audit, "topic '%s', partition %d, group '%s': %s", p->topic, (int)p->partition, p->group, text.s);
	strbuf_release(&text);
}

/* --- what the brokers have ---------------------------------------------------------------------------------------- */

static void load_topic(struct compare *c, struct kafka_client *client, const char *topic, int64_t deadline)
{
	struct strbuf err = STRBUF_INIT;
	rd_kafka_resp_err_t e = log_list_load(&c->list, client, topic, deadline, &err);
	if (e == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || e == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC)
		audit_find(c->audit, "topic '%s': the brokers have no such topic", topic);
	else if (e)
		report_status(c->report, kafka_status(e), err.s);
	strbuf_release(&err);
}

static bool named_before(const struct compare *c, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (wanted(c, &c->audit->parts[j]) && strcmp(c->audit->parts[j].topic, c->audit->parts[i].topic) == 0)
			return true;
	return false;
}

static void load(struct compare *c, struct kafka_client *client, int64_t deadline)
{
	for (size_t i = 0; i < c->audit->nparts; i++)
		if (wanted(c, &c->audit->parts[i]) && !named_before(c, i))
			load_topic(c, client, c->audit->parts[i].topic, deadline);
	for (size_t i = 0; i < c->list.count; i++)
		c->list.items[i].wanted = true;
	log_list_read_ends(&c->list, client, deadline);
}

/* --- one partition ------------------------------------------------------------------------------------------------ */

/* Check that the record before the position is the one that the table has seen there. */
static void compare_last(struct compare *c, const struct audit_part *p, const struct log_part *log)
{
	json_t *last = state_last(c->audit->state, p->group, p->topic, p->partition);
	const char *crc = text_in(last, "crc");
	int64_t offset = number_in(last, "offset"), is_ms = 0;
	uint32_t is_crc = 0;
	if (!crc || offset < log->start || offset >= log->end)
		return;
	if (read_identity(&c->reader, p, offset, &is_ms, &is_crc, c->report) != 1)
		return;
	if (is_crc != (uint32_t)strtoul(crc, NULL, 16) || is_ms != number_in(last, "ts"))
		find(c, p, "the record at offset %" PRId64 " is not the one that the lake has: the topic was recreated",
			offset);
}

static void compare_span(struct compare *c, const struct audit_part *p, const struct audit_span *s, int64_t start)
{
	if (s->records < 0 || s->records == s->to - s->from || s->from < start)
		return; /* not known, without gaps, or deleted meanwhile */
	int64_t count = count_records(&c->reader, p, s, c->report);
	if (count > s->records)
		find(c, p,
			"the topic has %" PRId64 " records at the offsets %" PRId64 " to %" PRId64 ", of which %" PRId64
			" were read",
			count, s->from, s->to - 1, s->records);
}

static void compare_part(struct compare *c, const struct audit_part *p, const struct log_part *log)
{
	if (p->next > log->end)
		find(c, p, "the lake is at offset %" PRId64 ", but the topic ends at %" PRId64, p->next, log->end);
	else if (p->next < log->start)
		find(c, p, "the topic has lost the offsets %" PRId64 " to %" PRId64 " before they were read", p->next,
			log->start - 1);
	else
		compare_last(c, p, log);
	for (size_t i = 0; i < p->count; i++)
		if (p->spans[i].to <= log->end)
			compare_span(c, p, &p->spans[i], log->start);
}

static void compare_all(struct compare *c)
{
	for (size_t i = 0; i < c->audit->nparts; i++) {
		const struct audit_part *p = &c->audit->parts[i];
		size_t count;
		const struct log_part *log = log_list_find(&c->list, p->topic, p->partition);
		if (!wanted(c, p) || !log_list_topic(&c->list, p->topic, &count))
			continue; /* the topic is missing, which was reported */
		if (!log) {
			find(c, p, "the topic has no such partition");
		} else if (log->err) {
			struct strbuf text = STRBUF_INIT;
			strbuf_addf(&text, "topic '%s', partition %d: %s", p->topic, (int)p->partition,
				rd_kafka_err2str(log->err));
			report_status(c->report, kafka_status(log->err), text.s);
			strbuf_release(&text);
		} else {
			compare_part(c, p, log);
		}
	}
}

/* When there is nothing to compare, report that; otherwise the result would look like a comparison without findings. */
static void check_positions(struct compare *c, const char *group)
{
	for (size_t i = 0; i < c->audit->nparts; i++)
		if (wanted(c, &c->audit->parts[i]))
			return;
	if (group)
		audit_find(
			c->audit, "there are no positions of group '%s': nothing was compared with any topic", group);
	else
		audit_find(c->audit, "there are no positions of topics: nothing was compared with any");
}

void compare_topics(struct audit *audit, const struct check_options *opt, rd_kafka_conf_t *conf,
	rd_kafka_conf_t *consumer, struct check_report *report)
{
	struct kafka_client ends = {0}, reader = {0};
	struct strbuf err = STRBUF_INIT;
	struct compare c = {.audit = audit, .report = report, .group = opt->group};
	int r = kafka_client_init(&ends, RD_KAFKA_CONSUMER, conf, &err);
	if (r == 0)
		r = kafka_client_init(&reader, RD_KAFKA_CONSUMER, consumer, &err);
	else
		rd_kafka_conf_destroy(consumer);
	if (r < 0) {
		report_status(report, EXIT_CONFIG, err.s);
	} else {
		c.reader = (struct topic_reader){reader.rk, opt->timeout_ms};
		check_positions(&c, opt->group);
		load(&c, &ends, clock_ms() + opt->timeout_ms);
		compare_all(&c);
	}
	log_list_release(&c.list);
	kafka_client_release(&reader);
	kafka_client_release(&ends);
	strbuf_release(&err);
}
