/* JSON: goes through the tokens of a record, checks the whole grammar and finds the values of the wanted paths. */
#include "common/data/json_impl.h"
#include "common/data/json_members.h"

#include <errno.h>

static const uint32_t *wanted(struct json_walk *w, const struct json_node *node, const uint32_t *t, char c);

/* Whether the LEN bytes at A and B are equal; inline, because names are short. */
static inline bool same(const char *a, const char *b, size_t len)
{
	uint64_t a8, b8;

	if (len > 16)
		return memcmp(a, b, len) == 0;
	if (len < 8) {
		while (len && a[len - 1] == b[len - 1])
			len--;
		return len == 0;
	}
	memcpy(&a8, a, 8);
	memcpy(&b8, b, 8);
	if (a8 != b8)
		return false;
	memcpy(&a8, a + len - 8, 8);
	memcpy(&b8, b + len - 8, 8);
	return a8 == b8;
}

/* The child of NODE with this name, or NULL. */
static inline const struct json_node *find_name(const struct json_node *node, const char *name, size_t len)
{
	const struct json_node *child;

	if (!(node->lens >> (len < 63 ? len : 63) & 1))
		return NULL;
	if (node->many)
		return json_many_name(node->many, name, len);
	for (child = node->child; child; child = child->sibling)
		if (child->len == len && child->name && same(child->name, name, len))
			break;
	return child;
}

/* The same for the token T of a name, which may have escapes; these are checked. */
static bool find_escaped(
	struct json_walk *w, const struct json_node *node, const uint32_t *t, const struct json_node **ret)
{
	const char *name = w->base + *t + 1;
	size_t len = json_string_len(w, t);
	bool lone;

	if (memchr(name, '\\', len) && !json_resolve(w, name, len, &name, &len, &lone))
		return false;
	*ret = find_name(node, name, len);
	return true;
}

/* Read the value T, which begins with C, for NODE; NULL: no path wants it. */
static inline const uint32_t *walk_value(struct json_walk *w, const struct json_node *node, const uint32_t *t, char c)
{
	if (node)
		return wanted(w, node, t, c);
	if (c == '"' ? !w->escapes : json_quick_scalar(w, t, c))
		return t;
	return json_skip(w, t, c);
}

/* An object with wanted members; T is its '{'. */
static const uint32_t *walk_object(struct json_walk *w, const struct json_node *node, const uint32_t *t)
{
	char c = json_byte(w, ++t);

	while (c != '}') {
		const struct json_node *child;
		if (c != '"')
			return json_walk_fail(w, *t, "a name in quotes was expected");
		if (!w->escapes)
			child = find_name(node, w->base + *t + 1, json_string_len(w, t));
		else if (!find_escaped(w, node, t, &child))
			return NULL;
		if (json_byte(w, ++t) != ':')
			return json_walk_fail(w, *t, "':' was expected");
		t++;
		t = walk_value(w, child, t, json_byte(w, t));
		t = t ? json_after_member(w, t, &c) : NULL;
		if (!t)
			return NULL;
	}
	return t;
}

/* An array with wanted elements; T is its '['. */
static const uint32_t *walk_array(struct json_walk *w, const struct json_node *node, const uint32_t *t)
{
	char c = json_byte(w, ++t);

	if (c == ']')
		return t;
	for (uint64_t i = 0;; i++) {
		const struct json_node *child = i <= node->last_element ? node->child : NULL;
		if (child && node->many)
			child = json_many_element(node->many, (uint32_t)i);
		while (child && (child->name || child->element != i))
			child = child->sibling;
		t = walk_value(w, child, t, c);
		if (!t)
			return NULL;
		c = json_byte(w, ++t);
		if (c == ']')
			return t;
		if (c != ',')
			return json_walk_fail(w, *t, "',' or ']' was expected");
		c = json_byte(w, ++t);
	}
}

/* A member that is repeated replaces the one before it, with all that was below it. */
static void forget(struct json_walk *w, const struct json_node *node)
{
	for (const struct json_node *child = node->child; child; child = child->sibling) {
		if (child->slot >= 0)
			w->j->values[child->slot] = (struct value){.type = VALUE_MISSING};
		forget(w, child);
	}
}

static const uint32_t *wanted_container(struct json_walk *w, const struct json_node *node, const uint32_t *t, char c)
{
	const char *s = w->base + *t;

	if (w->depth >= JSON_MAX_DEPTH)
		return json_walk_fail(w, *t, "nested too deeply");
	if (c == '{' ? node->has_names : node->has_elements) {
		w->depth++;
		t = c == '{' ? walk_object(w, node, t) : walk_array(w, node, t);
		w->depth--;
	} else {
		t = json_skip(w, t, c);
	}
	if (t && node->slot >= 0) {
		size_t len = (size_t)(w->base + *t + 1 - s);
		w->j->values[node->slot] = (struct value){
			.type = c == '{' ? VALUE_OBJECT : VALUE_ARRAY, .raw = s, .raw_len = len, .s = s, .len = len};
	}
	return t;
}

/* Read the value T, which begins with C; NODE wants the value itself or values below it. */
static const uint32_t *wanted(struct json_walk *w, const struct json_node *node, const uint32_t *t, char c)
{
	if (node->child && node != &w->j->root)
		forget(w, node);
	if (c == '{' || c == '[')
		return wanted_container(w, node, t, c);
	if (node->slot < 0)
		return json_skip(w, t, c);
	struct value *v = &w->j->values[node->slot];
	return c == '"' ? json_take_string(w, t, v) : json_take_scalar(w, t, c, v);
}

int json_walk_record(struct json_walk *w, const uint32_t **t)
{
	struct json *j = w->j;
	const uint32_t *last;

	if (j->slots)
		memset(j->values, 0, j->slots * sizeof(*j->values));
	last = wanted(w, &j->root, *t, json_byte(w, *t));
	if (last && last[1] >= w->end) {
		*t = last + 1;
		return 0;
	}
	if (last)
		json_walk_fail(w, last[1], "the record has ended, but more follows");
	if (j->slots)
		memset(j->values, 0, j->slots * sizeof(*j->values));
	while (**t < w->end)
		++*t;
	return -EBADMSG;
}
