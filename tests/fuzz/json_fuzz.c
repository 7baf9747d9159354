/*
 * Records of JSON: alone and within a span the result must be the same, all slices lie where they may, and jansson
 * must agree on what is JSON (but for what json.h says it takes and jansson does not).
 */
#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/json_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define VALUES 5

static struct json *new_reader(void)
{
	static const char *const paths[VALUES] = {".", ".a", ".a.b", ".[1].a", ".value"};
	struct json *j;

	if (json_new(&j) < 0)
		abort();
	for (int i = 0; i < VALUES; i++) {
		struct strbuf err = STRBUF_INIT;
		struct path path;
		if (path_init(&path, paths[i], &err) < 0 || json_add(j, &path) != i)
			abort();
		path_release(&path);
		strbuf_release(&err);
	}
	return j;
}

/* Read all of the value, so that the sanitizer sees it; a number that stands for what it holds. */
static unsigned long digest(const struct value *v)
{
	unsigned long sum = v->type * 31 + v->raw_len;

	for (size_t i = 0; i < v->len; i++)
		sum = sum * 33 + (unsigned char)v->s[i];
	if (v->type == VALUE_INT)
		sum += (unsigned long)v->i;
	return sum;
}

static void check_jansson(const char *s, size_t len, int r, int depth_error)
{
	json_error_t error;
	json_t *root = json_loadb(s, len, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
	enum json_error_code code = root ? json_error_unknown : json_error_code(&error);

	json_decref(root);
	/* jansson 2.14 takes a NUL behind a number for its end. */
	if (root && r < 0 && !depth_error && !memchr(s, '\0', len))
		abort();
	/* Too many digits, too deep, half of a surrogate pair, a NUL in a name: jansson's limits. */
	if (!root && r == 0 && code != json_error_numeric_overflow && code != json_error_stack_overflow &&
		code != json_error_null_byte_in_key && !strstr(error.text, "Unicode"))
		abort();
}

static int depth_error(const struct json *j)
{
	return json_error(j)->what && strcmp(json_error(j)->what, "nested too deeply") == 0;
}

/* The lines of the input as a span, each compared with what ALONE says of it. */
static void check_span(struct json *alone, const char *s, size_t len)
{
	struct json *j = new_reader();
	const char *rec;
	size_t n;
	int r;

	json_span(j, s, len, '\n');
	while ((r = json_next(j, &rec, &n)) != 0) {
		if (rec < s || rec + n > s + len)
			abort();
		if (json_read(alone, rec, n) != (r < 0 ? r : 0))
			abort();
		if (r < 0 && (json_error(j)->pos != json_error(alone)->pos || json_error(j)->pos > n))
			abort();
		for (int i = 0; r > 0 && i < VALUES; i++)
			if (digest(&json_values(j)[i]) != digest(&json_values(alone)[i]))
				abort();
	}
	json_free(j);
}

static void check_record(const char *s, size_t len)
{
	struct json_record r;

	if (json_record_init(&r) < 0)
		abort();
	if (json_record_parse(&r, s, len) < 0 && r.error.pos > len)
		abort();
	json_record_release(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	struct json *j = new_reader();
	int r = json_read(j, s, size);

	if (r == 0)
		for (int i = 0; i < VALUES; i++)
			(void)digest(&json_values(j)[i]);
	else if (json_error(j)->pos > size)
		abort();
	check_jansson(s, size, r, r < 0 && depth_error(j));
	check_span(j, s, size);
	check_record(s, size);
	json_free(j);
	return 0;
}
