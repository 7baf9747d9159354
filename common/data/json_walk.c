/* JSON: from the tokens of a record to the values of the wanted paths, through the whole grammar. */
#include "common/data/json_impl.h"

#include <errno.h>
#include <string.h>

static bool wanted(struct json_walk *w, const struct json_node *node, char c);

/* The child of NODE with this name; a name with escapes is resolved (and checked) first. */
static bool find_name(
	struct json_walk *w, const struct json_node *node, const char *name, size_t len, const struct json_node **ret)
{
	bool lone;

	*ret = NULL;
	if (w->escapes && memchr(name, '\\', len) && !json_resolve(w, name, len, &name, &len, &lone))
		return false;
	if (!(node->lens >> (len < 63 ? len : 63) & 1))
		return true;
	for (const struct json_node *child = node->child; child; child = child->sibling)
		if (child->len == len && child->name && memcmp(child->name, name, len) == 0) {
			*ret = child;
			break;
		}
	return true;
}

/* An object with wanted members; w->pos is at its '{'. */
static bool walk_object(struct json_walk *w, const struct json_node *node)
{
	char c = json_token(w);

	if (c == '}')
		return true;
	for (;;) {
		const struct json_node *child;
		if (c != '"')
			return json_walk_fail(w, w->pos, "a name in quotes was expected");
		uint32_t start = w->pos + 1, end = json_closing_quote(w);
		if (json_token(w) != ':')
			return json_walk_fail(w, w->pos, "':' was expected");
		if (!find_name(w, node, w->base + start, end - start, &child))
			return false;
		c = json_token(w);
		if (!(child ? wanted(w, child, c) : json_skip(w, c)))
			return false;
		c = json_token(w);
		if (c == '}')
			return true;
		if (c != ',')
			return json_walk_fail(w, w->pos, "',' or '}' was expected");
		c = json_token(w);
	}
}

/* An array with wanted elements; w->pos is at its '['. */
static bool walk_array(struct json_walk *w, const struct json_node *node)
{
	char c = json_token(w);

	if (c == ']')
		return true;
	for (uint64_t i = 0;; i++) {
		const struct json_node *child = i <= node->last_element ? node->child : NULL;
		while (child && (child->name || child->element != i))
			child = child->sibling;
		if (!(child ? wanted(w, child, c) : json_skip(w, c)))
			return false;
		c = json_token(w);
		if (c == ']')
			return true;
		if (c != ',')
			return json_walk_fail(w, w->pos, "',' or ']' was expected");
		c = json_token(w);
	}
}

/* A member that comes again replaces the one before it, with all that was below. */
static void forget(struct json_walk *w, const struct json_node *node)
{
	for (const struct json_node *child = node->child; child; child = child->sibling) {
		if (child->slot >= 0)
			w->j->values[child->slot] = (struct value){.type = VALUE_MISSING};
		forget(w, child);
	}
}

static bool wanted_container(struct json_walk *w, const struct json_node *node, char c)
{
	uint32_t start = w->pos;
	bool ok;

	if (++w->depth > JSON_MAX_DEPTH)
		return json_walk_fail(w, w->pos, "nested too deeply");
	if (c == '{' ? node->has_names : node->has_elements) {
		ok = c == '{' ? walk_object(w, node) : walk_array(w, node);
		w->depth--;
	} else {
		w->depth--;
		ok = json_skip(w, c);
	}
	if (ok && node->slot >= 0) {
		const char *s = w->base + start;
		size_t len = w->pos + 1 - start;
		w->j->values[node->slot] = (struct value){
			.type = c == '{' ? VALUE_OBJECT : VALUE_ARRAY, .raw = s, .raw_len = len, .s = s, .len = len};
	}
	return ok;
}

/* The value that NODE stands for, or that leads to others; its first token is C at w->pos. */
static bool wanted(struct json_walk *w, const struct json_node *node, char c)
{
	struct value *v = node->slot >= 0 ? &w->j->values[node->slot] : NULL;

	if (node->child)
		forget(w, node);
	if (c == '{' || c == '[')
		return wanted_container(w, node, c);
	if (!v)
		return json_skip(w, c);
	return c == '"' ? json_take_string(w, v) : json_take_scalar(w, c, v);
}

int json_walk_record(struct json_walk *w)
{
	struct json *j = w->j;

	j->scratch_len = 0;
	if (j->slots)
		memset(j->values, 0, j->slots * sizeof(*j->values));
	if (wanted(w, &j->root, json_token(w))) {
		if (*w->next >= w->end)
			return 0;
		json_walk_fail(w, *w->next, "the record has ended, but more follows");
	}
	if (j->slots)
		memset(j->values, 0, j->slots * sizeof(*j->values));
	return -EBADMSG;
}
