/* Schemas from records: examining the records.  See schema_infer.h. */
#include "common/data/schema_infer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/schema_infer_impl.h"
#include "common/data/schema_name.h"

static void look_at(struct infer_record *r, struct infer_node *node);

int schema_infer_new(struct schema_infer **ret)
{
	struct schema_infer *in = xcalloc(1, sizeof(*in));
	strbuf_init(&in->misfit);
	struct path whole = {0};

	if (json_new(&in->json) < 0) {
		free(in);
		return -ENOMEM;
	}
	(void)json_add(in->json, &whole);
	*ret = in;
	return 0;
}

static void node_release(struct infer_node *node)
{
	for (size_t i = 0; i < node->count; i++) {
		node_release(node->child[i]);
		free(node->child[i]);
	}
	if (node->element)
		node_release(node->element);
	free(node->element);
	free(node->child);
	free(node->name);
	free(node->folded);
}

void schema_infer_free(struct schema_infer *in)
{
	if (!in)
		return;
	node_release(&in->root);
	json_free(in->json);
	free(in->scratch);
	strbuf_release(&in->misfit);
	free(in);
}

/* The child of that name, added if need be; NULL: there are too many. */
static struct infer_node *child_of(struct schema_infer *in, struct infer_node *node, const char *name, size_t len)
{
	struct infer_node *child = infer_child(node, name, len);
	struct strbuf folded = STRBUF_INIT;

	if (child)
		return child;
	if (++in->fields > SCHEMA_MAX_FIELDS)
		return NULL;
	if (!(node->count & (node->count - 1))) /* a power of two is full */
		node->child = xreallocarray(node->child, node->count ? 2 * node->count : 1, sizeof(*node->child));
	child = xcalloc(1, sizeof(*child));
	child->name = xstrndup(name, len);
	schema_name_fold(name, len, &folded);
	child->folded = strbuf_detach(&folded);
	child->len = len;
	node->child[node->count++] = child;
	node->next = 0;
	return child;
}

static void note(const struct schema_infer *in, struct infer_node *node, enum infer_kind kind)
{
	if (!node->seen[kind])
		node->seen[kind] = in->records;
}

static void look_at_object(struct infer_record *r, struct infer_node *node)
{
	const char *name;
	size_t len;

	note(r->in, node, INFER_OBJECT);
	r->p++;
	for (infer_skip_blanks(r); !r->full && *r->p != '}'; infer_skip_blanks(r)) {
		if (*r->p == ',')
			r->p++;
		infer_skip_blanks(r);
		infer_take_name(r, &name, &len);
		infer_skip_blanks(r);
		r->p++; /* the colon */
		struct infer_node *child = child_of(r->in, node, name, len);
		r->full = !child;
		if (child) {
			child->records++;
			look_at(r, child);
		}
	}
	r->p++;
}

static void look_at_array(struct infer_record *r, struct infer_node *node)
{
	note(r->in, node, INFER_ARRAY);
	r->p++;
	for (infer_skip_blanks(r); !r->full && *r->p != ']'; infer_skip_blanks(r)) {
		if (*r->p == ',')
			r->p++;
		if (!node->element)
			node->element = xcalloc(1, sizeof(*node->element));
		look_at(r, node->element);
	}
	r->p++;
}

/* Examine true, false, null or a number. */
static void look_at_word(struct infer_record *r, struct infer_node *node)
{
	const char *start;
	size_t len;
	struct value v;

	infer_take_word(r, &start, &len);
	if (*start == 't' || *start == 'f')
		note(r->in, node, INFER_BOOL);
	else if (*start != 'n' && value_of_text(start, len, &v))
		note(r->in, node, infer_kind_of_number(&v));
}

/* Examine the value at the current position as one of NODE. */
static void look_at(struct infer_record *r, struct infer_node *node)
{
	const char *s;
	size_t len;
	bool escapes;

	infer_skip_blanks(r);
	bool nested = *r->p == '{' || *r->p == '[';
	if (nested && r->depth >= SCHEMA_MAX_DEPTH) {
		note(r->in, node, INFER_DEEP);
		infer_skip_nested(r);
		return;
	}
	r->depth += nested;
	if (*r->p == '{') {
		look_at_object(r, node);
	} else if (*r->p == '[') {
		look_at_array(r, node);
	} else if (*r->p == '"') {
		infer_take_string(r, &s, &len, &escapes);
		note(r->in, node, escapes ? INFER_STRING : infer_kind_of_string(s, len));
	} else {
		look_at_word(r, node);
	}
	r->depth -= nested;
}

int schema_infer_json(struct schema_infer *in, const char *s, size_t len)
{
	struct infer_record record = {.in = in, .p = s, .end = s + len};
	int r = json_read(in->json, s, len);

	if (r < 0)
		return r;
	if (json_values(in->json)[0].type != VALUE_OBJECT)
		return -EINVAL;
	r = infer_check(&record);
	if (r < 0)
		return r;
	in->records++;
	look_at(&record, &in->root);
	return record.full ? -E2BIG : 0;
}

const struct json_error *schema_infer_error(const struct schema_infer *in)
{
	return json_error(in->json);
}

int schema_infer_columns(struct schema_infer *in, const char *const *names, const struct value *values, size_t count)
{
	in->records++;
	note(in, &in->root, INFER_OBJECT);
	for (size_t i = 0; i < count; i++) {
		struct infer_node *child = child_of(in, &in->root, names[i], strlen(names[i]));
		if (!child)
			return -E2BIG;
		child->records++;
		child->text = true;
		if (!value_is_null(&values[i]))
			note(in, child, infer_kind_of_text(&values[i]));
	}
	return 0;
}

void schema_infer_check_names(struct schema_infer *in, const char *refused)
{
	in->refused = refused;
}

const char *schema_infer_misfit(const struct schema_infer *in)
{
	return in->misfit.s;
}

uint64_t schema_infer_records(const struct schema_infer *in)
{
	return in->records;
}
