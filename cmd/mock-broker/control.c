/* Commands that make the cluster fail in a chosen way: see control.h. */
#include "cmd/mock-broker/control.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/num.h"

#define MAX_PARTITIONS 10000
#define MAX_NAME       249 /* Kafka's own limit for a topic's name */
#define MAX_WORDS      1024
#define MAX_RTT_MS     3600000

struct control {
	rd_kafka_mock_cluster_t *cluster;
	int brokers;
	char **words; /* the command, then COUNT arguments */
	size_t count;
	struct strbuf *err;
};

static int fail(const struct control *c, const char *what, const char *word)
{
	strbuf_addf(c->err, "'%s' is not %s", word, what);
	return -EINVAL;
}

/* Report the result of librdkafka; 0 or -EIO. */
static int result(const struct control *c, rd_kafka_resp_err_t e)
{
	if (!e)
		return 0;
	strbuf_addstr(c->err, rd_kafka_err2str(e));
	return -EIO;
}

static int number(const struct control *c, const char *word, int min, int max, const char *what, int *ret)
{
	int64_t n;
	if (num_i64(word, &n) < 0 || n < min || n > max)
		return fail(c, what, word);
	*ret = (int)n;
	return 0;
}

/* The number of a broker, or -1 for WORD `all` (or `none`, where OTHER is that). */
static int broker(const struct control *c, const char *word, const char *other, int *ret)
{
	if (strcmp(word, other) != 0)
		return number(c, word, 1, c->brokers, "a broker", ret);
	*ret = -1;
	return 0;
}

/* A type of request, by its name in the protocol or its number. */
static int api(const struct control *c, const char *word, int *ret)
{
	static const struct {
		const char *name;
		int key;
	} names[] = {{"Produce", 0}, {"Fetch", 1}, {"ListOffsets", 2}, {"Metadata", 3}, {"OffsetCommit", 8},
		{"OffsetFetch", 9}, {"FindCoordinator", 10}, {"JoinGroup", 11}, {"Heartbeat", 12}, {"LeaveGroup", 13},
		{"SyncGroup", 14}, {"ApiVersions", 18}, {"InitProducerId", 22}, {"AddPartitionsToTxn", 24},
		{"AddOffsetsToTxn", 25}, {"EndTxn", 26}, {"TxnOffsetCommit", 28}};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasecmp(names[i].name, word) == 0)
			return *ret = names[i].key, 0;
	return number(c, word, 0, 100, "a kind of request", ret);
}

/* An error by librdkafka's name for it, or by number. */
static int error_code(const struct control *c, const char *word, rd_kafka_resp_err_t *ret)
{
	const struct rd_kafka_err_desc *descs;
	size_t count;
	int n;
	rd_kafka_get_err_descs(&descs, &count);
	for (size_t i = 0; i < count; i++) {
		if (descs[i].name && strcmp(descs[i].name, word) == 0) {
			*ret = descs[i].code;
			return 0;
		}
	}
	int r = number(c, word, -200, 200, "an error", &n);
	if (!r)
		*ret = (rd_kafka_resp_err_t)n;
	return r;
}

static int do_errors(const struct control *c)
{
	rd_kafka_resp_err_t errors[MAX_WORDS];
	int key, r = api(c, c->words[1], &key);
	for (size_t i = 2; !r && i <= c->count; i++)
		r = error_code(c, c->words[i], &errors[i - 2]);
	if (!r)
		rd_kafka_mock_push_request_errors_array(c->cluster, (int16_t)key, c->count - 1, errors);
	return r;
}

static int do_clear(const struct control *c)
{
	int key, r = api(c, c->words[1], &key);
	if (!r)
		rd_kafka_mock_clear_request_errors(c->cluster, (int16_t)key);
	return r;
}

static int do_down(const struct control *c)
{
	int id, r = broker(c, c->words[1], "all", &id);
	return r ? r : result(c, rd_kafka_mock_broker_set_down(c->cluster, id));
}

