/* Schemas: their memory, and finding fields.  See schema.h. */
#include "common/data/schema.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/schema_impl.h"
#include "common/data/schema_name.h"

void schema_init(struct schema *s)
{
	*s = (struct schema){.root = {.type = SCHEMA_STRUCT, .required = true}};
}

void schema_field_release(struct schema_field *f)
{
	for (size_t i = 0; i < f->count; i++)
		schema_field_release(&f->children[i]);
	free(f->children);
	free(f->name);
	free(f->comment);
	free(f->metadata);
	*f = (struct schema_field){0};
}

void schema_release(struct schema *s)
{
	schema_field_release(&s->root);
	schema_init(s);
}

struct schema_field *schema_field_append(struct schema_field *parent)
{
	/* a power of two is full */
	if (!(parent->count & (parent->count - 1)))
		parent->children = xreallocarray(
			parent->children, parent->count ? 2 * parent->count : 1, sizeof(*parent->children));
	parent->children[parent->count] = (struct schema_field){0};
	return &parent->children[parent->count++];
}

void schema_field_copy(struct schema_field *dst, const struct schema_field *src)
{
	*dst = *src;
	dst->name = src->name ? xstrdup(src->name) : NULL;
	dst->comment = src->comment ? xstrdup(src->comment) : NULL;
	dst->metadata = src->metadata ? xstrdup(src->metadata) : NULL;
	dst->children = NULL;
	dst->count = 0;
	for (size_t i = 0; i < src->count; i++)
		schema_field_copy(schema_field_append(dst), &src->children[i]);
}

void schema_copy(struct schema *dst, const struct schema *src)
{
	schema_field_copy(&dst->root, &src->root);
	dst->last_id = src->last_id;
}

size_t schema_field_count(const struct schema_field *f)
{
	size_t n = f->count;

	for (size_t i = 0; i < f->count; i++)
		n += schema_field_count(&f->children[i]);
	return n;
}

int schema_field_depth(const struct schema_field *f)
{
	int most = 0;

	for (size_t i = 0; i < f->count; i++) {
		int depth = schema_field_depth(&f->children[i]);
		most = depth > most ? depth : most;
	}
	return most + 1;
}

static bool is_same_type(const struct schema_field *a, const struct schema_field *b)
{
	return a->type == b->type && a->required == b->required && a->precision == b->precision &&
	       a->scale == b->scale && a->bits == b->bits && a->count == b->count;
}

static bool is_equal(const struct schema_field *a, const struct schema_field *b)
{
	if (!is_same_type(a, b))
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->children[i].name, b->children[i].name) != 0 ||
			!is_equal(&a->children[i], &b->children[i]))
			return false;
	return true;
}

bool schema_equal(const struct schema *a, const struct schema *b)
{
	return is_equal(&a->root, &b->root);
}

struct schema_field *schema_child(const struct schema_field *parent, const char *name, size_t len)
{
	for (size_t i = 0; i < parent->count; i++)
		if (strlen(parent->children[i].name) == len && memcmp(parent->children[i].name, name, len) == 0)
			return &parent->children[i];
	return NULL;
}

/* Append the path below PARENT to FIELD; false: it is not there. */
static bool add_path(const struct schema_field *parent, const struct schema_field *field, struct strbuf *out)
{
	for (size_t i = 0; i < parent->count; i++) {
		const struct schema_field *child = &parent->children[i];
		size_t before = out->len;
		if (before)
			strbuf_addch(out, '.');
		schema_name_print(child->name, strlen(child->name), out);
		if (child == field || add_path(child, field, out))
			return true;
		strbuf_setlen(out, before);
	}
	return false;
}

void schema_path(const struct schema *s, const struct schema_field *field, struct strbuf *out)
{
	struct strbuf path = STRBUF_INIT;

	(void)add_path(&s->root, field, &path);
	strbuf_add(out, path.s, path.len);
	strbuf_release(&path);
}
