/* A Kafka record as `consume --format json` writes it. */
#include "common/data/json_record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/base64.h"

/* The values of the record's reader, in the order of its paths. */
enum member {
	ROOT,
	TOPIC,
	PARTITION,
	OFFSET,
	TIMESTAMP,
	TIMESTAMP_TYPE,
	KEY,
	HEADERS,
	VALUE,
	TOPIC_64,
	KEY_64,
	VALUE_64,
	MEMBERS
};

/* The indexes of what the reader of one header finds. */
enum part { NAME, TEXT, NAME_64, TEXT_64, SURPLUS, PARTS };

static int add_paths(struct json *json, const char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct strbuf err = STRBUF_INIT;
		struct path path;
		int r = path_init(&path, paths[i], &err);
		strbuf_release(&err);
		if (r < 0)
			return r;
		(void)json_add(json, &path);
		path_release(&path);
	}
	return 0;
}

int json_record_init(struct json_record *r)
{
	static const char *const members[MEMBERS] = {".", ".topic", ".partition", ".offset", ".timestamp",
		".timestamp_type", ".key", ".headers", ".value", ".topic.base64", ".key.base64", ".value.base64"};
	static const char *const parts[PARTS] = {".[0]", ".[1]", ".[0].base64", ".[1].base64", ".[2]"};

	*r = (struct json_record){0};
	int ret = json_new(&r->json);
	if (ret == 0)
		ret = json_new(&r->pair);
	if (ret == 0)
		ret = add_paths(r->json, members, MEMBERS);
	if (ret == 0)
		ret = add_paths(r->pair, parts, PARTS);
	return ret;
}

void json_record_release(struct json_record *r)
{
	json_free(r->json);
	json_free(r->pair);
	free(r->headers);
	free(r->scratch);
	*r = (struct json_record){0};
}

static int fail(struct json_record *r, size_t pos, const char *what)
{
	r->error = (struct json_error){.pos = pos, .what = what};
	return -EBADMSG;
}

/* Room for N bytes of decoded text.  The buffer is as large as the record, and no text becomes longer by decoding. */
static char *scratch(struct json_record *r, size_t n)
{
	char *p = r->scratch + r->scratch_len;

	r->scratch_len += n;
	return p;
}

/* Read V, which is null, a string or {"base64":…} with the member CODED, into RET.  Positions are counted from S. */
static int get_bytes(
	struct json_record *r, const char *s, const struct value *v, const struct value *coded, struct json_bytes *ret)
{
	*ret = (struct json_bytes){NULL, 0};
	if (v->type == VALUE_MISSING || v->type == VALUE_NULL)
		return 0;
	size_t pos = (size_t)(v->raw - s);
	if (v->type == VALUE_STRING) {
		if (v->lone)
			return fail(r, pos, "half of a surrogate pair is in this string");
		*ret = (struct json_bytes){v->s, v->len};
		return 0;
	}
	if (v->type != VALUE_OBJECT)
		return fail(r, pos, "null, a string or {\"base64\":\"…\"} was expected");
	if (coded->type != VALUE_STRING)
		return fail(r, pos, "a string named base64 was expected in this object");
	char *text = scratch(r, coded->len / 4 * 3);
	size_t len;
	if (base64_decode(text, coded->s, coded->len, &len) < 0)
		return fail(r, (size_t)(coded->raw - s) + 1 + len, "this is not base64");
	*ret = (struct json_bytes){text, len};
	return 0;
}

/* Read the whole number V, MIN to MAX, into RET; -1 when it is null. */
static int get_int(struct json_record *r, const char *s, const struct value *v, int64_t min, int64_t max, int64_t *ret)
{
	*ret = -1;
	if (v->type == VALUE_MISSING || v->type == VALUE_NULL)
		return 0;
	if (v->type != VALUE_INT || v->i < min || v->i > max)
		return fail(r, (size_t)(v->raw - s), "a whole number within range was expected");
	*ret = v->i;
	return 0;
}

/* Keep B, which may lie in the scratch memory of the reader that will read the next header. */
static void keep(struct json_record *r, const char *s, size_t len, struct json_bytes *b)
{
	if (!b->s || (b->s >= s && b->s <= s + len) || (b->s >= r->scratch && b->s <= r->scratch + r->scratch_cap))
		return;
	char *copy = scratch(r, b->len);
	memcpy(copy, b->s, b->len);
	b->s = copy;
}

