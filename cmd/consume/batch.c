/* Marks: where the stream is cut, and what they say.  See batch.h. */
#include "batch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <zlib.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "common/base/num.h"
#include "common/io/parts.h"
#include "consume.h"

/* One of RECORDS (a plain number) and BYTES (with a unit). */
static int parse_limit(const char *word, struct batch_options *o)
{
	bool unit = *word && strspn(word, "0123456789") != strlen(word);
	uint64_t *to = unit ? &o->bytes : &o->records;
	if (*to != UINT64_MAX)
		return -EINVAL;
	return unit ? num_size(word, to) : num_u64(word, to);
}

int batch_parse(const char *value, void *dest, struct strbuf *err)
{
	struct batch_options *o = dest;
	char *copy = xstrdup(value), *rest = copy, *word = strsep(&rest, ",");
	int r = num_duration(word, &o->interval_ms);
	o->on = true;
	o->records = o->bytes = UINT64_MAX;
	while (r == 0 && (word = strsep(&rest, ",")))
		r = parse_limit(word, o);
	free(copy);
	if (r == 0 && (o->interval_ms < 1 || !o->records || !o->bytes))
		r = -EINVAL;
	if (r < 0)
		strbuf_addstr(err, "is not TIME[,RECORDS][,BYTES], such as 10s,1000000,64M");
	return r;
}

/* --- writing marks ------------------------------------------------------------------------------------------------ */

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

static bool put_start(struct consume *c)
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
	return end_mark(c, start);
}

static void set_part(struct mark_part *part, struct position *p)
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
				set_part(&parts[n++], t->topics[i].partitions[j]);
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
	return end_mark(c, start);
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
	return end_mark(c, start);
}

/* --- the life of a run -------------------------------------------------------------------------------------------- */

static bool all_there(const struct consume *c)
{
	return ackd_ready(&c->batch.acks);
}

static bool all_acknowledged(const struct consume *c)
{
	return c->batch.done == c->batch.mark.batch;
}

/* The group's metadata can hold the id of one table: that of the first sink that has one. */
static void find_table(struct batch *b)
{
	for (size_t i = 0; i < b->acks.count && !b->table; i++)
		b->table = b->acks.sinks[i].table;
}

bool batch_begin(struct consume *c)
{
	struct batch *b = &c->batch;
	struct strbuf err = STRBUF_INIT;
	strbuf_init(&b->text);
	b->last = &b->first;
	b->ts_min = b->ts_max = b->watermark = -1;
	snprintf(b->mark.by, sizeof b->mark.by, "consume");
	b->mark.start_ms = clock_epoch_ms();
	if (getrandom(&b->mark.run, sizeof b->mark.run, 0) != sizeof b->mark.run)
		consume_fail(c, EXIT_TEMP, "cannot get random bytes: %s", diag_strerror(errno));
	else if (ackd_open(&b->acks, b->mark.run, c->opt->batch.sinks, &err) < 0)
		consume_fail(c, EXIT_TEMP, "%s", err.s);
	strbuf_release(&err);
	if (c->status || !put_start(c))
		return false;
	if (acks_wait(c, all_there, c->opt->batch.sink_timeout_ms, true)) {
		find_table(b);
		return true;
	}
	if (!c->status && !sig_stop())
		consume_fail(c, EXIT_TEMP,
			"%zu of %" PRIu64 " sinks said hello within %lld s: there is none at the end of the pipeline, or a "
			"command in between holds marks back or damages them (run it with `weir each`)",
			b->acks.count, c->opt->batch.sinks, (long long)c->opt->batch.sink_timeout_ms / 1000);
	return false;
}

void batch_release(struct consume *c)
{
	ackd_close(&c->batch.acks);
	strbuf_release(&c->batch.text);
	acks_release(c);
}

struct identity record_identity(const rd_kafka_message_t *m)
{
	rd_kafka_timestamp_type_t type;
	uLong crc = crc32_z(0, m->key, m->key ? m->key_len : 0);
	return (struct identity){
		.known = true,
		.offset = m->offset,
		.ms = rd_kafka_message_timestamp(m, &type),
		.crc = (uint32_t)crc32_z(m->key ? crc : 0, m->payload, m->payload ? m->len : 0),
	};
}

void batch_count(struct consume *c, struct position *p, const rd_kafka_message_t *m)
{
	struct batch *b = &c->batch;
	rd_kafka_timestamp_type_t type;
	int64_t ms = rd_kafka_message_timestamp(m, &type);
	b->mark.n++;
	b->bytes += m->len + m->key_len;
	p->records++;
	if (!p->newest)
		b->touched[b->touched_count++] = p;
	p->newest = m;
	if (ms < 0)
		return;
	if (b->ts_min < 0 || ms < b->ts_min)
		b->ts_min = ms;
	if (ms > b->ts_max)
		b->ts_max = ms;
	if (ms > b->watermark)
		b->watermark = ms;
}

/* A CRC of each record would cost more than all else that is done with it: only the last one of a partition has one. */
void batch_settle(struct consume *c)
{
	struct batch *b = &c->batch;
	for (size_t i = 0; i < b->touched_count; i++) {
		struct position *p = b->touched[i];
		p->last = record_identity(p->newest);
		p->newest = NULL;
	}
	b->touched_count = 0;
}

bool batch_serve(struct consume *c)
{
	const struct batch *b = &c->batch;
	const struct batch_options *o = &c->opt->batch;
	if (!b->resumed || (b->mark.n < o->records && b->bytes < o->bytes && clock_ms() < b->due))
		return true;
	return batch_cut(c, false);
}

int batch_wait_ms(const struct consume *c, int timeout_ms)
{
	int64_t left = c->batch.due - clock_ms();
	return left < 0 ? 0 : left < timeout_ms ? (int)left : timeout_ms;
}

bool batch_finish(struct consume *c)
{
	struct batch *b = &c->batch;
	if (!batch_cut(c, true))
		return false;
	size_t start = start_after_batch(c, MARK_FINAL);
	b->finishing = true;
	if (!end_mark(c, start) || !sink_close(c))
		return false;
	KILL_POINT("consume-after-F");
	return acks_wait(c, all_acknowledged, -1, false);
}
