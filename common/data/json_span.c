/* JSON: the reader, and going through spans. */
#include "common/data/json_impl.h"
#include "common/data/json_tokens.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/utf8.h"

int json_new(struct json **ret)
{
	struct json *j = xcalloc(1, sizeof(*j));

	j->root.slot = -1;
	j->index = json_index_new();
	if (!j->index) {
		free(j);
		return -ENOMEM;
	}
	*ret = j;
	return 0;
}

void json_free(struct json *j)
{
	if (!j)
		return;
	json_index_free(j->index);
	json_tree_release(&j->root);
	free(j->values);
	free(j->scratch);
	free(j);
}

int json_add(struct json *j, const struct path *path)
{
	struct json_node *node = json_tree_add(&j->root, path);

	if (node->slot < 0) {
		j->values = xroom(j->values, j->slots, sizeof(*j->values));
		memset(&j->values[j->slots], 0, sizeof(*j->values));
		node->slot = (int)j->slots++;
	}
	return node->slot;
}

const struct value *json_values(const struct json *j)
{
	return j->values;
}

const struct json_error *json_error(const struct json *j)
{
	return &j->error;
}

void json_within(struct json *j, int depth)
{
	j->within = depth;
}

bool json_is_compact(const struct json *j, const char *s)
{
	/* The tokens of json_read(), each of which is preceded by the last byte of another one, or by white space. */
	const uint32_t *t = j->tokens;

	while (*++t < j->read_len)
		if ((unsigned char)s[*t - 1] <= ' ')
			return false;
	return true;
}

size_t json_compact(const char *s, size_t len, char *dst)
{
	return json_minify(s, len, dst);
}

static void set_error(struct json *j, size_t pos, const char *what)
{
	if (j->slots)
		memset(j->values, 0, j->slots * sizeof(*j->values));
	j->error = (struct json_error){.pos = pos, .what = what};
}

/* Find the position of an error of which json_index_run only says that it exists. */
static void locate(struct json *j, const char *s, size_t len)
{
	size_t valid = utf8_valid_prefix(s, len), start = 0;
	bool open = false;

	for (size_t i = 0; i < valid; i++) {
		if (s[i] == '\\' && !open) {
			set_error(j, i, "this is not a JSON value");
			return;
		}
		if (open && (unsigned char)s[i] < 0x20) {
			set_error(j, i, "a control character in a string must be escaped");
			return;
		}
		if (s[i] == '\\') {
			/* The next one may be a control character, but no quote. */
			i += i + 1 < valid && (unsigned char)s[i + 1] >= 0x20;
		} else if (s[i] == '"') {
			open = !open;
			start = i;
		}
	}
	if (valid < len)
		set_error(j, valid, "this is not UTF-8");
	else
		set_error(j, start, "this string has no end");
}

/* Find the tokens of the LEN bytes at S alone. */
static int index_one(struct json *j, const char *s, size_t len, struct json_walk *w, const uint32_t **ret_t)
{
	int r = json_index_run(j->index, s, len, ret_t);

	if (r == -EBADMSG)
		locate(j, s, len);
	else if (r < 0)
		set_error(j, 0, r == -EMSGSIZE ? "the record is too long" : "no memory");
	*w = (struct json_walk){.j = j, .base = s, .end = (uint32_t)len, .depth = j->within};
	w->safe = len > 8 ? (uint32_t)len - 7 : 0;
	w->escapes = r == 0 && memchr(s, '\\', len) != NULL;
	j->scratch_len = 0;
	return r;
}

int json_read(struct json *j, const char *s, size_t len)
{
	struct json_walk w;
	const uint32_t *t;

	j->next = j->chunk_end = j->span_end = NULL;
	int r = index_one(j, s, len, &w, &t);
	if (r < 0)
		return r;
	j->tokens = t;
	j->read_len = (uint32_t)len;
	return json_walk_record(&w, &t);
}

void json_span(struct json *j, const char *s, size_t len, char delim)
{
	j->next = j->chunk_end = s;
	j->span_end = s + len;
	j->delim = delim;
}

/*
 * Index the next records.  A line feed within a string is an error of the first stage.  So when there is no error, no
 * open string of one record reaches into the next record.  Other delimiters than LF would be tokens for the first
 * stage, so with these records are indexed one by one.
 */
static void load_chunk(struct json *j)
{
	size_t left = (size_t)(j->span_end - j->next);
	const char *end = NULL;

	if (left <= JSON_CHUNK)
		end = j->span_end - 1;
	if (!end)
		end = memrchr(j->next, j->delim, JSON_CHUNK);
	if (!end)
		end = memchr(j->next + JSON_CHUNK, j->delim, left - JSON_CHUNK);
	j->chunk = j->next;
	j->chunk_end = end ? end + 1 : j->span_end;
	size_t len = (size_t)(j->chunk_end - j->chunk);
	j->one_by_one = j->delim != '\n' || !json_index_takes_lines(j->index) ||
			json_index_run(j->index, j->chunk, len, &j->tokens) < 0;
	j->escapes = memchr(j->chunk, '\\', len) != NULL;
}

int json_next_tokens(struct json *j, struct json_walk *w, const uint32_t **ret_t, const char **ret_rec, size_t *ret_len)
{
	const char *rec = j->next;
	int r = 0;

	if (rec == j->span_end)
		return 0;
	if (rec == j->chunk_end)
		load_chunk(j);
	const char *end = memchr(rec, j->delim, (size_t)(j->span_end - rec));
	if (!end)
		end = j->span_end;
	size_t len = (size_t)(end - rec);
	if (j->one_by_one) {
		r = index_one(j, rec, len, w, ret_t);
	} else {
		size_t chunk = (size_t)(j->chunk_end - j->chunk);
		*w = (struct json_walk){.j = j, .base = j->chunk, .depth = j->within};
		w->start = (uint32_t)(rec - j->chunk);
		w->end = w->start + (uint32_t)len;
		w->safe = chunk > 8 ? (uint32_t)chunk - 7 : 0;
		w->escapes = j->escapes && memchr(rec, '\\', len);
		*ret_t = j->tokens;
		j->scratch_len = 0;
	}
	j->next = end < j->span_end ? end + 1 : end;
	*ret_rec = rec;
	*ret_len = len;
	return r < 0 ? r : 1;
}

void json_tokens_end(struct json *j, const struct json_walk *w, const uint32_t *t)
{
	if (j->one_by_one)
		return;
	while (*t < w->end)
		t++;
	j->tokens = t;
}

int json_next(struct json *j, const char **ret_rec, size_t *ret_len)
{
	struct json_walk w;
	const uint32_t *t;
	int r = json_next_tokens(j, &w, &t, ret_rec, ret_len);

	if (r <= 0)
		return r;
	r = json_walk_record(&w, &t);
	if (!j->one_by_one)
		j->tokens = t;
	return r < 0 ? r : 1;
}
