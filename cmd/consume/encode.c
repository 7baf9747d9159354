/* Writes a record as bytes: see encode.h. */
#include "encode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/base64.h"
#include "common/kafka/envelope.h"
#include "common/kafka/metadata.h"
#include "common/kafka/part.h"
#include "common/stream/mark.h"

enum { MAX_HEADERS_INLINE = 32 };

struct headers {
	struct record_header some[MAX_HEADERS_INLINE], *all;
	size_t count;
};

/* Parse the headers of M; ALL must be freed if it is not SOME. */
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

static int refuse(struct encoder *e, const char *why)
{
	strbuf_clear(&e->why);
	strbuf_addstr(&e->why, why);
	return -EBADMSG;
}

static int refuse_delimiter(struct encoder *e)
{
	return refuse(e, e->frame.delim ? "a line feed in it would end the record (--newline, -0 or --format json)"
					: "a NUL in it would end the record (--newline, or --format json)");
}

/* The LEN bytes from START on, in OUT's reserved room, are a record with its delimiter. */
static int finish(struct encoder *e, struct output *out, char *start, size_t len)
{
	if (e->marked && (*start == MARK_ETB || *start == MARK_DLE)) {
		memmove(start + 1, start, len++);
		*start = MARK_DLE;
	} else if (!out->begun && *start == MARK_ETB && !e->plain) {
		return refuse(e, "the stream would start with ETB, as only marked streams do (--plain allows it)");
	}
	out->begun = true;
	output_commit(out, len);
	return 0;
}

/* The same for JSON or base64 between START and END, neither of which begins as a mark does. */
static int finish_json(const struct encoder *e, struct output *out, const char *start, char *end)
{
	*end++ = e->frame.delim;
	out->begun = true;
	output_commit(out, (size_t)(end - start));
	return 0;
}

static int encode_raw(struct encoder *e, const rd_kafka_message_t *m, struct output *out)
{
	const struct frame *f = &e->frame;
	const char *value = m->payload;
	size_t len = m->len;
	const char *delim = len ? memchr(value, f->delim, len) : NULL;
	if (delim && f->policy == FRAME_ERROR)
		return refuse_delimiter(e);
	char *start = output_reserve(out, (delim ? frame_size(f, len) : len) + 2), *end = start; /* delimiter, escape */
	if (delim) {
		end = frame_put(f, end, value, len);
	} else if (len) {
		memcpy(end, value, len);
		end += len;
	}
	*end++ = f->delim;
	return finish(e, out, start, (size_t)(end - start));
}

/* The value alone, as JSON or in base64. */
static int encode_form(struct encoder *e, const rd_kafka_message_t *m, struct output *out)
{
	const char *value = m->payload;
	size_t len = m->len;
	enum record_form form = e->value_form;
	if (value && form == RECORD_JSON && json_part_check(&e->value, &value, &len, &form, &e->why) < 0)
		return -EBADMSG;
	/* The base64 without its quotes. */
	char *start = output_reserve(out, part_size(value, len, form) + 1), *end = start;
	if (value && form == RECORD_BASE64)
		end += base64_encode(end, value, len);
	else if (value)
		end = part_put(end, value, len, form);
	return finish_json(e, out, start, end);
}

/* Check the parts of R that must be JSON. */
static int check_parts(struct encoder *e, struct record *r)
{
	r->key_form = e->key_form;
	r->value_form = e->value_form;
	if (r->key && r->key_form == RECORD_JSON &&
		json_part_check(&e->key, &r->key, &r->key_len, &r->key_form, &e->why) < 0)
		return -EBADMSG;
	if (r->value && r->value_form == RECORD_JSON)
		return json_part_check(&e->value, &r->value, &r->value_len, &r->value_form, &e->why);
	return 0;
}

static int write_json(
	struct encoder *e, const struct cursor *c, struct strbuf *prefix, const struct record *r, struct output *out)
{
	if (!prefix->len)
		envelope_prefix(prefix, c->topic->name, c->partition);
	char *start = output_reserve(out, envelope_size(prefix->len, r) + 1);
	char *end = envelope_write(start, prefix->s, prefix->len, r);
	return finish_json(e, out, start, end);
}

static int write_with_metadata(
	struct encoder *e, const struct cursor *c, struct strbuf *prefix, const struct record *r, struct output *out)
{
	const char *why = metadata_refuses(r);
	if (why)
		return refuse(e, why);
	if (!prefix->len)
		metadata_prefix(prefix, c->topic->name, c->partition);
	char *start = output_reserve(out, metadata_size(prefix->len, r) + 1);
	char *end = metadata_write(start, prefix->s, prefix->len, r);
	return finish_json(e, out, start, end);
}

static int write_format(struct encoder *e, const struct record *r, struct output *out)
{
	if (format_refuses(&e->format, r))
		return refuse_delimiter(e);
	char *start = output_reserve(out, format_size(&e->format, r) + 1);
	char *end = format_write(&e->format, start, r);
	return end == start ? 0 : finish(e, out, start, (size_t)(end - start));
}

static int encode_parts(struct encoder *e, const struct cursor *c, struct strbuf *prefix, const rd_kafka_message_t *m,
	struct output *out)
{
	struct record r;
	struct headers h = {.count = 0};
	get_record(c, m, &r);
	h.all = h.some;
	if (e->encoding != ENCODE_FORMAT || e->format.headers)
		get_headers(m, &h);
	r.headers = h.all;
	r.header_count = h.count;
	int ret = e->encoding == ENCODE_FORMAT ? write_format(e, &r, out) : check_parts(e, &r);
	if (!ret && e->encoding == ENCODE_JSON)
		ret = write_json(e, c, prefix, &r, out);
	else if (!ret && e->encoding == ENCODE_ENVELOPE)
		ret = write_with_metadata(e, c, prefix, &r, out);
	if (h.all != h.some)
		free(h.all);
	return ret;
}

int encode_record(struct encoder *e, const struct cursor *c, struct strbuf *prefix, const rd_kafka_message_t *m,
	struct output *out)
{
	if (e->encoding != ENCODE_RAW)
		return encode_parts(e, c, prefix, m, out);
	return e->value_form == RECORD_TEXT ? encode_raw(e, m, out) : encode_form(e, m, out);
}

void encode_whole(const struct cursor *c, const rd_kafka_message_t *m, struct strbuf *out)
{
	struct record r;
	struct headers h;
	struct strbuf prefix = STRBUF_INIT;
	get_record(c, m, &r);
	get_headers(m, &h);
	r.headers = h.all;
	r.header_count = h.count;
	envelope_prefix(&prefix, c->topic->name, c->partition);
	char *start = strbuf_grow(out, envelope_size(prefix.len, &r));
	strbuf_extend(out, (size_t)(envelope_write(start, prefix.s, prefix.len, &r) - start));
	strbuf_release(&prefix);
	if (h.all != h.some)
		free(h.all);
}

void encode_init(struct encoder *e)
{
	strbuf_init(&e->why);
	if (e->key_form == RECORD_JSON)
		json_part_init(&e->key, "key", 1, false);
	if (e->value_form == RECORD_JSON)
		json_part_init(&e->value, "value", e->encoding == ENCODE_JSON, e->encoding == ENCODE_ENVELOPE);
}

void encode_release(struct encoder *e)
{
	json_part_release(&e->key);
	json_part_release(&e->value);
	strbuf_release(&e->why);
	format_release(&e->format);
}
