/* Writes a JSON record with its changes; the record is known to be valid, so only the necessary checks are made. */
#include <stdlib.h>
#include <string.h>

#include "cmd/clean/doc.h"
#include "common/base/alloc.h"
#include "common/base/ascii.h"
#include "common/data/json_text.h"
#include "common/data/jsonout.h"

struct member {
	const char *start;       /* after '{' or ',' */
	const char *key;         /* its quote; NULL for an element */
	const char *value, *end; /* of the value */
	const char *stop;        /* the ',' or '}' after it */
	struct node *node;       /* the node that it belongs to, or NULL */
};

static const char *skip_blanks(const char *p)
{
	while (ascii_is_blank(*p))
		p++;
	return p;
}

/* After the string whose quote is at P. */
static const char *skip_string(const char *p)
{
	for (p++; *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p + 1;
}

/* After the value at P, not beyond END. */
static const char *skip_value(const char *p, const char *end)
{
	int depth = 0;
	if (*p == '"')
		return skip_string(p);
	if (*p != '{' && *p != '[') {
		while (p < end && *p != ',' && *p != '}' && *p != ']' && !ascii_is_blank(*p))
			p++;
		return p;
	}
	do {
		if (*p == '"') {
			p = skip_string(p);
			continue;
		}
		depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
		p++;
	} while (depth);
	return p;
}

/* The child of NODE for the key between the quotes at KEY and END. */
static struct node *find_child(const struct node *node, const char *key, const char *end)
{
	char small[256], *text = NULL;
	const char *s = key + 1;
	size_t len = (size_t)(end - key) - 2, lone;
	if (memchr(s, '\\', len)) {
		text = len <= sizeof small ? small : xmalloc(len);
		if (json_unescape(text, s, len, &len, &lone) < 0)
			len = 0; /* cannot happen: the record is known to be valid */
		s = text;
	}
	struct node *c = node_find(node, s, len);
	if (text != small)
		free(text);
	return c;
}

static struct member *add_member(struct doc *d)
{
	if (d->member_count == d->member_cap) {
		d->member_cap = d->member_cap ? d->member_cap * 2 : 64;
		d->members = xreallocarray(d->members, d->member_cap, sizeof *d->members);
	}
	return &d->members[d->member_count++];
}

/* List the members of the object or array at P, which end at END at the latest; returns after its bracket. */
static const char *list_members(struct doc *d, const struct node *node, const char *p, const char *end)
{
	bool object = *p == '{';
	uint32_t index = 0;
	p++;
	for (;;) {
		const char *start = p;
		p = skip_blanks(p);
		if (*p == '}' || *p == ']') /* it is empty */
			return p + 1;
		struct member *m = add_member(d);
		*m = (struct member){.start = start};
		if (object) {
			m->key = p;
			p = skip_string(p);
			m->node = find_child(node, m->key, p);
			p = skip_blanks(skip_blanks(p) + 1);
		} else {
			m->node = node_find_element(node, index++);
		}
		m->value = p;
		m->end = p = skip_value(p, end);
		m->stop = p = skip_blanks(p);
		if (m->node) {
			m->node->seen = d->serial;
			m->node->member = m->start;
		}
		if (*p++ != ',')
			return p;
	}
}

/* Whether a rule has set a value below N; with EARLY, a rule before `keep`. */
static bool any_set(const struct doc *d, const struct node *n, bool early)
{
	for (const struct node *c = n->child; c; c = c->sibling) {
		const struct field_edit *cell = c->cell < 0 ? NULL : &d->cells[c->cell];
		if (cell && cell->state == CELL_SET && !cell->written && !(early && cell->late))
			return true;
		if (any_set(d, c, early))
			return true;
	}
	return false;
}

static bool fail(struct doc *d)
{
	d->problem = "a member can be put into an object only";
	return false;
}

static void separate(struct doc *d, bool *first)
{
	if (!*first)
		strbuf_addch(&d->out, ',');
	*first = false;
}

static void put_name(struct doc *d, const struct node *n)
{
	char *p = strbuf_grow(&d->out, JSONOUT_MAX(n->len) + 1);
	char *end = jsonout_string(p, n->name, n->len);
	*end++ = ':';
	strbuf_extend(&d->out, (size_t)(end - p));
}

static void put_cell(struct doc *d, struct field_edit *c)
{
	strbuf_add(&d->out, c->v.raw, c->v.raw_len);
	c->written = true;
}

/* Write the members that rules have added to NODE's object and that were not written yet. */
static void put_new(struct doc *d, const struct node *node, bool *first)
{
	for (struct node *c = node->child; c; c = c->sibling) {
		struct field_edit *cell = c->cell < 0 ? NULL : &d->cells[c->cell];
		bool set = cell && cell->state == CELL_SET;
		bool exists = c->seen == d->serial && !(cell && cell->state == CELL_GONE);
		if (!c->name || (set && cell->written) || (!set && (exists || !any_set(d, c, false))))
			continue;
		separate(d, first);
		put_name(d, c);
		if (set) {
			put_cell(d, cell);
			continue;
		}
		bool inner = true;
		strbuf_addch(&d->out, '{');
		put_new(d, c, &inner);
		strbuf_addch(&d->out, '}');
	}
}

static bool put_container(struct doc *d, struct node *node, const char *p, const char *end, bool copy);

/* Write the value of M, which was not changed itself; something below it may have changed.  False: d->problem. */
static bool put_value(struct doc *d, const struct member *m, bool copy)
{
	struct node *node = m->node;
	copy |= node->keep;
	bool container = *m->value == '{' || *m->value == '[';
	if (!node->child || (!container && !any_set(d, node, false))) {
		strbuf_add(&d->out, m->value, (size_t)(m->end - m->value));
		return true;
	}
	if (container)
		return put_container(d, node, m->value, m->end, copy);
	if (*m->value != 'n')
		return fail(d);
	bool first = true;
	strbuf_addch(&d->out, '{');
	put_new(d, node, &first);
	strbuf_addch(&d->out, '}');
	return true;
}

/*
 * Leave out a member that `keep` removes.  Rules after it may have added values below the member; values from rules
 * before it are an error.
 */
static bool leave_out(struct doc *d, const struct member *m)
{
	m->node->seen = 0;
	return *m->value == '{' || *m->value == 'n' || !any_set(d, m->node, true) || fail(d);
}

/* Write a member that a rule names; nothing when it is removed. */
static bool put_member(struct doc *d, const struct member *m, bool copy, bool *first)
{
	struct field_edit *c = m->node->cell < 0 ? NULL : &d->cells[m->node->cell];
	if (m->key && m->node->member != m->start)
		return true; /* of several members with the same name the last one counts */
	if (c && (c->state == CELL_GONE || c->moved_to >= 0)) {
		int to = doc_stands_in(d, m->node->cell);
		if (to < 0 || d->cells[to].node->parent != m->node->parent)
			return true;
		separate(d, first);
		strbuf_add(&d->out, m->start, (size_t)(m->key - m->start));
		put_name(d, d->cells[to].node);
		put_cell(d, &d->cells[to]);
		strbuf_add(&d->out, m->end, (size_t)(m->stop - m->end));
		return true;
	}
	/* With `keep`, a member that leads to a kept one must be an object, and a cell that was not kept is removed. */
	if (!copy && !m->node->keep && !(c && c->state == CELL_SET) && (!m->node->leads || *m->value != '{'))
		return leave_out(d, m);
	separate(d, first);
	strbuf_add(&d->out, m->start, (size_t)(m->value - m->start));
	if (c && c->state == CELL_SET)
		put_cell(d, c);
	else if (!put_value(d, m, copy))
		return false;
	strbuf_add(&d->out, m->end, (size_t)(m->stop - m->end));
	return true;
}

/* Write the object or array at P; COPY: with members that no rule names. */
static bool put_container(struct doc *d, struct node *node, const char *p, const char *end, bool copy)
{
	size_t from = d->member_count;
	bool first = true, object = *p == '{';
	const char *stop = list_members(d, node, p, end);
	size_t to = d->member_count;
	strbuf_addch(&d->out, *p);
	for (size_t i = from; i < to; i++) {
		struct member m = d->members[i]; /* a copy, because the list may move */
		if (m.node) {
			if (!put_member(d, &m, copy || !object, &first))
				return false;
		} else if (copy || !object) {
			separate(d, &first);
			strbuf_add(&d->out, m.start, (size_t)(m.stop - m.start));
		}
	}
	if (object)
		put_new(d, node, &first);
	strbuf_addch(&d->out, stop[-1]);
	d->member_count = from;
	return true;
}

bool edit_json(struct doc *d)
{
	const char *end = d->rec + d->len, *p = d->rec;
	strbuf_clear(&d->out);
	d->member_count = 0;
	while (p < end && ascii_is_blank(*p))
		p++;
	if (*p != '{' && *p != '[') {
		d->problem = "the record is not an object";
		return false;
	}
	strbuf_add(&d->out, d->rec, (size_t)(p - d->rec));
	if (!put_container(d, &d->root, p, end, !d->kept))
		return false;
	if (any_set(d, &d->root, false)) /* a new member in an array, or in a scalar */
		return fail(d);
	for (p = end; ascii_is_blank(p[-1]); p--)
		;
	strbuf_add(&d->out, p, (size_t)(end - p));
	return true;
}
