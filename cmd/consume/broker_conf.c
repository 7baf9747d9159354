/* The properties of the Kafka handle: see broker.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "broker.h"
#include "topics.h"

enum {
	/* bytes of resident memory that a queued record takes in addition to its payload (librdkafka 2.0.2) */
	RECORD_OVERHEAD = 420,
	BASE_MEMORY = 24 << 20, /* memory of the process without queued records */
	/* The minima for a queue that is one of many: */
	SHARE_RECORDS = 16,
	SHARE_KBYTES = 16,
	SHARE_FETCH = 64 << 10,   /* bytes of a fetch; a batch may be larger */
	FETCH_BACKOFF = 0x020200, /* version with fetch.queue.backoff.ms */
	DISCOVERY_MS = 30000,
	END_WAIT_MS = 100,
	MIXED_WAIT_MS = 20,
	STATISTICS_MS = 500,
};

/* Set a property on which consume depends; if the user has set another value, it is refused. */
static int force(rd_kafka_conf_t *conf, const char *name, const char *value, const char *instead, struct strbuf *err)
{
	char now[64];
	size_t size = sizeof now;
	if (kafka_conf_is_default(conf, name))
		return kafka_conf_set(conf, name, value, err);
	if (rd_kafka_conf_get(conf, name, now, &size) == RD_KAFKA_CONF_OK && strcmp(now, value) == 0)
		return 0;
	strbuf_addf(err, "the property \"%s\" is set by consume itself; %s", name, instead);
	return -EINVAL;
}

static int force_all(const struct broker *b, rd_kafka_conf_t *conf, struct strbuf *err)
{
	static const char *const forced[][3] = {
		{"enable.auto.commit", "false", "it commits what was written"},
		{"enable.auto.offset.store", "false", "it commits what was written"},
		{"enable.partition.eof", "true", "see --to"},
		{"auto.offset.reset", "error", "see --from"},
	};
	int r = 0;
	for (size_t i = 0; r == 0 && i < sizeof forced / sizeof *forced; i++)
		r = force(conf, forced[i][0], forced[i][1], forced[i][2], err);
	if (r == 0 && b->opt->group)
		r = force(conf, "group.id", b->opt->group, "see -g", err);
	if (r == 0 && b->member)
		r = force(conf, "statistics.interval.ms", "500", "they tell it how the group is doing", err);
	return r;
}

/* Set a default of ours, which the user may change. */
static int prefer(rd_kafka_conf_t *conf, const char *name, uint64_t value, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	strbuf_addf(&text, "%llu", (unsigned long long)value);
	int r = kafka_conf_is_default(conf, name) ? kafka_conf_set(conf, name, text.s, err) : 0;
	strbuf_release(&text);
	return r;
}

static uint64_t clamp(uint64_t n, uint64_t lo, uint64_t hi)
{
	return n < lo ? lo : n > hi ? hi : n;
}

static uint64_t get_number(rd_kafka_conf_t *conf, const char *name)
{
	char text[32] = "";
	size_t size = sizeof text;
	return rd_kafka_conf_get(conf, name, text, &size) == RD_KAFKA_CONF_OK ? strtoull(text, NULL, 10) : 0;
}

/*
 * Bound the memory of queued records.  librdkafka counts records and their payload per queue.  Usually all partitions
 * share one queue, so the limits hold for all of them together; with --by-time each partition has its share of them.
 * The amount by which one fetch may exceed the limits is bounded, too: for all partitions together, and for each
 * partition when they have shares.
 */
static int bound_memory(struct broker *b, rd_kafka_conf_t *conf, struct strbuf *err)
{
	uint64_t memory = clamp(b->opt->memory, BASE_MEMORY + (16 << 20), UINT64_MAX) - BASE_MEMORY;
	uint64_t share = memory / b->shares, least = b->shares == 1 ? 1000 : SHARE_RECORDS;
	int r = prefer(conf, "queued.min.messages", clamp(share / 2 / RECORD_OVERHEAD, least, 10000000), err);
	if (r == 0)
		r = prefer(conf, "queued.max.messages.kbytes",
			clamp(share / 2 >> 10, b->shares == 1 ? 1024 : SHARE_KBYTES, 2097151), err);
	if (r == 0 && b->shares > 1)
		r = prefer(conf, "fetch.message.max.bytes", clamp(share / 64, SHARE_FETCH, 1 << 20), err);
	if (r == 0)
		r = prefer(conf, "fetch.max.bytes", clamp(memory / 48, 1 << 20, 50 << 20), err);
	if (r == 0)
		r = prefer(conf, "receive.message.max.bytes", INT32_MAX, err);
	b->max_count = get_number(conf, "queued.min.messages");
	b->max_bytes = get_number(conf, "queued.max.messages.kbytes") << 10;
	return r;
}

