/* A look-up at the brokers: see lookup.h. */
#include "lookup.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/kafka/conf.h"
#include "common/kafka/groups.h"
#include "common/kafka/offset_text.h"
#include "common/stream/recreated.h"
#include "partition.h"

enum { STEP_MS = 2000 }; /* how long to wait for an answer; a later answer is lost */

void lookup_begin(struct lookup *l, uint64_t number, unsigned want, const struct session_part *parts, size_t count)
{
	l->cursors = xreallocarray(l->cursors, count + 1, sizeof *l->cursors);
	for (size_t i = 0; i < count; i++)
		l->cursors[i] = parts[i].cursor;
	l->count = count;
	l->number = number;
	l->want = want;
	l->on = true;
	l->lo_known = false;
	l->wait = (struct patience){0};
}

void lookup_release(struct lookup *l)
{
	free(l->cursors);
	*l = (struct lookup){0};
}

rd_kafka_topic_partition_list_t *lookup_list(const struct cursors *t)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)t->assigned);
	for (size_t i = 0; i < t->count; i++)
		if (t->items[i]->assigned)
			rd_kafka_topic_partition_list_add(list, t->items[i]->topic->name, t->items[i]->partition)
				->offset = t->items[i]->next;
	return list;
}

static rd_kafka_resp_err_t first_error(rd_kafka_resp_err_t err, const rd_kafka_topic_partition_list_t *list)
{
	for (int i = 0; !err && i < list->cnt; i++)
		err = list->elems[i].err;
	return err;
}

rd_kafka_resp_err_t lookup_offsets(rd_kafka_t *rk, rd_kafka_topic_partition_list_t *list, int64_t what, int timeout_ms)
{
	for (int i = 0; i < list->cnt; i++)
		list->elems[i].offset = what;
	return first_error(rd_kafka_offsets_for_times(rk, list, timeout_ms), list);
}

/* Note the table to which the group's offsets belong; metadata of other clients is ignored. */
static void keep_table(struct cursor *c, const rd_kafka_topic_partition_t *e)
{
	struct partition *p = partition_of(c);
	size_t len;
	const char *table = offset_text_table(e->metadata, e->metadata_size, &len);
	free(p->table);
	p->table = table ? xstrndup(table, len) : NULL;
}

/* Ask the next of the open questions. */
static unsigned next_want(const struct lookup *l)
{
	return l->want & -l->want;
}

static void keep(const struct lookup *l, const rd_kafka_topic_partition_list_t *list)
{
	unsigned want = next_want(l);
	for (size_t i = 0; i < l->count; i++) {
		const rd_kafka_topic_partition_t *e = &list->elems[i];
		struct cursor *c = l->cursors[i];
		int64_t *to = want == LOOKUP_STORED ? &c->stored
			      : want == LOOKUP_FROM ? &c->from_timed
			      : want == LOOKUP_TO   ? &c->to_timed
			      : l->lo_known         ? &c->hi
						    : &c->lo;
		*to = e->offset < 0 ? OFFSET_NONE : e->offset;
		if (want == LOOKUP_STORED)
			keep_table(c, e);
	}
}

/* librdkafka's mock cluster always answers "no record is that late", which would mean the end. */
static bool knows_times(struct kafka_client *client)
{
	char *id = rd_kafka_clusterid(client->rk, STEP_MS);
	bool mock = id && strncmp(id, "mockCluster", 11) == 0;
	if (id)
		rd_kafka_mem_free(client->rk, id);
	return !mock;
}

/* Ask for the group's positions. librdkafka itself tells only members why they may not see them. */
static rd_kafka_resp_err_t ask_stored(const struct lookup *l, struct kafka_client *client,
	rd_kafka_topic_partition_list_t *list, int timeout_ms, struct strbuf *err)
{
	if (l->reader_of)
		return group_read_committed(client, l->reader_of, list, clock_ms() + timeout_ms, err);
	return first_error(rd_kafka_committed(client->rk, list, timeout_ms), list);
}

