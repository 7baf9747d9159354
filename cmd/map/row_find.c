/* Finds members by their names: see row.h. */
#include <stdlib.h>
#include <string.h>

#include "cmd/map/row.h"
#include "common/base/alloc.h"

/*
 * A record with fewer members is searched from its end, as most have few.  One with more gets an index when as much was
 * compared as making it costs: with 20,000 members `keep` of all did not end in
 * ten minutes.
 */
enum {
	MANY = 64,
	WORTH = 8, /* times its members */
};

static bool is_called(const struct row_member *m, const char *name, size_t len)
{
	return !m->gone && m->name && m->name_len == len && memcmp(m->name, name, len) == 0;
}

static uint32_t *chain(const struct row_index *x, const char *name, size_t len)
{
	return &x->heads[hash_bytes(&x->seed, name, len) & (x->size - 1)];
}

/* Member number I is in its chain, which goes from the last one to the first one. */
static void enter(struct row_index *x, uint32_t i, const char *name, size_t len)
{
	uint32_t *at = chain(x, name, len);

	while (*at > i)
		at = &x->befores[*at - 1];
	x->befores[i] = *at;
	*at = i + 1;
}

static void leave(struct row_index *x, uint32_t i, const char *name, size_t len)
{
	uint32_t *at = chain(x, name, len);

	while (*at && *at != i + 1)
		at = &x->befores[*at - 1];
	if (*at)
		*at = x->befores[i];
}

static void make_room(struct row_index *x, size_t count)
{
	if (!x->seeded) /* without random numbers it is still right */
		(void)!hash_seed_random(&x->seed);
	x->seeded = true;
	if (x->cap < count) {
		while (x->cap < count)
			x->cap = x->cap ? 2 * x->cap : 2 * MANY;
		x->befores = xreallocarray(x->befores, x->cap, sizeof *x->befores);
	}
	if (x->size < count) {
		x->size = x->cap;
		x->heads = xreallocarray(x->heads, x->size, sizeof *x->heads);
		x->count = 0;
	}
	if (!x->count)
		memset(x->heads, 0, x->size * sizeof *x->heads);
}

/* Whether there is an index, with all members. */
static bool indexed(struct row *row)
{
	struct row_index *x = &row->index;

	if (row->count < MANY || row->count >= UINT32_MAX)
		return false;
	if (!x->count && x->compared < WORTH * row->count)
		return false;
	if (x->count < row->count)
		make_room(x, row->count);
	for (; x->count < row->count; x->count++) {
		const struct row_member *m = &row->m[x->count];
		if (m->name)
			enter(x, (uint32_t)x->count, m->name, m->name_len);
	}
	return true;
}

struct row_member *row_find_before(struct row *row, const char *name, size_t len, size_t before)
{
	if (indexed(row)) {
		uint32_t *at = chain(&row->index, name, len);
		while (*at && (*at > before || !is_called(&row->m[*at - 1], name, len))) {
			uint32_t *next = &row->index.befores[*at - 1];
			if (row->m[*at - 1].gone) /* of 80,000 members with one name each would pass all before it */
				*at = *next;
			else
				at = next;
		}
		return *at ? &row->m[*at - 1] : NULL;
	}
	size_t i = before;
	while (i && !is_called(&row->m[i - 1], name, len))
		i--;
	row->index.compared += before - i;
	return i ? &row->m[i - 1] : NULL;
}

struct row_member *row_find_name(struct row *row, const char *name, size_t len)
{
	return row_find_before(row, name, len, row->count); /* of several, the last one counts */
}

struct row_member *row_find(struct row *row, const struct expr_field *field)
{
	if (field->column)
		return field->column <= row->count && !row->m[field->column - 1].gone ? &row->m[field->column - 1]
										      : NULL;
	if (!field->path.count || !field->path.steps[0].name)
		return NULL;
	return row_find_name(row, field->path.steps[0].name, field->path.steps[0].len);
}

void row_find_renamed(struct row *row, struct row_member *m, const char *name, size_t len)
{
	const uint32_t i = (uint32_t)(m - row->m);

	if (i < row->index.count) {
		if (m->name)
			leave(&row->index, i, m->name, m->name_len);
		enter(&row->index, i, name, len);
	}
	m->name = name;
	m->name_len = len;
}

void row_find_forget(struct row *row)
{
	row->index.count = row->index.compared = 0;
}

void row_find_release(struct row *row)
{
	free(row->index.heads);
	free(row->index.befores);
	row->index = (struct row_index){0};
}
