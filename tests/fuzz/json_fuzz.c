/*
 * Records of JSON: alone and within a span the result must be the same, whatever is asked for and wherever a chunk of
 * the span ends, all slices lie where they may, and jansson must agree on what is JSON (except what json.h says it
 * takes and jansson does not).  Records that are JSON are also made compact.
 */
#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json_impl.h"
#include "common/data/json_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define VALUES 5
#define SETS   4

/* Values that are wanted and values that are skipped are read by different code, so there are readers for all cases. */
static const char *const paths[SETS][VALUES] = {
	{".", ".a", ".a.b", ".[1].a", ".value"}, {".a"}, {".a.b", ".[1].a"}, {NULL}};

static struct json *new_reader(const char *const *set)
{
	struct json *j;

	if (json_new(&j) < 0)
		abort();
	for (int i = 0; i < VALUES && set[i]; i++) {
		struct strbuf err = STRBUF_INIT;
		struct path path;
		if (path_init(&path, set[i], &err) < 0 || json_add(j, &path) != i)
			abort();
		path_release(&path);
		strbuf_release(&err);
	}
	return j;
}

/* Read the whole value, so that the sanitizer sees it; returns a number that depends on its contents. */
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
	/* jansson 2.14 takes a NUL after a number for its end. */
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

/* The current record of J is REC, for which json_next() returned R: reading it ALONE must give the same. */
static void compare(struct json *j, struct json *alone, const char *rec, size_t len, int r)
{
	if (json_read(alone, rec, len) != (r < 0 ? r : 0))
		abort();
	if (r < 0 && (json_error(j)->pos != json_error(alone)->pos || json_error(j)->pos > len))
		abort();
	for (size_t i = 0; i < j->slots; i++)
		if (digest(&json_values(j)[i]) != digest(&json_values(alone)[i]))
			abort();
}

/* The records of the span, as J reads them, each compared with what it is ALONE. */
static void check_span(struct json *j, struct json *alone, const char *s, size_t len, char delim)
{
	const char *rec, *next = s;
	size_t n;
	int r;

	json_span(j, s, len, delim);
	while ((r = json_next(j, &rec, &n)) != 0) {
		if (rec != next || n > (size_t)(s + len - rec))
			abort();
		next = rec + n + (rec + n < s + len);
		compare(j, alone, rec, n, r);
	}
	if (next != s + len)
		abort();
}

/* The same after a record that is so long that a chunk begins with one of the lines. */
static void check_edge(struct json *j, struct json *alone, const char *s, size_t len)
{
	size_t line = 0, number = len % 4;

	for (const char *lf; number && (lf = memchr(s + line, '\n', len - line)); number--)
		line = (size_t)(lf + 1 - s);
	if (line + 2 > JSON_CHUNK)
		return;
	size_t before = JSON_CHUNK - line;
	char *span = xmalloc(before + len);
	memset(span, ' ', before);
	span[0] = '1';
	span[before - 1] = '\n';
	memcpy(span + before, s, len);
	check_span(j, alone, span, before + len, '\n');
	free(span);
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

/* The record S is JSON; compact, it lacks the blanks outside of strings and nothing else. */
static void check_compact(const struct json *j, const char *s, size_t len)
{
	const char *start = s;
	char *compact = xmalloc(len + JSON_COMPACT_ROOM);
	size_t n = json_compact(s, len, compact), at = 0;
	bool open = false;

	for (size_t i = 0; i < len; i++) {
		if (!open && memchr(" \t\r\n", s[i], 4))
			continue;
		if (at == n || compact[at++] != s[i])
			abort();
		if (open && s[i] == '\\') {
			if (++i == len || at == n || compact[at++] != s[i])
				abort();
		} else if (s[i] == '"') {
			open = !open;
		}
	}
	if (at != n)
		abort();
	while (len && memchr(" \t\r\n", s[len - 1], 4))
		len--;
	while (len && memchr(" \t\r\n", *s, 4))
		s++, len--;
	if (json_is_compact(j, start) != (len == n))
		abort();
	free(compact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;

	for (int i = 0; i < SETS; i++) {
		struct json *j = new_reader(paths[i]), *alone = new_reader(paths[i]);
		int r = json_read(j, s, size);
		if (r < 0 && json_error(j)->pos > size)
			abort();
		if (r == 0 && i == 0)
			check_compact(j, s, size);
		check_jansson(s, size, r, r < 0 && depth_error(j));
		check_span(j, alone, s, size, '\n');
		check_span(j, alone, s, size, '\0');
		if (size / 4 % SETS == (size_t)i)
			check_edge(j, alone, s, size);
		json_free(alone);
		json_free(j);
	}
	check_record(s, size);
	return 0;
}
