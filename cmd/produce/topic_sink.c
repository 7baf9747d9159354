/* The topic as a sink: see topic_sink.h. */
#include "cmd/produce/topic_sink.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/kafka/conf.h"
#include "common/kafka/groups.h"
#include "common/kafka/offset_text.h"

static int read_span(struct produce *p, const char *s, size_t len, struct flow *flow)
{
	if (p->fields)
		return s ? produce_fields(p, s, len, flow) : produce_fields_end(p);
	return p->opts->format == PRODUCE_JSON ? produce_json(p, s, len, flow) : produce_raw(p, s, len, flow);
}

/* Take the records of a span, or with S NULL those that were still open. */
static int take(struct produce *p, struct sink_place *place, const char *s, size_t len, struct flow *flow)
{
	uint64_t before = produce_read(p), bad = p->rejects.count;
	p->place = place->batch ? place : NULL;
	int status = read_span(p, s, len, flow);
	if (!p->place) {
		place->record += produce_read(p) - before;
		place->left_out += p->rejects.count - bad;
	} else {
		p->rejects.read += produce_read(p) - before;
	}
	return status;
}

static int on_span(
	void *self, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	(void)err;
	return take(self, place, s, len, flow);
}

static int on_end(void *self, struct sink_place *place, struct flow *flow, struct strbuf *err)
{
	struct produce *p = self;
	(void)err;
	return p->fields ? take(p, place, NULL, 0, flow) : 0;
}

/* A failure ends the program even when no further record comes. */
static int on_meanwhile(void *self, struct flow *flow)
{
	struct produce *p = self;
	(void)flow;
	return sender_check(&p->sender);
}

static int on_gathered(void *self, const struct mark *mark)
{
	struct produce *p = self;
	return mark ? rejects_batch(&p->rejects, mark) : 0;
}

/* --- the source --------------------------------------------------------------------------------------------------- */

static int on_start_mark(struct produce *p, const struct mark *mark, struct strbuf *err)
{
	size_t len;
	const char *theirs = mark_string(mark, "cluster", &len);
	if (!theirs) {
		strbuf_addstr(err, "the positions of this stream are not offsets of Kafka, so they cannot be committed "
				   "with the records; run produce by `weir each`, with `weir ack` after it");
		return -EPERM;
	}
	char *ours = rd_kafka_clusterid(p->sender.client.rk, p->sender.timeout_ms);
	bool same = ours && strlen(ours) == len && memcmp(ours, theirs, len) == 0;
	if (!same)
		strbuf_addf(err,
			"the stream comes from another Kafka cluster (%.*s, and this is %s), and a transaction cannot "
			"span both; run produce by `weir each`, with `weir ack` after it",
			(int)len, theirs, ours ? ours : "not known");
	if (ours)
		rd_kafka_mem_free(p->sender.client.rk, ours);
	return same ? 0 : -EPERM;
}

static int on_look(void *self, const struct mark *mark, struct strbuf *err)
{
	struct produce *p = self;
	size_t len;
	if (mark->kind == MARK_START)
		return on_start_mark(p, mark, err);
	const char *member = mark_string(mark, "member", &len);
	/* An R without partitions need not name one; then a commit finds out that there is none. */
	return member ? txn_resume(&p->txn, member, len, err) : 0;
}

/* --- positions ---------------------------------------------------------------------------------------------------- */

/* A handle that reads the positions of GROUP, configured as the producer; 0 or an exit status after a message. */
static int open_reader(const struct produce *p, const char *group, struct kafka_client *ret)
{
	struct strbuf err = STRBUF_INIT;
	rd_kafka_conf_t *conf = rd_kafka_conf_dup(rd_kafka_conf(p->sender.client.rk));
	int r = group_reader_conf(conf, group, &err);
	if (r < 0)
		rd_kafka_conf_destroy(conf);
	else
		r = kafka_client_init(ret, RD_KAFKA_CONSUMER, conf, &err);
	if (r < 0)
		warn("%s", err.s);
	ret->tell = p->sender.client.tell;
	ret->timeout_ms = p->sender.client.timeout_ms;
	strbuf_release(&err);
	return r < 0 ? (int)kafka_conf_status(r) : 0;
}

/* The offsets of GROUP in LIST, or all of them when it is empty: 0 or an exit status after a message. */
static int ask(struct produce *p, const char *group, rd_kafka_topic_partition_list_t *list)
{
	struct strbuf why = STRBUF_INIT;
	struct kafka_client reader = {0};
	int status = open_reader(p, group, &reader);
	if (!status) {
		int64_t deadline = clock_ms() + p->sender.timeout_ms;
		rd_kafka_resp_err_t e = group_read_committed(&reader, group, list, deadline, &why);
		status = e ? (int)kafka_status(e) : 0;
		if (e)
			warn("%s", why.s);
	}
	kafka_client_release(&reader);
	strbuf_release(&why);
	return status;
}

/* Whether E is a position of ours; RANGE gets what it says. */
static bool is_ours(const struct produce *p, const rd_kafka_topic_partition_t *e, struct mark_range *range)
{
	return e->offset >= 0 && offset_text_read(e->metadata, e->metadata_size, p->table, range);
}

