/* Reads lines of JSON, TSV or CSV, whose fields are parts of the record: see from.h. */
#include "cmd/produce/produce.h"

#include <errno.h>
#include <string.h>

static void fill_headers(struct produce *p, struct record *r)
{
	r->headers = p->headers;
	r->header_count = p->header_count + from_headers(&p->from, p->headers + p->header_count);
}

/* By the field of --partitioner: the hash of Kafka's own clients. */
static void fill_partition(const struct produce *p, struct record *r)
{
	size_t len;
	const char *s = from_partition(&p->from, &len);
	if (s)
		r->partition =
			rd_kafka_msg_partitioner_murmur2(p->sender.topic, s, len, p->sender.partitions, NULL, NULL);
}

static int send_record(struct produce *p, const char *s, size_t len)
{
	struct record r = {.key = p->opts->key,
		.key_len = p->opts->key ? strlen(p->opts->key) : 0,
		.value = s,
		.value_len = len,
		.partition = RD_KAFKA_PARTITION_UA};
	const char *why = from_fill(&p->from, &r);
	if (why)
		return produce_bad(p, s, len, why);
	if (produce_is_tombstone(p, r.value, r.value_len))
		r.value = NULL, r.value_len = 0;
	fill_headers(p, &r);
	fill_partition(p, &r);
	/* it borrows from the reader, which reads the next record into the same place */
	return produce_put(p, &r, s, len, true);
}

/* A record could not be read: records_next() has returned ERR. */
static int bad_record(struct produce *p, int err, const char *s, size_t len)
{
	const struct records_error *e = records_error(p->from.records);
	struct strbuf why = STRBUF_INIT;
	int status;
	if (err == -EBADMSG) {
		strbuf_addf(&why, "byte %zu: %s", e->pos + 1, e->what);
		status = produce_bad(p, s, len, why.s);
	} else if (err == -ENOENT) {
		status = produce_stop(p, EXIT_DATA, e->what);
	} else {
		status = produce_stop(p, (int)diag_status(err), diag_strerror(err));
	}
	strbuf_release(&why);
	return status;
}

/* All records that can be read now. */
static int send_records(struct produce *p)
{
	const char *rec = "";
	size_t len = 0;
	int status = 0, n;
	while (!status && (n = records_next(p->from.records, &rec, &len)) != 0)
		if (n != 2) /* the names of columns */
			status = n < 0 ? bad_record(p, n, rec, len) : send_record(p, rec, len);
	return status;
}

int produce_fields(void *self, const char *s, size_t len, struct flow *flow)
{
	struct produce *p = self;
	int status = produce_begin(p, flow);
	if (status)
		return status;
	records_span(p->from.records, s, len, flow);
	return send_records(p);
}

int produce_fields_end(struct produce *p)
{
	records_end(p->from.records);
	return send_records(p);
}
