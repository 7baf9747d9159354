/* Members of JSON records: see members.h. */
#include "common/data/members.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/data/json_members.h"

#define NOTHING NAME_INDEX_NONE
#define FEW     16 /* so many names are tried one after the other */

int members_init(struct members *m, const char *const *names, size_t count)
{
	*m = (struct members){.count = count};
	m->names = xcalloc(count ? count : 1, sizeof *m->names);
	m->values = xcalloc(count ? count : 1, sizeof *m->values);
	for (size_t i = 0; i < count; i++)
		m->names[i] = (struct members_name){names[i], strlen(names[i]), (uint32_t)((i + 1) % count)};
	return json_new(&m->json);
}

void members_release(struct members *m)
{
	json_free(m->json);
	name_index_release(&m->index);
	free(m->names);
	free(m->values);
	*m = (struct members){0};
}

void members_span(struct members *m, const char *s, size_t len, char delim)
{
	json_span(m->json, s, len, delim);
}

const struct json_error *members_error(const struct members *m)
{
	return json_error(m->json);
}

static bool is_named(const struct members_name *item, const char *name, size_t len)
{
	return item->len == len && memcmp(item->name, name, len) == 0;
}

/* A name in a record. */
struct member_name {
	const char *s;
	size_t len;
};

/* The name T.  False: an escape in it is malformed. */
static bool take_name(struct members *m, const uint32_t *t, struct member_name *ret)
{
	bool lone;
	*ret = (struct member_name){m->walk.base + *t + 1, json_string_len(&m->walk, t)};
	return !m->walk.escapes || !memchr(ret->s, '\\', ret->len) ||
	       json_resolve(&m->walk, ret->s, ret->len, &ret->s, &ret->len, &lone);
}

/* The index of NAME among many; or NOTHING. */
static uint32_t find_many(struct members *m, const struct member_name *name)
{
	bool is_new, begun = m->index.begun;
	for (size_t i = 0; !begun && i < m->count; i++)
		(void)name_index_add(&m->index, m->names[i].name, m->names[i].len, &is_new);
	return name_index_find(&m->index, name->s, name->len);
}

/* The index of NAME, which came after *BEFORE; or NOTHING. */
static uint32_t find(struct members *m, const struct member_name *name, uint32_t *before)
{
	uint32_t *guess = *before == NOTHING ? &m->first : &m->names[*before].next;
	uint32_t at = NOTHING;
	for (size_t i = 0; at == NOTHING && i < m->count && i < FEW; i++) {
		uint32_t next = (uint32_t)((*guess + i) % m->count);
		at = is_named(&m->names[next], name->s, name->len) ? next : NOTHING;
	}
	if (at == NOTHING && m->count > FEW)
		at = find_many(m, name);
	if (at != NOTHING)
		*before = *guess = at;
	return at;
}

/* Read the value T into V.  Returns its last token, or NULL after an error. */
static const uint32_t *take_value(struct members *m, const uint32_t *t, struct value *v)
{
	struct json_walk *w = &m->walk;
	const char c = json_byte(w, t), *s = w->base + *t;
	if (c == '"')
		return json_take_string(w, t, v);
	if (c != '{' && c != '[')
		return json_take_scalar(w, t, c, v);
	t = json_skip(w, t, c);
	if (!t)
		return NULL;
	size_t len = (size_t)(w->base + *t + 1 - s);
	*v = (struct value){
		.type = c == '{' ? VALUE_OBJECT : VALUE_ARRAY, .raw = s, .raw_len = len, .s = s, .len = len};
	return t;
}

/* Read the value T of the member NAME.  Returns its last token, or NULL after an error. */
static const uint32_t *take_member(
	struct members *m, const struct member_name *name, const uint32_t *t, uint32_t *before)
{
	uint32_t at = find(m, name, before);
	const char c = json_byte(&m->walk, t);
	m->seen++;
	if (at != NOTHING)
		return take_value(m, t, &m->values[at]);
	t = json_skip(&m->walk, t, c);
	if (t && c != 'n') {
		m->others++;
		if (m->on_other)
			m->on_other(m->arg, name->s, name->len);
	}
	return t;
}

/* Read the members of the object T.  Returns its last token, or NULL after an error. */
static const uint32_t *take_object(struct members *m, const uint32_t *t)
{
	struct json_walk *w = &m->walk;
	struct member_name name;
	uint32_t before = NOTHING;
	char c = json_byte(w, ++t);
	while (c != '}') {
		if (c != '"')
			return json_walk_fail(w, *t, "a name in quotes was expected");
		if (!take_name(m, t, &name))
			return NULL;
		if (json_byte(w, ++t) != ':')
			return json_walk_fail(w, *t, "':' was expected");
		t = take_member(m, &name, t + 1, &before);
		t = t ? json_after_member(w, t, &c) : NULL;
		if (!t)
			return NULL;
	}
	return t;
}

int members_next(struct members *m, const char **ret_rec, size_t *ret_len)
{
	struct json_walk *w = &m->walk;
	const uint32_t *t, *last;
	int r = json_next_tokens(m->json, w, &t, ret_rec, ret_len);
	if (r <= 0)
		return r;
	memset(m->values, 0, m->count * sizeof *m->values);
	m->seen = m->others = 0;
	w->depth = 1;
	last = json_byte(w, t) == '{' ? take_object(m, t) : json_walk_fail(w, *t, "an object was expected");
	w->depth = 0;
	if (last && last[1] < w->end)
		last = json_walk_fail(w, last[1], "the record has ended, but more follows");
	r = last ? 1 : -EBADMSG;
	json_tokens_end(m->json, w, last ? last + 1 : t);
	return r;
}
