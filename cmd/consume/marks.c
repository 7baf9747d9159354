/* Marks: what they say.  See batch.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "common/io/parts.h"
#include "consume.h"

static bool put(struct consume *c)
{
	struct batch *b = &c->batch;
	strbuf_addch(&b->text, c->opt->frame.delim);
	int r = outbuf_write(&c->sink.out, b->text.s, b->text.len);
	strbuf_clear(&b->text);
	if (r < 0)
		sink_failed(c);
	return r == 0 && sink_flush(c, 0);
}

static size_t start_mark(struct consume *c, enum mark_kind kind)
{
	struct batch *b = &c->batch;
	size_t start;
	b->mark.kind = kind;
	b->mark.end_ms = clock_epoch_ms();
	if (kind != MARK_BATCH)
		b->mark.start_ms = b->mark.end_ms;
	mark_begin(&b->text, &b->mark, &start);
	return start;
}

static bool end_mark(struct consume *c, size_t start)
{
	struct batch *b = &c->batch;
	mark_end(&b->text, start);
	b->mark.start_ms = b->mark.end_ms;
	b->mark.n = 0;
	return put(c);
}

/* S as a string of JSON: names of groups may hold anything. */
static void add_string(struct strbuf *out, const char *s)
{
	json_t *v = json_string(s);
	char *text = v ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	strbuf_addstr(out, text ? text : "\"\"");
	free(text);
	json_decref(v);
}

bool batch_start(struct consume *c)
{
	struct batch *b = &c->batch;
	size_t start = start_mark(c, MARK_START);
	strbuf_addstr(&b->text, ",\"group\":");
	add_string(&b->text, c->opt->group);
	strbuf_addstr(&b->text, ",\"topics\":[");
	for (char **t = c->opt->topics; *t; t++) {
		strbuf_addstr(&b->text, t == c->opt->topics ? "" : ",");
		add_string(&b->text, *t);
	}
	strbuf_addf(&b->text, "],\"socket\":\"%s\"", b->acks.path);
	KILL_POINT("consume-before-S");
	bool ok = end_mark(c, start);
	KILL_POINT("consume-after-S");
	return ok;
}

static void set_part(struct mark_part *part, const struct topic_positions *t, struct position *p)
{
	*part = (struct mark_part){
		.topic = p->topic,
		.partition = p->partition,
		.from = p->from,
		.to = p->next,
		.records = p->records,
		.has_last = p->last.known,
		.last_ms = p->last.ms,
		.last_crc = p->last.crc,
		.last_offset = p->last.offset,
		.was = p->was,
		.start = p->from,
		.end = p->end == POSITION_NEVER ? PART_NONE : p->end,
		.topic_parts = t->parts,
	};
}

/* The partitions of the open batch, by topic and partition; freed by the caller. */
static struct mark_part *list_parts(const struct positions *t, size_t *ret_count)
{
	struct mark_part *parts = xcalloc(t->count, sizeof *parts);
	size_t n = 0;
	for (size_t i = 0; i < t->topic_count; i++)
		for (size_t j = 0; j < t->topics[i].count; j++)
			if (t->topics[i].partitions[j] && t->topics[i].partitions[j]->in_batch)
				set_part(&parts[n++], &t->topics[i], t->topics[i].partitions[j]);
	*ret_count = n;
	return parts;
}

static void add_batch_members(struct consume *c, bool flush)
{
	struct batch *b = &c->batch;
	size_t count;
	struct mark_part *parts = list_parts(&c->positions, &count);
	if (flush)
		strbuf_addstr(&b->text, ",\"flush\":true");
	parts_add_batch(&b->text, parts, count);
	free(parts);
	if (b->ts_min >= 0)
		strbuf_addf(&b->text, ",\"ts\":[%" PRId64 ",%" PRId64 "]", b->ts_min, b->ts_max);
	if (b->watermark >= 0)
		strbuf_addf(&b->text, ",\"wm\":%" PRId64, b->watermark);
	if (b->done)
		strbuf_addf(&b->text, ",\"done\":%" PRIu64, b->done - 1);
}

static void open_next(struct consume *c)
{
	struct batch *b = &c->batch;
	b->mark.batch++;
	b->bytes = 0;
	b->ts_min = b->ts_max = -1;
	b->due = clock_ms() + c->opt->batch.interval_ms;
	for (size_t i = 0; i < c->positions.count; i++) {
		struct position *p = c->positions.all[i];
		p->from = p->next;
		p->records = 0;
		/* The batch was the last of an assignment that is gone. */
		p->in_batch = p->in_batch && p->assigned;
	}
}

bool batch_cut(struct consume *c, bool flush)
{
	struct batch *b = &c->batch;
	batch_settle(c);
	size_t start = start_mark(c, MARK_BATCH);
	add_batch_members(c, flush);
	acks_expect(c, b->mark.batch);
	open_next(c);
	KILL_POINT("consume-before-B");
	bool ok = end_mark(c, start);
	KILL_POINT("consume-after-B");
	return ok;
}

/* The number in Q and R is that of the batch before them. */
static size_t start_after_batch(struct consume *c, enum mark_kind kind)
{
	c->batch.mark.batch--;
	size_t start = start_mark(c, kind);
	c->batch.mark.batch++;
	return start;
}

static int by_name(const void *a, const void *b)
{
	const struct mark_part *x = a, *y = b;
	int r = strcmp(x->topic, y->topic);
	return r ? r : (x->partition > y->partition) - (x->partition < y->partition);
}

bool batch_query(struct consume *c, const rd_kafka_topic_partition_list_t *list)
{
	struct mark_part *parts = xcalloc((size_t)list->cnt, sizeof *parts);
	for (int i = 0; i < list->cnt; i++) {
		parts[i].topic = list->elems[i].topic;
		parts[i].partition = list->elems[i].partition;
	}
	qsort(parts, (size_t)list->cnt, sizeof *parts, by_name);
	size_t start = start_after_batch(c, MARK_QUERY);
	parts_add_query(&c->batch.text, parts, (size_t)list->cnt);
	free(parts);
	KILL_POINT("consume-before-Q");
	bool ok = end_mark(c, start);
	KILL_POINT("consume-after-Q");
	return ok;
}

bool batch_resume(struct consume *c)
{
	size_t count;
	struct mark_part *parts = list_parts(&c->positions, &count);
	size_t start = start_after_batch(c, MARK_RESUME);
	parts_add_resume(&c->batch.text, parts, count);
	free(parts);
	c->batch.due = clock_ms() + c->opt->batch.interval_ms;
	c->batch.resumed = true;
	KILL_POINT("consume-before-R");
	bool ok = end_mark(c, start);
	KILL_POINT("consume-after-R");
	return ok;
}

bool batch_final(struct consume *c)
{
	c->batch.finishing = true;
	ackd_final(&c->batch.acks, c->batch.mark.batch);
	KILL_POINT("consume-before-F");
	return end_mark(c, start_after_batch(c, MARK_FINAL));
}
