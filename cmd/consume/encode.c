/* Writes a record as bytes: see encode.h. */
#include "encode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/stream/mark.h"
#include "common/kafka/envelope.h"

enum { MAX_HEADERS_INLINE = 32 };

struct headers {
	struct record_header some[MAX_HEADERS_INLINE], *all;
	size_t count;
};

/* Parse the headers of M; ALL is to be freed when it is not SOME. */
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

static void get_record(const struct cursor *c, const rd_kafka_message_t *m, struct record *r)
{
	rd_kafka_timestamp_type_t type;
	*r = (struct record){
		.topic = c->topic->name,
		.partition = c->partition,
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

static int refuse(const struct encoder *e, const char **ret_why)
{
	*ret_why = e->frame.delim ? "a line feed in it would end the record (--newline, -0 or --format json)"
				  : "a NUL in it would end the record (--newline, or --format json)";
	return -EBADMSG;
}

/* The LEN bytes from START on, in OUT's reserved room, are a record with its delimiter. */
static int finish(const struct encoder *e, struct output *out, char *start, size_t len, const char **ret_why)
{
	if (e->marked && (*start == MARK_ETB || *start == MARK_DLE)) {
		memmove(start + 1, start, len++);
		*start = MARK_DLE;
	} else if (!out->begun && *start == MARK_ETB && !e->plain) {
		*ret_why = "the stream would start with ETB, as only marked streams do (--plain allows it)";
		return -EBADMSG;
	}
	out->begun = true;
	output_commit(out, len);
	return 0;
}

static int encode_raw(const struct encoder *e, const rd_kafka_message_t *m, struct output *out, const char **ret_why)
{
	const struct frame *f = &e->frame;
	const char *value = m->payload;
	size_t len = m->len;
	const char *delim = len ? memchr(value, f->delim, len) : NULL;
	if (delim && f->policy == FRAME_ERROR)
		return refuse(e, ret_why);
	char *start = output_reserve(out, (delim ? frame_size(f, len) : len) + 2), *end = start; /* delimiter, escape */
	if (delim) {
		end = frame_put(f, end, value, len);
	} else if (len) {
		memcpy(end, value, len);
		end += len;
	}
	*end++ = f->delim;
	return finish(e, out, start, (size_t)(end - start), ret_why);
}

static int encode_json(const struct encoder *e, const struct cursor *c, struct strbuf *prefix,
	const rd_kafka_message_t *m, struct output *out)
{
	struct record r;
	struct headers h;
	get_record(c, m, &r);
	get_headers(m, &h);
	r.headers = h.all;
	r.header_count = h.count;
	if (!prefix->len)
		envelope_prefix(prefix, c->topic->name, c->partition);
	char *start = output_reserve(out, envelope_size(prefix->len, &r) + 1);
	char *end = envelope_write(start, prefix->s, prefix->len, &r);
	*end++ = e->frame.delim;
	output_commit(out, (size_t)(end - start));
	if (h.all != h.some)
		free(h.all);
	return 0;
}

static int encode_format(struct encoder *e, const struct cursor *c, const rd_kafka_message_t *m, struct output *out,
	const char **ret_why)
{
	struct record r;
	struct headers h = {.count = 0};
	int ret;
	get_record(c, m, &r);
	h.all = h.some;
	if (e->format.headers)
		get_headers(m, &h);
	r.headers = h.all;
	r.header_count = h.count;
	if (format_refuses(&e->format, &r)) {
		ret = refuse(e, ret_why);
	} else {
		char *start = output_reserve(out, format_size(&e->format, &r) + 1);
		char *end = format_write(&e->format, start, &r);
		ret = end == start ? 0 : finish(e, out, start, (size_t)(end - start), ret_why);
	}
	if (h.all != h.some)
		free(h.all);
	return ret;
}

int encode_record(struct encoder *e, const struct cursor *c, struct strbuf *prefix, const rd_kafka_message_t *m,
	struct output *out, const char **ret_why)
{
	switch (e->encoding) {
	case ENCODE_RAW:
		return encode_raw(e, m, out, ret_why);
	case ENCODE_JSON:
		return encode_json(e, c, prefix, m, out);
	default:
		return encode_format(e, c, m, out, ret_why);
	}
}