static int set_defaults(const struct broker *b, rd_kafka_conf_t *conf, struct strbuf *err)
{
	int r = 0;
	/* See simple.h.  A properties file may have been written for use with groups. */
	if (!b->opt->group)
		r = kafka_conf_set(conf, "group.id", NULL, err);
	/* How long it takes until added partitions and topics are noticed. */
	if (r == 0)
		r = prefer(conf, "topic.metadata.refresh.interval.ms", DISCOVERY_MS, err);
	/* Otherwise the group would distribute internal topics as well, although no member reads them. */
	if (r == 0 && !topics_internal(b->opt) && kafka_conf_is_default(conf, "topic.blacklist"))
		r = kafka_conf_set(conf, "topic.blacklist", "^__", err);
	if (r == 0 && kafka_conf_is_default(conf, "check.crcs"))
		r = kafka_conf_set(conf, "check.crcs", "true", err);
	/*
	 * There is one fetch at a time per broker.  When the queues of all partitions are full, except those of
	 * partitions at their ends, the fetch is for the latter only, and the others must wait for it.  Measured on 16
	 * partitions, one later in time than the other, 4.8 M records of 147 B, with --memory 64M: 11 s with 10 ms, 19
	 * s with 20, 76 s with 100.
	 */
	if (r == 0 && b->opt->by_time)
		r = prefer(conf, "fetch.wait.max.ms", MIXED_WAIT_MS, err);
	/* When a partition ends in control records, its end is noticed only after an empty fetch. */
	if (r == 0 && b->opt->to_given)
		r = prefer(conf, "fetch.wait.max.ms", END_WAIT_MS, err);
	if (r == 0 && rd_kafka_version() >= FETCH_BACKOFF << 8)
		r = prefer(conf, "fetch.queue.backoff.ms", 5, err);
	return r;
}

static int set_group(struct broker *b, rd_kafka_conf_t *conf, struct strbuf *err)
{
	char strategy[128] = "";
	size_t size = sizeof strategy;
	b->discovery_ms = (int64_t)get_number(conf, "topic.metadata.refresh.interval.ms");
	b->commit_ms = (int64_t)get_number(conf, "auto.commit.interval.ms");
	b->max_poll_ms = (int64_t)get_number(conf, "max.poll.interval.ms");
	b->session_ms = (int64_t)get_number(conf, "session.timeout.ms");
	b->heartbeat_ms = (int64_t)get_number(conf, "heartbeat.interval.ms");
	if (b->opt->instance_id && rd_kafka_conf_set(conf, "group.instance.id", b->opt->instance_id, NULL, 0)) {
		strbuf_addstr(err, "the instance id is not valid");
		return -EINVAL;
	}
	if (!b->member)
		return 0;
	if (rd_kafka_conf_get(conf, "partition.assignment.strategy", strategy, &size) != RD_KAFKA_CONF_OK ||
		strstr(strategy, "cooperative")) {
		strbuf_addstr(err, "partition.assignment.strategy can be range or roundrobin only");
		return -EINVAL;
	}
	return 0;
}

int broker_configure(struct broker *b, rd_kafka_conf_t **ret, struct strbuf *err)
{
	rd_kafka_conf_t *conf;
	int r = kafka_conf_new(&b->opt->kafka, &conf, err);
	if (r < 0)
		return kafka_conf_status(r);
	r = force_all(b, conf, err);
	if (r == 0)
		r = bound_memory(b, conf, err);
	if (r == 0)
		r = set_defaults(b, conf, err);
	if (r == 0)
		r = set_group(b, conf, err);
	if (r < 0) {
		rd_kafka_conf_destroy(conf);
		return EXIT_CONFIG;
	}
	*ret = conf;
	return EXIT_OK;
}
