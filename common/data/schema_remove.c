/* Schemas with fewer columns: see schema_remove.h. */
#include "common/data/schema_remove.h"

#include <string.h>

void schema_remove(struct schema *s, const char *name)
{
	struct schema_field *root = &s->root, *f = schema_child(root, name, strlen(name));
	if (!f)
		return;
	size_t i = (size_t)(f - root->children);
	schema_field_release(f);
	memmove(f, f + 1, (root->count - i - 1) * sizeof *f);
	root->count--;
}