static int do_up(const struct control *c)
{
	int id, r = broker(c, c->words[1], "all", &id);
	return r ? r : result(c, rd_kafka_mock_broker_set_up(c->cluster, id));
}

static int do_rtt(const struct control *c)
{
	int id, ms, r = broker(c, c->words[1], "all", &id);
	if (!r)
		r = number(c, c->words[2], 0, MAX_RTT_MS, "a number of milliseconds", &ms);
	return r ? r : result(c, rd_kafka_mock_broker_set_rtt(c->cluster, id, ms));
}

static int do_leader(const struct control *c)
{
	int partition, id, r = number(c, c->words[2], 0, MAX_PARTITIONS, "a partition", &partition);
	if (!r)
		r = broker(c, c->words[3], "none", &id);
	return r ? r : result(c, rd_kafka_mock_partition_set_leader(c->cluster, c->words[1], partition, id));
}

static int do_coordinator(const struct control *c)
{
	int id, r = broker(c, c->words[3], "none", &id);
	if (!r && strcmp(c->words[1], "group") != 0 && strcmp(c->words[1], "transaction") != 0)
		r = fail(c, "group or transaction", c->words[1]);
	return r ? r : result(c, rd_kafka_mock_coordinator_set(c->cluster, c->words[1], c->words[2], id));
}

static int do_topic(const struct control *c)
{
	return control_topic(c->cluster, c->brokers, c->words[1], c->words[2], c->err);
}

static int do_topic_error(const struct control *c)
{
	rd_kafka_resp_err_t e;
	int r = error_code(c, c->words[2], &e);
	if (!r)
		rd_kafka_mock_topic_set_error(c->cluster, c->words[1], e);
	return r;
}

int control_topic(
	rd_kafka_mock_cluster_t *cluster, int brokers, const char *name, const char *partitions, struct strbuf *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	const struct control c = {.cluster = cluster, .err = err};
	size_t len = strlen(name);
	int count;
	if (!len || len > MAX_NAME || name[strspn(name, allowed)])
		return fail(&c, "a topic's name", name);
	int r = number(&c, partitions, 1, MAX_PARTITIONS, "a number of partitions (1 to 10000)", &count);
	return r ? r : result(&c, rd_kafka_mock_topic_create(cluster, name, count, brokers < 3 ? brokers : 3));
}

static const struct command {
	const char *name, *usage;
	size_t min, max; /* arguments */
	int (*run)(const struct control *c);
} commands[] = {
	{"errors", "API ERROR...", 2, MAX_WORDS - 1, do_errors},
	{"clear", "API", 1, 1, do_clear},
	{"down", "BROKER|all", 1, 1, do_down},
	{"up", "BROKER|all", 1, 1, do_up},
	{"rtt", "BROKER|all MILLISECONDS", 2, 2, do_rtt},
	{"leader", "TOPIC PARTITION BROKER|none", 3, 3, do_leader},
	{"coordinator", "group|transaction KEY BROKER|none", 3, 3, do_coordinator},
	{"topic", "NAME PARTITIONS", 2, 2, do_topic},
	{"topic-error", "TOPIC ERROR", 2, 2, do_topic_error},
};

int control_line(rd_kafka_mock_cluster_t *cluster, int brokers, char *line, struct strbuf *err)
{
	char *words[MAX_WORDS], *rest = NULL;
	size_t n = 0;
	for (char *w = strtok_r(line, " \t\r", &rest); w && n < MAX_WORDS; w = strtok_r(NULL, " \t\r", &rest))
		words[n++] = w;
	if (!n || *words[0] == '#')
		return 0;
	const struct control c = {cluster, brokers, words, n - 1, err};
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (strcmp(commands[i].name, words[0]) != 0)
			continue;
		if (c.count >= commands[i].min && c.count <= commands[i].max)
			return commands[i].run(&c);
		strbuf_addf(err, "usage: %s %s", commands[i].name, commands[i].usage);
		return -EINVAL;
	}
	return fail(&c, "a command", words[0]);
}