/* Read one header: the LEN bytes at PAIR, a value within the record S. */
static int get_header(struct json_record *r, const char *s, const char *pair, size_t len)
{
	size_t pos = (size_t)(pair - s);
	int ret = json_read(r->pair, pair, len);

	if (ret < 0)
		return ret == -EBADMSG ? fail(r, pos + json_error(r->pair)->pos, json_error(r->pair)->what) : ret;
	const struct value *v = json_values(r->pair);
	if (*pair != '[' || v[NAME].type == VALUE_MISSING || v[TEXT].type == VALUE_MISSING ||
		v[SURPLUS].type != VALUE_MISSING)
		return fail(r, pos, "a header, [name, value], was expected");
	if (v[NAME].type == VALUE_NULL)
		return fail(r, (size_t)(v[NAME].raw - s), "the name of a header cannot be null");
	if (r->header_count == r->header_cap) {
		r->header_cap = r->header_cap ? r->header_cap * 2 : 8;
		r->headers = xreallocarray(r->headers, r->header_cap, sizeof(*r->headers));
	}
	struct json_header *header = &r->headers[r->header_count++];
	ret = get_bytes(r, s, &v[NAME], &v[NAME_64], &header->name);
	if (ret == 0)
		ret = get_bytes(r, s, &v[TEXT], &v[TEXT_64], &header->value);
	if (ret == 0) {
		keep(r, pair, len, &header->name);
		keep(r, pair, len, &header->value);
	}
	return ret;
}

/* The end of the value at P: the ',' or ']' after it.  The text has been checked. */
static const char *value_end(const char *p)
{
	for (int depth = 0;; p++) {
		if (depth == 0 && (*p == ',' || *p == ']'))
			return p;
		if (*p == '"')
			for (p++; *p != '"'; p++)
				p += *p == '\\';
		else
			depth += (*p == '[' || *p == '{') - (*p == ']' || *p == '}');
	}
}

static int get_headers(struct json_record *r, const char *s, const struct value *v)
{
	r->header_count = 0;
	if (v->type == VALUE_MISSING || v->type == VALUE_NULL)
		return 0;
	if (v->type != VALUE_ARRAY)
		return fail(r, (size_t)(v->raw - s), "a list of headers was expected");
	const char *p = v->raw + 1;
	while (strchr(" \t\r\n", *p))
		p++;
	while (*p != ']') {
		const char *end = value_end(p);
		while (strchr(" \t\r\n", *p))
			p++;
		int ret = get_header(r, s, p, (size_t)(end - p));
		if (ret < 0)
			return ret;
		p = *end == ',' ? end + 1 : end;
	}
	return 0;
}

static int get_numbers(struct json_record *r, const char *s, const struct value *v)
{
	int64_t partition;
	int ret = get_int(r, s, &v[PARTITION], -1, INT32_MAX, &partition);

	if (ret == 0)
		ret = get_int(r, s, &v[OFFSET], -1, INT64_MAX, &r->offset);
	if (ret == 0)
		ret = get_int(r, s, &v[TIMESTAMP], INT64_MIN, INT64_MAX, &r->timestamp);
	if (ret == 0)
		r->partition = (int32_t)partition;
	return ret;
}

static void reserve(struct json_record *r, size_t len)
{
	r->scratch_len = 0;
	if (r->scratch_cap >= len)
		return;
	free(r->scratch);
	r->scratch = xmalloc(len);
	r->scratch_cap = len;
}

int json_record_parse(struct json_record *r, const char *s, size_t len)
{
	int ret = json_read(r->json, s, len);

	if (ret < 0) {
		r->error = *json_error(r->json);
		return ret;
	}
	const struct value *v = json_values(r->json), none = {.type = VALUE_MISSING};
	reserve(r, len);
	if (v[ROOT].type != VALUE_OBJECT)
		return fail(r, (size_t)(v[ROOT].raw - s), "an object was expected");
	if (v[VALUE].type == VALUE_MISSING)
		return fail(r, len, "the object has no member 'value'");
	ret = get_numbers(r, s, v);
	if (ret == 0)
		ret = get_bytes(r, s, &v[TOPIC], &v[TOPIC_64], &r->topic);
	if (ret == 0)
		ret = get_bytes(r, s, &v[TIMESTAMP_TYPE], &none, &r->timestamp_type);
	if (ret == 0)
		ret = get_bytes(r, s, &v[KEY], &v[KEY_64], &r->key);
	if (ret == 0)
		ret = get_bytes(r, s, &v[VALUE], &v[VALUE_64], &r->value);
	if (ret == 0)
		ret = get_headers(r, s, &v[HEADERS]);
	return ret;
}
