/*
 * Fuzz target: a record survives consume --format json | produce --format json.  It is written by
 * common/kafka/envelope.h and read by common/data/json_record.h, and nothing of it may change.
 *
 * The input is parts, each with a byte for its length before it (255: absent): key, value, then names and values of
 * headers.
 */
#include "common/kafka/envelope.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json_record.h"

#define MAX_HEADERS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz_input {
	const char *s;
	size_t len;
};

/* The next part; NULL when it is absent or the input has ended. */
static const char *part(struct fuzz_input *in, size_t *ret_len)
{
	const char *s = in->s + 1;
	*ret_len = 0;
	if (!in->len)
		return NULL;
	size_t len = (uint8_t)*in->s;
	in->s++;
	in->len--;
	if (len == 255)
		return NULL;
	*ret_len = len < in->len ? len : in->len;
	in->s += *ret_len;
	in->len -= *ret_len;
	return s;
}

static void same(const char *s, size_t len, struct json_bytes got)
{
	if (!s != !got.s || len != got.len || (len && memcmp(s, got.s, len) != 0))
		abort();
}

static void compare(const struct record *r, const struct json_record *j)
{
	if (j->partition != r->partition || j->offset != r->offset || j->timestamp != r->timestamp)
		abort();
	same(r->topic, strlen(r->topic), j->topic);
	same(r->key, r->key_len, j->key);
	same(r->value, r->value_len, j->value);
	if (r->header_count != j->header_count)
		abort();
	for (size_t i = 0; i < r->header_count; i++) {
		same(r->headers[i].name, r->headers[i].name_len, j->headers[i].name);
		same(r->headers[i].value, r->headers[i].value_len, j->headers[i].value);
	}
}

/*
 * Write it like consume, and read it like produce; twice with one reader, which must keep nothing of the first reading.
 */
static void round_trip(const struct record *r)
{
	struct strbuf prefix = STRBUF_INIT;
	struct json_record j;
	if (json_record_init(&j) < 0)
		abort();
	envelope_prefix(&prefix, r->topic, r->partition);
	size_t room = envelope_size(prefix.len, r);
	char *text = xmalloc(room);
	size_t len = (size_t)(envelope_write(text, prefix.s, prefix.len, r) - text);
	if (len > room || memchr(text, '\n', len))
		abort();
	for (int i = 0; i < 2; i++) {
		if (json_record_parse(&j, text, len) < 0)
			abort();
		compare(r, &j);
	}
	free(text);
	json_record_release(&j);
	strbuf_release(&prefix);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = {(const char *)data, size};
	struct record_header headers[MAX_HEADERS];
	struct record r = {.topic = "t",
		.partition = (int32_t)size,
		.offset = (int64_t)size << 32,
		.timestamp = (int64_t)size * 999999,
		.timestamp_type = RECORD_TIME_CREATE,
		.headers = headers};
	r.key = part(&in, &r.key_len);
	r.value = part(&in, &r.value_len);
	while (in.len && r.header_count < MAX_HEADERS) {
		struct record_header *h = &headers[r.header_count++];
		h->name = part(&in, &h->name_len);
		if (!h->name)
			h->name = "";
		h->value = part(&in, &h->value_len);
	}
	round_trip(&r);
	return 0;
}
