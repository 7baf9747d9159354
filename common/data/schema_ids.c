/* Schemas: the ids of fields.  See schema_impl.h. */
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/data/schema_impl.h"

void schema_give_ids(struct schema_field *f, int *last_id)
{
	for (size_t i = 0; i < f->count; i++) {
		if (!f->children[i].id)
			f->children[i].id = ++*last_id;
		schema_give_ids(&f->children[i], last_id);
	}
}

static int compare(const void *a, const void *b)
{
	const int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

static void collect(const struct schema_field *f, int *ids, size_t *n)
{
	for (size_t i = 0; i < f->count; i++) {
		if (f->children[i].id)
			ids[(*n)++] = f->children[i].id;
		collect(&f->children[i], ids, n);
	}
}

int schema_take_ids(struct schema *s)
{
	int *ids = xcalloc(schema_field_count(&s->root), sizeof(*ids)), twice = 0;
	size_t n = 0;

	collect(&s->root, ids, &n);
	if (n)
		qsort(ids, n, sizeof(*ids), compare);
	for (size_t i = 1; !twice && i < n; i++)
		twice = ids[i] == ids[i - 1] ? ids[i] : 0;
	s->last_id = n ? ids[n - 1] : 0;
	free(ids);
	return twice;
}