static int on_start(void *self, const char *group, bool *ret_began, struct strbuf *err)
{
	struct produce *p = self;
	rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(0);
	int status = ask(p, group, all);
	(void)err;
	free(p->group);
	p->group = xstrdup(group);
	for (int i = 0; i < all->cnt && !*ret_began; i++)
		*ret_began = is_ours(p, &all->elems[i], &(struct mark_range){0});
	rd_kafka_topic_partition_list_destroy(all);
	return status;
}

/* All partitions of a topic, also those that others read, say how many there were when the group began. */
static int find_parts(struct produce *p, struct mark_ranges *ranges)
{
	rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(0);
	int status = ask(p, p->group, all);
	for (int i = 0; i < all->cnt; i++) {
		struct mark_range of = {.topic_parts = RANGE_NONE};
		if (!is_ours(p, &all->elems[i], &of) || of.topic_parts == RANGE_NONE)
			continue;
		for (size_t k = 0; k < ranges->count; k++)
			if (strcmp(ranges->items[k].topic, all->elems[i].topic) == 0)
				ranges->items[k].topic_parts = of.topic_parts;
	}
	rd_kafka_topic_partition_list_destroy(all);
	return status;
}

static int find_positions(struct produce *p, struct mark_ranges *ranges)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)ranges->count);
	for (size_t i = 0; i < ranges->count; i++)
		rd_kafka_topic_partition_list_add(list, ranges->items[i].topic, ranges->items[i].partition);
	int status = ranges->count ? ask(p, p->group, list) : 0;
	for (size_t i = 0; i < ranges->count && !status; i++) {
		struct mark_range *r = &ranges->items[i];
		bool ours = is_ours(p, &list->elems[i], r);
		r->was = ours ? list->elems[i].offset : RANGE_NONE;
		r->topic_parts = RANGE_NONE; /* find_parts() sets it, for all partitions of a topic */
	}
	rd_kafka_topic_partition_list_destroy(list);
	return status;
}

static int on_locate(void *self, const char *group, struct mark_ranges *ranges, struct strbuf *err)
{
	struct produce *p = self;
	/* First of all: after this, nothing that was begun under this id can still be committed. */
	int r = txn_open(&p->txn, &p->setup, group, ranges, err);
	if (r == 0)
		r = find_positions(p, ranges);
	return r ? r : find_parts(p, ranges);
}

static const char *table_id(void *self)
{
	const struct produce *p = self;
	return p->table;
}

/* --- commits ------------------------------------------------------------------------------------------------------ */

/* The positions as offsets, with all that is known of each as metadata. */
static rd_kafka_topic_partition_list_t *offsets_of(const struct produce *p, const struct sink_commit *commit)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)commit->count);
	for (size_t i = 0; i < commit->count; i++) {
		const struct position *at = &commit->positions[i];
		struct strbuf text = STRBUF_INIT;
		rd_kafka_topic_partition_t *e = rd_kafka_topic_partition_list_add(list, at->topic, at->partition);
		offset_text_add(&text, p->table, at);
		e->offset = at->next;
		e->metadata_size = text.len;
		e->metadata = strbuf_detach(&text);
	}
	return list;
}

/* The brokers refuse record NR, which p->kept has just read. */
static int on_refused(void *arg, uint64_t nr, const char *why)
{
	struct produce *p = arg;
	struct sink_place place = sink_places_find(&p->kept.places, nr), *const open = p->place;
	struct strbuf line = STRBUF_INIT;
	strbuf_add(&line, p->kept.line ? p->kept.line : "", p->kept.line_len); /* more may be kept now */
	const struct aside_record rec = {
		.reason = why, .input = place.input, .number = place.record, .rec = line.s, .len = line.len};
	p->place = &place;
	int status = p->setup.dead_letter ? produce_bury(p, &rec) : 0;
	p->place = open;
	if (!status)
		status = rejects_add(&p->rejects, false, &rec);
	if (!status) /* what is left out has to be on disk first */
		status = rejects_batch(&p->rejects, NULL);
	strbuf_release(&line);
	return status;
}

static int on_commit(void *self, struct sink_commit *commit, struct strbuf *err)
{
	struct produce *p = self;
	if (!commit->marked)
		return 0; /* its records are on their way, and are waited for at the end */
	rd_kafka_topic_partition_list_t *offsets = offsets_of(p, commit);
	const struct txn_commit all = {.kept = &p->kept,
		.offsets = offsets,
		.refuse = rejects_go_on(&p->rejects) ? on_refused : NULL,
		.arg = p};
	int r = txn_commit(&p->txn, &all, err);
	rd_kafka_topic_partition_list_destroy(offsets);
	commit->bytes = p->kept.open ? p->kept.spool.size : 0;
	return r;
}

static int on_publish(void *self, struct strbuf *err)
{
	struct produce *p = self;
	(void)err;
	kept_clear(&p->kept);
	return 0;
}

static void on_describe(void *self, const struct sink_commit *commit, struct strbuf *out)
{
	const struct produce *p = self;
	if (!commit)
		strbuf_addf(out, "topic '%s'", p->setup.topic);
}

const struct sink_ops topic_sink_ops = {
	.in_group = true,
	.streams = true,
	.span = on_span,
	.end = on_end,
	.meanwhile = on_meanwhile,
	.gathered = on_gathered,
	.look = on_look,
	.start = on_start,
	.table = table_id,
	.locate = on_locate,
	.commit = on_commit,
	.publish = on_publish,
	.describe = on_describe,
};
