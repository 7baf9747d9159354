/* A message becomes bytes in the output buffer. */
#include "consume.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/io/mark.h"
#include "common/kafka/envelope.h"

enum { MAX_HEADERS_INLINE = 32 };

struct headers {
	struct record_header some[MAX_HEADERS_INLINE], *all;
	size_t count;
};

/* Take the headers of M apart; ALL is to be freed when it is not SOME. */
static void get_headers(const rd_kafka_message_t *m, struct headers *h)
{
	rd_kafka_headers_t *raw;
	h->all = h->some;
	h->count = 0;
	if (rd_kafka_message_headers(m, &raw) != RD_KAFKA_RESP_ERR_NO_ERROR)
		return;
	size_t n = rd_kafka_header_cnt(raw);
	if (n > MAX_HEADERS_INLINE)
		h->all = xcalloc(n, sizeof *h->all);
	for (size_t i = 0; i < n; i++) {
		struct record_header *to = &h->all[i];
		const void *value;
		if (rd_kafka_header_get_all(raw, i, &to->name, &value, &to->value_len))
			break;
		to->name_len = strlen(to->name);
		to->value = value;
		h->count++;
	}
}

static void get_record(const struct position *p, const rd_kafka_message_t *m, struct record *r)
{
	rd_kafka_timestamp_type_t type;
	*r = (struct record){
		.topic = p->topic,
		.partition = p->partition,
		.offset = m->offset,
		.timestamp = rd_kafka_message_timestamp(m, &type),
		.key = m->key,
		.key_len = m->key_len,
		.value = m->payload,
		.value_len = m->len,
	};
	if (r->timestamp != -1 && type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE)
		r->timestamp_type = type == RD_KAFKA_TIMESTAMP_CREATE_TIME ? RECORD_TIME_CREATE : RECORD_TIME_APPEND;
}

static void fail_at(struct consume *c, const struct position *p, const rd_kafka_message_t *m, const char *text)
{
	consume_fail(c, EXIT_DATA, "topic '%s', partition %d, offset %lld: %s", p->topic, (int)p->partition,
		(long long)m->offset, text);
}

static void refuse(struct consume *c, const struct position *p, const rd_kafka_message_t *m)
{
	fail_at(c, p, m,
		c->opt->frame.delim ? "a line feed in it would end the record (--newline, -0 or --format json)"
				    : "a NUL in it would end the record (--newline, or --format json)");
}

/*
 * The output may begin with the LEN bytes at S: a stream that starts with ETB would be taken for a marked one.
 */
static bool may_begin(
	struct consume *c, const struct position *p, const rd_kafka_message_t *m, const char *s, size_t len)
{
	if (c->sink.begun || !len || c->batch.on)
		return true;
	if (*s == MARK_ETB && !c->opt->plain) {
		fail_at(c, p, m, "the stream would start with ETB, as only marked streams do (--plain allows it)");
		return false;
	}
	c->sink.begun = true;
	return true;
}

/* Room for SIZE bytes of output, or NULL after the message. */
static char *reserve(struct consume *c, size_t size)
{
	char *p = outbuf_reserve(&c->sink.out, size + 1); /* for an escape */
	if (!p)
		sink_failed(c);
	return p;
}

/* Whether a record of a marked stream is to be told from a mark. */
static bool needs_escape(const struct consume *c, const char *s, size_t len)
{
	return c->batch.on && len && (*s == MARK_ETB || *s == MARK_DLE);
}

static bool commit(
	struct consume *c, const struct position *p, const rd_kafka_message_t *m, char *start, const char *end)
{
	size_t len = (size_t)(end - start);
	if (needs_escape(c, start, len)) {
		memmove(start + 1, start, len++);
		*start = MARK_DLE;
	}
	if (!may_begin(c, p, m, start, len))
		return false;
	outbuf_commit(&c->sink.out, len);
	return true;
}

/* A value so large that copying it into the buffer would only cost. */
static bool cut_large(struct consume *c, const struct position *p, const rd_kafka_message_t *m)
{
	struct outbuf *out = &c->sink.out;
	static const char dle = MARK_DLE;
	if (!may_begin(c, p, m, m->payload, m->len))
		return false;
	if (needs_escape(c, m->payload, m->len) && outbuf_write(out, &dle, 1) < 0) {
		sink_failed(c);
		return false;
	}
	if (outbuf_write(out, m->payload, m->len) == 0 && outbuf_write(out, &c->opt->frame.delim, 1) == 0)
		return true;
	sink_failed(c);
	return false;
}

static bool cut_raw(struct consume *c, const struct position *p, const rd_kafka_message_t *m)
{
	const struct frame *f = &c->opt->frame;
	const char *value = m->payload;
	size_t len = m->len;
	const char *delim = len ? memchr(value, f->delim, len) : NULL;
	if (delim && f->policy == FRAME_ERROR) {
		refuse(c, p, m);
		return false;
	}
	if (!delim && len >= OUTBUF_SIZE)
		return cut_large(c, p, m);
	char *start = reserve(c, (delim ? frame_size(f, len) : len) + 1), *end = start;
	if (!start)
		return false;
	if (delim) {
		end = frame_put(f, end, value, len);
	} else if (len) {
		memcpy(end, value, len);
		end += len;
	}
	*end++ = f->delim;
	return commit(c, p, m, start, end);
}

static bool cut_json(struct consume *c, struct position *p, const rd_kafka_message_t *m)
{
	struct record r;
	struct headers h;
	get_record(p, m, &r);
	get_headers(m, &h);
	r.headers = h.all;
	r.header_count = h.count;
	if (!p->prefix.len)
		envelope_prefix(&p->prefix, p->topic, p->partition);
	char *start = reserve(c, envelope_size(p->prefix.len, &r) + 1);
	if (start) {
		char *end = envelope_write(start, p->prefix.s, p->prefix.len, &r);
		*end++ = c->opt->frame.delim;
		outbuf_commit(&c->sink.out, (size_t)(end - start));
	}
	if (h.all != h.some)
		free(h.all);
	return start;
}

static bool cut_format(struct consume *c, const struct position *p, const rd_kafka_message_t *m)
{
	struct record r;
	struct headers h = {.count = 0};
	bool ok = false;
	get_record(p, m, &r);
	h.all = h.some;
	if (c->format.headers)
		get_headers(m, &h);
	r.headers = h.all;
	r.header_count = h.count;
	char *start;
	if (format_refuses(&c->format, &r))
		refuse(c, p, m);
	else if ((start = reserve(c, format_size(&c->format, &r))))
		ok = commit(c, p, m, start, format_write(&c->format, start, &r));
	if (h.all != h.some)
		free(h.all);
	return ok;
}

bool cut_record(struct consume *c, struct position *p, const rd_kafka_message_t *m)
{
	switch (c->opt->output) {
	case OUTPUT_RAW:
		return cut_raw(c, p, m);
	case OUTPUT_JSON:
		return cut_json(c, p, m);
	default:
		return cut_format(c, p, m);
	}
}
