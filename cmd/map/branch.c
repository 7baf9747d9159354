/* Objects as trees: see branch.h. */
#include "cmd/map/branch.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json_scan.h"
#include "common/data/name_index.h"
#include "common/data/value_out.h"

enum { FEW = 16 }; /* members, which are compared one by one */
#define NONE UINT32_MAX

struct branch_member {
	const char *name; /* without escapes */
	size_t name_len;
	const char *lead; /* what stands before the value, name and all; NULL: it is new */
	size_t lead_len;
	const char *tail; /* white space after it */
	size_t tail_len;
	const char *s; /* its JSON, unless */
	size_t len;
	struct branch *object; /* members were put into it */
	uint32_t older;        /* the member before it with its name; NONE: there is none */
	bool gone;
};

struct branch {
	struct branch_member *m;
	uint32_t count, cap;
	struct name_index names; /* once there are more than a few: */
	uint32_t *last;          /* the member, by the number of its name */
};

static uint32_t find(const struct branch *b, const char *name, size_t len)
{
	uint32_t i = b->count;

	if (b->last) {
		const uint32_t number = name_index_find(&b->names, name, len);
		return number == NAME_INDEX_NONE ? NONE : b->last[number];
	}
	while (i && (b->m[i - 1].name_len != len || memcmp(b->m[i - 1].name, name, len) != 0))
		i--;
	return i ? i - 1 : NONE;
}

/* Member I is what its name finds. */
static void enter(struct branch *b, uint32_t i)
{
	bool added;
	const uint32_t number = name_index_add(&b->names, b->m[i].name, b->m[i].name_len, &added);

	if (added && (number & (number - 1)) == 0)
		b->last = xreallocarray(b->last, number ? 2 * (size_t)number : 1, sizeof *b->last);
	b->last[number] = i;
}

static struct branch_member *add(struct branch *b, const char *name, size_t len)
{
	const uint32_t older = find(b, name, len), i = b->count;

	if (b->count == b->cap) {
		b->cap = b->cap ? 2 * b->cap : 4;
		b->m = xreallocarray(b->m, b->cap, sizeof *b->m);
	}
	b->m[b->count++] = (struct branch_member){.name = name, .name_len = len, .tail = "", .older = older};
	if (b->last)
		enter(b, i);
	else if (b->count > FEW)
		for (uint32_t k = 0; k < b->count; k++)
			enter(b, k);
	return &b->m[i];
}

struct branch *branch_new(struct row *row, const char *s, size_t len)
{
	struct branch *b = xcalloc(1, sizeof *b);
	struct strbuf text = STRBUF_INIT;
	struct json_scan scan;
	struct json_item item;
	size_t name_len;

	json_scan_begin(&scan, s, len);
	while (json_scan_next(&scan, &item)) {
		const char *name = json_scan_name(&item, &text, &name_len);
		if (name == text.s && name_len)
			name = memcpy(row_room(row, name_len), name, name_len);
		struct branch_member *m = add(b, name_len ? name : "", name_len);
		m->lead = item.start;
		m->lead_len = (size_t)(item.s - item.start);
		m->s = item.s;
		m->len = item.len;
		m->tail = item.s + item.len;
		m->tail_len = (size_t)(item.stop - m->tail);
	}
	strbuf_release(&text);
	return b;
}

/* M's members can be added to.  False: it is neither an object nor null. */
static bool open_member(struct branch_member *m, struct row *row)
{
	if (m->object)
		return true;
	if (m->s && *m->s != '{' && *m->s != 'n')
		return false;
	m->object = m->s && *m->s == '{' ? branch_new(row, m->s, m->len) : xcalloc(1, sizeof *m->object);
	return true;
}

bool branch_put(
	struct branch *b, struct row *row, const struct path_step *steps, size_t count, const char *s, size_t len)
{
	const uint32_t there = find(b, steps->name, steps->len);
	struct branch_member *m = there == NONE ? add(b, steps->name, steps->len) : &b->m[there];

	if (count > 1 && (!open_member(m, row) || !branch_put(m->object, row, steps + 1, count - 1, s, len)))
		return false;
	if (count == 1) {
		if (m->object || (m->s && *m->s != 'n'))
			return false;
		m->s = s;
		m->len = len;
	}
	for (uint32_t i = m->older; i != NONE; i = b->m[i].older)
		b->m[i].gone = true;
	m->older = NONE;
	return true;
}

void branch_write(const struct branch *b, struct strbuf *out)
{
	char before = '{';

	for (uint32_t i = 0; i < b->count; i++) {
		const struct branch_member *m = &b->m[i];
		if (m->gone)
			continue;
		strbuf_addch(out, before);
		before = ',';
		if (m->lead) {
			strbuf_add(out, m->lead, m->lead_len);
		} else {
			value_add_name(out, m->name, m->name_len);
			strbuf_addch(out, ':');
		}
		if (m->object)
			branch_write(m->object, out);
		else
			strbuf_add(out, m->s, m->len);
		strbuf_add(out, m->tail, m->tail_len);
	}
	if (before == '{')
		strbuf_addch(out, before);
	strbuf_addch(out, '}');
}

void branch_free(struct branch *b)
{
	if (!b)
		return;
	for (uint32_t i = 0; i < b->count; i++)
		branch_free(b->m[i].object);
	name_index_release(&b->names);
	free(b->last);
	free(b->m);
	free(b);
}
