/* JSON: strings and scalars, and values that are not wanted but must be checked nevertheless. */
#include "common/data/json_impl.h"
#include "common/data/json_tokens.h"

#include "common/base/alloc.h"
#include "common/data/json_text.h"

static const char no_value[] = "this is not a JSON value";

const uint32_t *json_walk_fail(struct json_walk *w, uint32_t pos, const char *what)
{
	w->j->error = (struct json_error){.pos = (pos < w->end ? pos : w->end) - w->start, .what = what};
	return NULL;
}

/* Check the string T; its text is not needed. */
static const uint32_t *check_escapes(struct json_walk *w, const uint32_t *t)
{
	size_t bad = json_bad_escape(w->base + *t + 1, json_string_len(w, t));

	return bad == SIZE_MAX ? t : json_walk_fail(w, *t + 1 + (uint32_t)bad, "no such escape");
}

const uint32_t *json_take_scalar(struct json_walk *w, const uint32_t *t, char c, struct value *v)
{
	const char *s = w->base + *t;
	bool ok;

	if (!c)
		return json_walk_fail(w, *t, *t >= w->end ? "a value was expected" : no_value);
	if (c == '\xef' && w->end - *t >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		return json_walk_fail(w, *t, "a byte order mark does not belong to JSON");
	size_t len = json_token_end(w, t) - *t;
	if (v) {
		v->raw = v->s = s;
		v->raw_len = v->len = len;
	}
	if (c == '-' || (c >= '0' && c <= '9')) {
		ok = (v && *t < w->safe && json_take_quick(s, len, v)) || json_take_number(s, len, v);
	} else if (c == 't' || c == 'f') {
		ok = c == 't' ? len == 4 && memcmp(s, "true", 4) == 0 : len == 5 && memcmp(s, "false", 5) == 0;
		if (v) {
			v->type = VALUE_BOOL;
			v->b = c == 't';
		}
	} else {
		ok = len == 4 && memcmp(s, "null", 4) == 0;
		if (v)
			v->type = VALUE_NULL;
	}
	return ok ? t : json_walk_fail(w, *t, no_value);
}

size_t json_texts(const struct json_walk *w)
{
	return w->j->scratch_len;
}

void json_forget_texts(struct json_walk *w, size_t before)
{
	w->j->scratch_len = before;
}

bool json_resolve(struct json_walk *w, const char *s, size_t len, const char **ret_s, size_t *ret_len, bool *ret_lone)
{
	struct json *j = w->j;
	size_t lone;

	if (j->scratch_cap < 2 * (size_t)(w->end - w->start)) {
		/*
		 * The buffer grows only before the first text of a record, so no text moves.  It has room for the texts
		 * of two readings of a record, because one may be for paths.
		 */
		j->scratch_cap = 2 * (size_t)(w->end - w->start);
		j->scratch = xreallocarray(j->scratch, j->scratch_cap, 1);
	}
	char *dst = j->scratch + j->scratch_len;
	if (json_unescape(dst, s, len, ret_len, &lone) < 0) {
		json_walk_fail(w, (uint32_t)(s - w->base + (ptrdiff_t)*ret_len), "no such escape");
		return false;
	}
	j->scratch_len += *ret_len;
	*ret_s = dst;
	*ret_lone = lone != SIZE_MAX;
	return true;
}

const uint32_t *json_take_string(struct json_walk *w, const uint32_t *t, struct value *v)
{
	v->type = VALUE_STRING;
	v->lone = false;
	v->raw = w->base + *t;
	v->s = v->raw + 1;
	v->len = json_string_len(w, t);
	v->raw_len = v->len + 2;
	if (w->escapes && memchr(v->s, '\\', v->len) && !json_resolve(w, v->s, v->len, &v->s, &v->len, &v->lone))
		return NULL;
	return t;
}

/* Check the string or scalar T. */
static inline const uint32_t *skip_scalar(struct json_walk *w, const uint32_t *t, char c)
{
	if (c == '"' ? !w->escapes : json_quick_scalar(w, t, c))
		return t;
	return c == '"' ? check_escapes(w, t) : json_take_scalar(w, t, c, NULL);
}

/* Skip the container whose opening bracket is T; every token of it is checked. */
static const uint32_t *skip_container(struct json_walk *w, const uint32_t *t, char c)
{
	uint64_t objects[JSON_MAX_DEPTH / 64] = {0}; /* a bit for each open container: set when it is an object */
	int depth = -1, limit = JSON_MAX_DEPTH - w->depth;
	bool in_object;

open:
	if (++depth >= limit)
		return json_walk_fail(w, *t, "nested too deeply");
	in_object = c == '{';
	objects[depth / 64] &= ~(UINT64_C(1) << depth % 64);
	objects[depth / 64] |= (uint64_t)in_object << depth % 64;
	c = json_byte(w, ++t);
	if (c == (in_object ? '}' : ']'))
		goto close;
	if (!in_object)
		goto value;
name:
	if (c != '"')
		return json_walk_fail(w, *t, "a name in quotes was expected");
	if (!skip_scalar(w, t, c))
		return NULL;
	if (json_byte(w, ++t) != ':')
		return json_walk_fail(w, *t, "':' was expected");
	c = json_byte(w, ++t);
value:
	if (c == '{' || c == '[')
		goto open;
	if (!skip_scalar(w, t, c))
		return NULL;
next:
	c = json_byte(w, ++t);
	if (c == ',') {
		c = json_byte(w, ++t);
		if (in_object)
			goto name;
		goto value;
	}
	if (c != (in_object ? '}' : ']'))
		return json_walk_fail(w, *t, in_object ? "',' or '}' was expected" : "',' or ']' was expected");
close:
	if (--depth < 0)
		return t;
	in_object = objects[depth / 64] >> depth % 64 & 1;
	goto next;
}

const uint32_t *json_skip(struct json_walk *w, const uint32_t *t, char c)
{
	if (c == '{' || c == '[')
		return skip_container(w, t, c);
	return skip_scalar(w, t, c);
}
