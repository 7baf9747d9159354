/*
 * kadmin: the parts of Kafka's admin interface that the tests need, without a JVM.
 *
 *   kadmin [-X NAME=VALUE]... BROKERS create TOPIC PARTITIONS [CONFIG=VALUE]...
 *   kadmin [-X NAME=VALUE]... BROKERS grow TOPIC PARTITIONS
 *   kadmin [-X NAME=VALUE]... BROKERS delete TOPIC
 *   kadmin [-X NAME=VALUE]... BROKERS delete-records TOPIC PARTITION OFFSET
 *   kadmin [-X NAME=VALUE]... BROKERS commit GROUP TOPIC PARTITION OFFSET [METADATA]
 * create and grow return when every partition answers a client.  delete-records makes OFFSET the first
 * offset of the partition (-1: its end).  commit sets the position of a group without members.
 * -X sets a property of librdkafka.  Exit 1 with a message on failure, 2 on bad usage.
 */
#include "common/base/clock.h"
#include "common/base/diag.h"
#include "common/base/num.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <librdkafka/rdkafka.h>

enum {
	TIMEOUT_MS = 30000,
	ATTEMPT_MS = 2000,
	PAUSE_MS = 20,
};

struct admin {
	rd_kafka_conf_t *conf; /* owned by the handle, once there is one */
	rd_kafka_t *rk;
	rd_kafka_queue_t *queue;
};

static const char usage[] =
	"usage: kadmin [-X NAME=VALUE]... BROKERS create|grow|delete|delete-records|commit OPERAND...";

static int64_t number(const char *text, int64_t min, int64_t max)
{
	int64_t n;
	if (num_i64(text, &n) < 0 || n < min || n > max)
		die(EXIT_NO, "'%s' is not a number from %" PRId64 " to %" PRId64, text, min, max);
	return n;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
	char err[512];
	if (rd_kafka_conf_set(conf, name, value, err, sizeof(err)) != RD_KAFKA_CONF_OK)
		die(EXIT_NO, "%s", err);
}

/* Splits "NAME=VALUE" in place; returns the value. */
static char *split_pair(char *pair)
{
	char *eq = strchr(pair, '=');
	if (!eq)
		die(EXIT_NO, "'%s' is not NAME=VALUE", pair);
	*eq = '\0';
	return eq + 1;
}

static rd_kafka_AdminOptions_t *options(const struct admin *admin, rd_kafka_admin_op_t op)
{
	rd_kafka_AdminOptions_t *opt = rd_kafka_AdminOptions_new(admin->rk, op);
	char err[512];
	if (rd_kafka_AdminOptions_set_request_timeout(opt, TIMEOUT_MS, err, sizeof(err)))
		die(EXIT_NO, "%s", err);
	return opt;
}

/* Waits for the answer to OPT's request and frees OPT; the caller destroys the event. */
static rd_kafka_event_t *answer(struct admin *admin, rd_kafka_AdminOptions_t *opt)
{
	rd_kafka_event_t *event = rd_kafka_queue_poll(admin->queue, TIMEOUT_MS + ATTEMPT_MS);
	rd_kafka_AdminOptions_destroy(opt);
	if (!event)
		die(EXIT_NO, "no answer");
	if (rd_kafka_event_error(event))
		die(EXIT_NO, "%s", rd_kafka_event_error_string(event));
	return event;
}

/* Waits for the answer to OPT's request, which is about topics; ends the program if one of them has an error. */
static void answer_for_topics(struct admin *admin, rd_kafka_AdminOptions_t *opt)
{
	rd_kafka_event_t *event = answer(admin, opt);
	const rd_kafka_topic_result_t **topics = NULL;
	size_t n = 0;
	if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_CREATETOPICS_RESULT)
		topics = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &n);
	else if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_CREATEPARTITIONS_RESULT)
		topics = rd_kafka_CreatePartitions_result_topics(rd_kafka_event_CreatePartitions_result(event), &n);
	else if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_DELETETOPICS_RESULT)
		topics = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &n);
	if (!topics)
		die(EXIT_NO, "no answer about topics");
	for (size_t i = 0; i < n; i++)
		if (rd_kafka_topic_result_error(topics[i]))
			die(EXIT_NO, "%s: %s", rd_kafka_topic_result_name(topics[i]),
				rd_kafka_topic_result_error_string(topics[i]));
	rd_kafka_event_destroy(event);
}

