/* The ends of logs, and errors of leaders that do not answer: see offsets.h. */
#include "common/kafka/offsets.h"

#include <stdlib.h>
#include <time.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"

enum {
	ATTEMPTS = 3,   /* for a partition whose leader has just moved */
	PAUSE_MS = 100, /* before the next attempt, while the metadata is fetched again */
};

/* The partitions of one call, and which of their ends are requested. */
struct ends_query {
	struct kafka_client *client;
	struct log_part **parts;
	size_t count;
	int64_t which; /* RD_KAFKA_OFFSET_BEGINNING or RD_KAFKA_OFFSET_END */
};

static void set_result(struct log_part *part, int64_t which, const rd_kafka_topic_partition_t *result)
{
	part->err = result->err;
	if (!result->err && result->offset < 0)
		part->err = RD_KAFKA_RESP_ERR_UNKNOWN; /* still the value of the request: no answer */
	if (part->err)
		return;
	if (which == RD_KAFKA_OFFSET_END)
		part->end = result->offset;
	else
		part->start = result->offset;
}

static bool no_answer(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR__TIMED_OUT || err == RD_KAFKA_RESP_ERR__TRANSPORT ||
	       err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || err == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT;
}

static rd_kafka_resp_err_t ask_once(const struct ends_query *q, int timeout_ms)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)q->count);
	for (size_t i = 0; i < q->count; i++)
		rd_kafka_topic_partition_list_add(list, q->parts[i]->topic, q->parts[i]->partition)->offset = q->which;
	rd_kafka_resp_err_t err = rd_kafka_offsets_for_times(q->client->rk, list, timeout_ms);
	for (size_t i = 0; !err && i < q->count; i++)
		set_result(q->parts[i], q->which, &list->elems[i]);
	rd_kafka_topic_partition_list_destroy(list);
	return err;
}

/*
 * Query the partitions of Q in one call: either all of their results are set, or an error is returned and none is set.
 * After a second the request is repeated, so that the reason for a missing answer can be reported.
 */
static rd_kafka_resp_err_t ask(const struct ends_query *q, int timeout_ms)
{
	int rest = timeout_ms - PATIENCE_TELL_MS;
	patience_begin(&q->client->patience, clock_ms());
	rd_kafka_resp_err_t err = ask_once(q, rest > 0 ? PATIENCE_TELL_MS : timeout_ms);
	kafka_client_poll(q->client, 0);
	if (!no_answer(err)) {
		(void)patience_end(&q->client->patience);
	} else if (rest > 0) {
		kafka_client_silent(q->client);
		err = ask_once(q, rest);
		kafka_client_poll(q->client, 0);
	}
	return err;
}

/*
 * Query the partitions of one leader.  librdkafka's offsets_for_times fails as a whole when one partition fails, so a
 * failed query is split in halves until each bad partition is alone.
 */
static void ask_halves(struct ends_query q, int64_t deadline)
{
	rd_kafka_resp_err_t err = ask(&q, offsets_time_left(deadline));
	for (int i = 1; q.count == 1 && err && !no_answer(err) && i < ATTEMPTS && clock_ms() < deadline; i++) {
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
		err = ask(&q, offsets_time_left(deadline));
	}
	if (!err)
		return;
	if (q.count == 1 || no_answer(err)) {
		for (size_t i = 0; i < q.count; i++)
			q.parts[i]->err = err;
		return;
	}
	size_t count = q.count;
	q.count = count / 2;
	ask_halves(q, deadline);
	q.parts += q.count;
	q.count = count - q.count;
	ask_halves(q, deadline);
}

static int by_leader(const void *a, const void *b)
{
	const struct log_part *p = *(struct log_part *const *)a, *q = *(struct log_part *const *)b;
	return (p->leader > q->leader) - (p->leader < q->leader);
}

/* Query each leader separately, so that a leader that is down uses up only its own share of the time. */
static void ask_leaders(struct ends_query q, int64_t deadline)
{
	size_t left = q.count, leaders = 0;
	qsort(q.parts, q.count, sizeof *q.parts, by_leader);
	for (size_t i = 0; i < left; i++)
		leaders += !i || q.parts[i]->leader != q.parts[i - 1]->leader;
	for (; left; q.parts += q.count, left -= q.count, leaders--) {
		for (q.count = 1; q.count < left && q.parts[q.count]->leader == q.parts[0]->leader;)
			q.count++;
		ask_halves(q, clock_ms() + offsets_time_left(deadline) / (int)leaders);
	}
}

void log_list_read_ends(struct log_list *list, struct kafka_client *client, int64_t deadline)
{
	static const int64_t ends[] = {RD_KAFKA_OFFSET_BEGINNING, RD_KAFKA_OFFSET_END};
	struct ends_query q = {.client = client};
	q.parts = xreallocarray(NULL, list->count, sizeof *q.parts);
	for (size_t e = 0; e < sizeof ends / sizeof *ends; e++) {
		q.which = ends[e];
		q.count = 0;
		for (size_t i = 0; i < list->count; i++)
			if (list->items[i].wanted && !list->items[i].err)
				q.parts[q.count++] = &list->items[i];
		/*
		 * Beginnings and ends each get their share of the time, and half of that is for the single call that
		 * nearly always succeeds.
		 */
		int64_t until =
			q.which == RD_KAFKA_OFFSET_END ? deadline : clock_ms() + offsets_time_left(deadline) / 2;
		if (q.count && ask(&q, offsets_time_left(until) / 2))
			ask_leaders(q, until);
	}
	free(q.parts);
}
