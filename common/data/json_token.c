/* JSON: strings and scalars, and what nobody wants: checked all the same. */
#include "common/data/json_impl.h"

#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json_text.h"

bool json_walk_fail(struct json_walk *w, uint32_t pos, const char *what)
{
	w->j->error = (struct json_error){.pos = pos - w->start, .what = what};
	return false;
}

/* Check the string at w->pos where nobody wants its text. */
static bool check_escapes(struct json_walk *w)
{
	uint32_t start = w->pos + 1;
	size_t bad = json_bad_escape(w->base + start, json_closing_quote(w) - start);

	return bad == SIZE_MAX || json_walk_fail(w, start + (uint32_t)bad, "no such escape");
}

bool json_take_scalar(struct json_walk *w, char c, struct value *v)
{
	const char *s = w->base + w->pos;
	bool ok;

	if (!c)
		return json_walk_fail(w, w->pos, w->pos == w->end ? "a value was expected" : "this is no JSON value");
	size_t len = json_token_end(w) - w->pos;
	if (v) {
		v->raw = v->s = s;
		v->raw_len = v->len = len;
	}
	if (c == '-' || (c >= '0' && c <= '9')) {
		ok = json_take_number(s, len, v);
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
	return ok || json_walk_fail(w, w->pos, "this is no JSON value");
}

bool json_resolve(struct json_walk *w, const char *s, size_t len, const char **ret_s, size_t *ret_len, bool *ret_lone)
{
	struct json *j = w->j;
	size_t lone;

	if (j->scratch_cap < w->end - w->start) {
		/* Happens before the first text of a record only, so no text moves. */
		j->scratch_cap = w->end - w->start;
		j->scratch = xreallocarray(j->scratch, j->scratch_cap, 1);
	}
	char *dst = j->scratch + j->scratch_len;
	if (json_unescape(dst, s, len, ret_len, &lone) < 0)
		return json_walk_fail(w, (uint32_t)(s - w->base + (ptrdiff_t)*ret_len), "no such escape");
	j->scratch_len += *ret_len;
	*ret_s = dst;
	*ret_lone = lone != SIZE_MAX;
	return true;
}

bool json_take_string(struct json_walk *w, struct value *v)
{
	uint32_t start = w->pos, end = json_closing_quote(w);

	v->type = VALUE_STRING;
	v->lone = false;
	v->raw = w->base + start;
	v->raw_len = end + 1 - start;
	v->s = v->raw + 1;
	v->len = v->raw_len - 2;
	if (w->escapes && memchr(v->s, '\\', v->len))
		return json_resolve(w, v->s, v->len, &v->s, &v->len, &v->lone);
	return true;
}

/* Skip the container whose opening bracket was C; every token of it is checked. */
static bool skip_container(struct json_walk *w, char c)
{
	uint64_t objects[JSON_MAX_DEPTH / 64]; /* a bit for each open container: is it an object? */
	int depth = -1, limit = JSON_MAX_DEPTH - w->depth;
	bool in_object;

open:
	if (++depth >= limit)
		return json_walk_fail(w, w->pos, "nested too deeply");
	in_object = c == '{';
	objects[depth / 64] &= ~(UINT64_C(1) << depth % 64);
	objects[depth / 64] |= (uint64_t)in_object << depth % 64;
	c = json_token(w);
	if (c == (in_object ? '}' : ']'))
		goto close;
	if (!in_object)
		goto value;
name:
	if (c != '"')
		return json_walk_fail(w, w->pos, "a name in quotes was expected");
	if (w->escapes && !check_escapes(w))
		return false;
	if (json_token(w) != ':')
		return json_walk_fail(w, w->pos, "':' was expected");
	c = json_token(w);
value:
	if (c == '{' || c == '[')
		goto open;
	if (c == '"' ? w->escapes && !check_escapes(w) : !json_take_scalar(w, c, NULL))
		return false;
next:
	c = json_token(w);
	if (c == ',') {
		c = json_token(w);
		if (in_object)
			goto name;
		goto value;
	}
	if (c != (in_object ? '}' : ']'))
		return json_walk_fail(w, w->pos, in_object ? "',' or '}' was expected" : "',' or ']' was expected");
close:
	if (--depth < 0)
		return true;
	in_object = objects[depth / 64] >> depth % 64 & 1;
	goto next;
}

bool json_skip(struct json_walk *w, char c)
{
	if (c == '"')
		return !w->escapes || check_escapes(w);
	if (c == '{' || c == '[')
		return skip_container(w, c);
	return json_take_scalar(w, c, NULL);
}