static rd_kafka_resp_err_t ask(const struct lookup *l, struct kafka_client *client,
	rd_kafka_topic_partition_list_t *list, int timeout_ms, struct strbuf *err)
{
	switch (next_want(l)) {
	case LOOKUP_STORED:
		return ask_stored(l, client, list, timeout_ms, err);
	case LOOKUP_FROM:
		return lookup_offsets(client->rk, list, l->from_ms, timeout_ms);
	case LOOKUP_TO:
		return lookup_offsets(client->rk, list, l->to_ms, timeout_ms);
	default:
		return lookup_offsets(
			client->rk, list, l->lo_known ? RD_KAFKA_OFFSET_END : RD_KAFKA_OFFSET_BEGINNING, timeout_ms);
	}
}

/* There is no answer (yet).  WHOLE is the message, if there is a better one than ERR's. */
static enum lookup_result unanswered(struct lookup *l, struct kafka_client *client, rd_kafka_resp_err_t err,
	const struct strbuf *whole, int64_t timeout_ms, int *ret_status, struct strbuf *text)
{
	bool config = kafka_status(err) == EXIT_CONFIG && err != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
	enum patience_state state = patience_ask(&l->wait, timeout_ms, clock_ms());
	if (state == PATIENCE_WAIT && !config)
		return LOOKUP_AGAIN;
	strbuf_addf(text, "cannot find out %s: ",
		next_want(l) == LOOKUP_STORED ? "the positions of the group" : "where the partitions begin and end");
	if (whole->len)
		strbuf_addstr(text, whole->s);
	else
		err = kafka_client_explain(client, err, text);
	if (!config && state == PATIENCE_TELL) {
		strbuf_addf(text, "; trying for %g s (--timeout)", (double)timeout_ms / 1000);
		return LOOKUP_TELL;
	}
	*ret_status = kafka_status(err);
	l->on = false;
	return LOOKUP_FAILED;
}

/* One of the questions was answered. */
static enum lookup_result answered(struct lookup *l)
{
	l->wait = (struct patience){0};
	if (next_want(l) == LOOKUP_BOUNDS && !l->lo_known)
		l->lo_known = true;
	else
		l->want &= ~next_want(l);
	l->on = l->want;
	return l->on ? LOOKUP_AGAIN : LOOKUP_DONE;
}

enum lookup_result lookup_step(
	struct lookup *l, struct kafka_client *client, int64_t timeout_ms, int *ret_status, struct strbuf *err)
{
	struct strbuf whole = STRBUF_INIT;
	patience_begin(&l->wait, clock_ms());
	if (next_want(l) & (LOOKUP_FROM | LOOKUP_TO) && !knows_times(client)) {
		strbuf_addstr(err, "this is a mock broker, which cannot look up the offset of a time");
		*ret_status = EXIT_CONFIG;
		l->on = false;
		return LOOKUP_FAILED;
	}
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)l->count);
	for (size_t i = 0; i < l->count; i++)
		rd_kafka_topic_partition_list_add(list, l->cursors[i]->topic->name, l->cursors[i]->partition);
	rd_kafka_resp_err_t e = ask(l, client, list, l->wait.told ? STEP_MS : PATIENCE_TELL_MS, &whole);
	if (!e)
		keep(l, list);
	rd_kafka_topic_partition_list_destroy(list);
	enum lookup_result r = e ? unanswered(l, client, e, &whole, timeout_ms, ret_status, err) : answered(l);
	strbuf_release(&whole);
	return r;
}

bool lookup_recreated(rd_kafka_t *rk, struct cursors *t)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	bool again = false;
	for (size_t i = 0; i < t->count; i++) {
		int64_t ms;
		if (recreated_asks(t->items[i], &ms))
			rd_kafka_topic_partition_list_add(list, t->items[i]->topic->name, t->items[i]->partition)
				->offset = ms;
	}
	rd_kafka_resp_err_t err =
		list->cnt ? rd_kafka_offsets_for_times(rk, list, STEP_MS) : RD_KAFKA_RESP_ERR_NO_ERROR;
	for (int i = 0; !err && i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *e = &list->elems[i];
		if (!e->err)
			again |= recreated_decide(cursors_get(t, e->topic, e->partition), e->offset);
	}
	rd_kafka_topic_partition_list_destroy(list);
	if (!err)
		recreated_remember(t, false);
	return again;
}