static void check_partitions(const rd_kafka_topic_partition_list_t *list)
{
	for (int i = 0; i < list->cnt; i++)
		if (list->elems[i].err)
			die(EXIT_NO, "%s[%d]: %s", list->elems[i].topic, list->elems[i].partition,
				rd_kafka_err2str(list->elems[i].err));
}

/*
 * Whether the broker knows this many partitions.  This makes librdkafka ask the broker and remember the answer;
 * otherwise it uses for minutes what it has seen before, which is the topic before it has grown.
 */
static int known(const struct admin *admin, const char *topic, int partitions)
{
	rd_kafka_topic_t *rkt = rd_kafka_topic_new(admin->rk, topic, NULL);
	const struct rd_kafka_metadata *md = NULL;
	int yes = rkt && !rd_kafka_metadata(admin->rk, 0, rkt, &md, ATTEMPT_MS) && md->topic_cnt == 1 &&
		  md->topics[0].partition_cnt == partitions;
	if (md)
		rd_kafka_metadata_destroy(md);
	if (rkt)
		rd_kafka_topic_destroy(rkt);
	return yes;
}

/* Whether the leaders of all partitions answer a client. */
static int serves(const struct admin *admin, const char *topic, int partitions)
{
	rd_kafka_topic_partition_list_t *list;
	int ok;
	if (!known(admin, topic, partitions))
		return 0;
	list = rd_kafka_topic_partition_list_new(partitions);
	for (int i = 0; i < partitions; i++)
		rd_kafka_topic_partition_list_add(list, topic, i)->offset = RD_KAFKA_OFFSET_END;
	ok = !rd_kafka_offsets_for_times(admin->rk, list, ATTEMPT_MS);
	for (int i = 0; ok && i < partitions; i++)
		ok = !list->elems[i].err && list->elems[i].offset >= 0;
	rd_kafka_topic_partition_list_destroy(list);
	return ok;
}

static void await_partitions(struct admin *admin, const char *topic, int partitions, int64_t deadline)
{
	while (!serves(admin, topic, partitions)) {
		if (clock_ms() > deadline)
			die(EXIT_NO, "%s: created, but its partitions do not answer", topic);
		usleep(PAUSE_MS * 1000);
	}
}

static void create_topic(struct admin *admin, char **argv)
{
	int partitions = (int)number(argv[1], 1, INT_MAX);
	int64_t deadline = clock_ms() + TIMEOUT_MS;
	rd_kafka_AdminOptions_t *opt = options(admin, RD_KAFKA_ADMIN_OP_CREATETOPICS);
	char err[512];
	rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(argv[0], partitions, -1, err, sizeof(err));
	if (!topic)
		die(EXIT_NO, "%s", err);
	for (char **pair = argv + 2; *pair; pair++) {
		const char *value = split_pair(*pair);

		if (rd_kafka_NewTopic_set_config(topic, *pair, value))
			die(EXIT_NO, "topic property '%s' is refused", *pair);
	}
	rd_kafka_CreateTopics(admin->rk, &topic, 1, opt, admin->queue);
	answer_for_topics(admin, opt);
	rd_kafka_NewTopic_destroy(topic);
	await_partitions(admin, argv[0], partitions, deadline);
}

static void grow_topic(struct admin *admin, char **argv)
{
	int partitions = (int)number(argv[1], 1, INT_MAX);
	int64_t deadline = clock_ms() + TIMEOUT_MS;
	rd_kafka_AdminOptions_t *opt = options(admin, RD_KAFKA_ADMIN_OP_CREATEPARTITIONS);
	char err[512];
	rd_kafka_NewPartitions_t *more = rd_kafka_NewPartitions_new(argv[0], (size_t)partitions, err, sizeof(err));
	if (!more)
		die(EXIT_NO, "%s", err);
	rd_kafka_CreatePartitions(admin->rk, &more, 1, opt, admin->queue);
	answer_for_topics(admin, opt);
	rd_kafka_NewPartitions_destroy(more);
	await_partitions(admin, argv[0], partitions, deadline);
}

static void delete_topic(struct admin *admin, char **argv)
{
	rd_kafka_AdminOptions_t *opt = options(admin, RD_KAFKA_ADMIN_OP_DELETETOPICS);
	rd_kafka_DeleteTopic_t *topic = rd_kafka_DeleteTopic_new(argv[0]);
	rd_kafka_DeleteTopics(admin->rk, &topic, 1, opt, admin->queue);
	answer_for_topics(admin, opt);
	rd_kafka_DeleteTopic_destroy(topic);
}

