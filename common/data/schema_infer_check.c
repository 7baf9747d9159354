/* Schemas from records: values and names that fit into no column.  See schema_infer_impl.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/base/visible.h"
#include "common/data/json_text.h"
#include "common/data/number.h"
#include "common/data/schema_infer_impl.h"
#include "common/data/schema_name.h"

#define SHOWN_MAX 64 /* bytes of a value in a message */

/* The record as it is checked, and the column where R stands. */
struct infer_check {
	struct infer_record r;
	struct strbuf path;
	struct infer_names names;
};

static bool check_value(struct infer_check *c, struct infer_node *node);

static bool misfit(struct infer_check *c, const char *s, size_t len, const char *why)
{
	struct strbuf *text = &c->r.in->misfit;

	strbuf_clear(text);
	strbuf_addf(text, "column %s: ", c->path.s);
	visible_add_start(text, s, len, SHOWN_MAX);
	strbuf_addf(text, " %s", why);
	return false;
}

static bool check_string(struct infer_check *c)
{
	const char *s;
	size_t len, lone = SIZE_MAX;
	bool escapes;

	infer_take_string(&c->r, &s, &len, &escapes);
	if (!escapes)
		return true;
	char *text = xmalloc(len);
	if (json_unescape(text, s, len, &(size_t){0}, &lone) < 0)
		lone = SIZE_MAX; /* the reader has seen that it is valid */
	free(text);
	return lone == SIZE_MAX || misfit(c, s - 1, len + 2, "has one half of a surrogate pair");
}

static bool check_word(struct infer_check *c)
{
	const char *s;
	size_t len;
	struct value v;

	infer_take_word(&c->r, &s, &len);
	if (!len || *s == 't' || *s == 'f' || *s == 'n' || !value_of_text(s, len, &v) || isfinite(number_double(&v)))
		return true;
	return misfit(c, s, len, "is larger than any double");
}

/* Check the name at the current position, below NODE, and add it to the path; *RET is its own node. */
static bool check_name(struct infer_check *c, struct infer_node *node, struct infer_node **ret)
{
	const char *name;
	size_t len;
	bool ok = true;

	infer_take_name(&c->r, &name, &len);
	*ret = node ? infer_child(node, name, len) : NULL;
	if (!*ret && c->names.refused) {
		strbuf_clear(&c->r.in->misfit);
		ok = infer_name_check(&c->names, node, &c->path, name, len, &c->r.in->misfit) == 0;
	}
	schema_name_print(name, len, &c->path);
	infer_skip_blanks(&c->r);
	c->r.p++; /* the colon */
	return ok;
}

/* Check the members of an object, or the elements of an array, which ends with END; NODE as check_value(). */
static bool check_nested(struct infer_check *c, struct infer_node *node, char end)
{
	struct infer_record *r = &c->r;
	size_t before = c->path.len;
	bool ok = true;

	r->p++;
	r->depth++;
	for (infer_skip_blanks(r); ok && *r->p != end; infer_skip_blanks(r)) {
		if (*r->p == ',')
			r->p++;
		infer_skip_blanks(r);
		if (before)
			strbuf_addch(&c->path, '.');
		struct infer_node *below = node ? node->element : NULL;
		if (end == '}')
			ok = check_name(c, node, &below);
		else
			strbuf_addstr(&c->path, "element");
		ok = ok && check_value(c, below);
		strbuf_setlen(&c->path, before);
	}
	r->p++;
	r->depth--;
	return ok;
}

/* Check the value at the current position, of NODE; NULL: no record before had it. */
static bool check_value(struct infer_check *c, struct infer_node *node)
{
	struct infer_record *r = &c->r;

	infer_skip_blanks(r);
	bool nested = *r->p == '{' || *r->p == '[';
	if (nested && r->depth >= SCHEMA_MAX_DEPTH) {
		infer_skip_nested(r);
		return true;
	}
	if (nested)
		return check_nested(c, node, *r->p == '{' ? '}' : ']');
	return *r->p == '"' ? check_string(c) : check_word(c);
}

int infer_check(const struct infer_record *record)
{
	struct infer_check c = {.r = *record, .path = STRBUF_INIT, .names.refused = record->in->refused};
	bool ok = check_value(&c, &record->in->root);

	strbuf_release(&c.path);
	infer_names_release(&c.names);
	return ok ? 0 : -ERANGE;
}
