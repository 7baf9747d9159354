/* Reads records in the form of the JSON objects that consume writes. */
#include "cmd/produce/produce.h"

#include <errno.h>
#include <string.h>

/* The headers of -H, followed by those of the record; NULL when there are none. */
static rd_kafka_headers_t *join_headers(const struct produce *p)
{
	const struct json_record *j = &p->reader;
	if (!j->header_count && !p->headers)
		return NULL;
	rd_kafka_headers_t *headers =
		p->headers ? rd_kafka_headers_copy(p->headers) : rd_kafka_headers_new(j->header_count);
	for (size_t i = 0; i < j->header_count; i++) {
		const struct json_header *h = &j->headers[i];
		rd_kafka_header_add(
			headers, h->name.s, (ssize_t)h->name.len, h->value.s, h->value.s ? (ssize_t)h->value.len : 0);
	}
	return headers;
}

/* The LEN bytes at S cannot be used; ERR comes from json_record_parse(). */
static int bad_record(struct produce *p, const char *s, size_t len, int err)
{
	struct strbuf why = STRBUF_INIT;
	int status;
	if (err == -EBADMSG) {
		strbuf_addf(&why, "byte %zu: %s", p->reader.error.pos + 1, p->reader.error.what);
		status = produce_bad(p, s, len, why.s);
	} else {
		status = produce_stop(p, (int)diag_status(err), diag_strerror(err));
	}
	strbuf_release(&why);
	return status;
}

static int send_record(struct produce *p, const char *s, size_t len)
{
	const struct json_record *j = &p->reader;
	const struct produce_opts *o = p->opts;
	struct record r = {.key = j->key.s, .key_len = j->key.len, .value = j->value.s, .value_len = j->value.len};
	int32_t partition = o->keep_partition && j->partition >= 0 ? j->partition : RD_KAFKA_PARTITION_UA;
	int64_t timestamp = o->keep_timestamp && j->timestamp != -1 ? j->timestamp : 0;
	if (o->keep_timestamp && j->timestamp == 0)
		return produce_bad(
			p, s, len, "librdkafka replaces the timestamp 0 by the current time, so it cannot be kept");
	if (!sender_fits(&p->sender, r.key_len, r.value_len))
		return produce_too_large(p, s, len, &r);
	p->records++;
	return sender_put(&p->sender, &r, partition, timestamp, join_headers(p));
}

int produce_json(void *self, const char *s, size_t len, struct flow *flow)
{
	struct produce *p = self;
	const char *end = s + len;
	int status = produce_begin(p, flow);
	while (s < end && !status) {
		const char *line_end = memchr(s, flow->delim, (size_t)(end - s));
		size_t n = (size_t)(line_end - s);
		int r = json_record_parse(&p->reader, s, n);
		status = r < 0 ? bad_record(p, s, n, r) : send_record(p, s, n);
		s = line_end + 1;
	}
	return status;
}