static void delete_records(struct admin *admin, char **argv)
{
	rd_kafka_AdminOptions_t *opt = options(admin, RD_KAFKA_ADMIN_OP_DELETERECORDS);
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	int partition = (int)number(argv[1], 0, INT_MAX);
	rd_kafka_DeleteRecords_t *records;
	rd_kafka_event_t *event;
	rd_kafka_topic_partition_list_add(list, argv[0], partition)->offset =
		number(argv[2], RD_KAFKA_OFFSET_END, INT64_MAX);
	records = rd_kafka_DeleteRecords_new(list);
	rd_kafka_DeleteRecords(admin->rk, &records, 1, opt, admin->queue);
	event = answer(admin, opt);
	check_partitions(rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event)));
	rd_kafka_event_destroy(event);
	rd_kafka_DeleteRecords_destroy(records);
	rd_kafka_topic_partition_list_destroy(list);
}

/* The first group on a new broker has to wait until its coordinator was created. */
static int no_coordinator(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR__WAIT_COORD || err == RD_KAFKA_RESP_ERR__TRANSPORT ||
	       err == RD_KAFKA_RESP_ERR_NOT_COORDINATOR || err == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
	       err == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS;
}

static void commit(struct admin *admin, char **argv)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	int64_t deadline = clock_ms() + TIMEOUT_MS;
	rd_kafka_resp_err_t err;
	rd_kafka_topic_partition_list_add(list, argv[1], (int)number(argv[2], 0, INT_MAX))->offset =
		number(argv[3], 0, INT64_MAX);
	if (argv[4]) {
		list->elems[0].metadata = strdup(argv[4]);
		list->elems[0].metadata_size = strlen(argv[4]);
	}
	while ((err = rd_kafka_commit(admin->rk, list, 0))) {
		if (!no_coordinator(err) || clock_ms() > deadline)
			die(EXIT_NO, "group %s: %s", argv[0], rd_kafka_err2str(err));
		usleep(PAUSE_MS * 1000);
	}
	check_partitions(list);
	rd_kafka_topic_partition_list_destroy(list);
}

static const struct verb {
	const char *name;
	int min, max; /* operands after the verb */
	rd_kafka_type_t handle;
	void (*run)(struct admin *admin, char **argv);
} verbs[] = {
	{"create", 2, INT_MAX, RD_KAFKA_PRODUCER, create_topic},
	{"grow", 2, 2, RD_KAFKA_PRODUCER, grow_topic},
	{"delete", 1, 1, RD_KAFKA_PRODUCER, delete_topic},
	{"delete-records", 3, 3, RD_KAFKA_PRODUCER, delete_records},
	{"commit", 4, 5, RD_KAFKA_CONSUMER, commit},
};

static const struct verb *find(const char *name, int operands)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(verbs[i].name, name) && operands >= verbs[i].min && operands <= verbs[i].max)
			return &verbs[i];
	die(EXIT_USAGE, "%s", usage);
}

int main(int argc, char **argv)
{
	struct admin admin = {.conf = rd_kafka_conf_new()};
	const struct verb *verb;
	char *value, err[512];
	int c;
	diag_init("kadmin");
	while ((c = getopt(argc, argv, "+X:")) != -1) {
		if (c != 'X')
			die(EXIT_USAGE, "%s", usage);
		value = split_pair(optarg);
		set(admin.conf, optarg, value);
	}
	argv += optind;
	if (argc < optind + 2)
		die(EXIT_USAGE, "%s", usage);
	verb = find(argv[1], argc - optind - 2);
	set(admin.conf, "bootstrap.servers", argv[0]);
	if (verb->handle == RD_KAFKA_CONSUMER)
		set(admin.conf, "group.id", argv[2]);
	if (!(admin.rk = rd_kafka_new(verb->handle, admin.conf, err, sizeof(err))))
		die(EXIT_NO, "%s", err);
	admin.queue = rd_kafka_queue_new(admin.rk);
	verb->run(&admin, argv + 2);
	rd_kafka_queue_destroy(admin.queue);
	rd_kafka_destroy(admin.rk);
	return 0;
}
