/* Reads records in the form of the JSON objects that consume writes. */
#include "cmd/produce/produce.h"

#include <errno.h>
#include <string.h>

#include "common/base/alloc.h"

/* The headers of -H, followed by those of the record. */
static void join_headers(struct produce *p, struct record *r)
{
	const struct json_record *j = &p->reader;
	size_t n = p->header_count + j->header_count;
	if (n > p->room) {
		p->headers = xreallocarray(p->headers, n, sizeof *p->headers);
		p->room = n;
	}
	for (size_t i = 0; i < j->header_count; i++) {
		const struct json_header *h = &j->headers[i];
		p->headers[p->header_count + i] = (struct record_header){
			.name = h->name.s, .name_len = h->name.len, .value = h->value.s, .value_len = h->value.len};
	}
	r->headers = p->headers;
	r->header_count = n;
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
	r.partition = o->keep_partition && j->partition >= 0 ? j->partition : RD_KAFKA_PARTITION_UA;
	r.timestamp = o->keep_timestamp && j->timestamp != -1 ? j->timestamp : 0;
	if (o->keep_timestamp && j->timestamp == 0)
		return produce_bad(
			p, s, len, "librdkafka replaces the timestamp 0 by the current time, so it cannot be kept");
	join_headers(p, &r);
	/* it borrows from the reader, which reads the next record into the same place */
	return produce_put(p, &r, s, len, true);
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
