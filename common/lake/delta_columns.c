/* The columns of a Delta table: see delta_columns.h. */
#include "common/lake/delta_columns.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/schema_delta.h"
#include "common/lake/json_in.h"

#define MAPPING "delta.columnMapping."

static int by_id(const void *a, const void *b)
{
	const struct delta_name *x = a, *y = b;
	return x->id < y->id ? -1 : x->id > y->id;
}

static void add_name(struct delta_columns *c, int id, const char *name)
{
	if (c->count == c->cap) {
		c->cap = c->cap ? 2 * c->cap : 16;
		c->names = xreallocarray(c->names, c->cap, sizeof *c->names);
	}
	c->names[c->count++] = (struct delta_name){id, xstrdup(name)};
}

/* Note what the metadata of the fields below PARENT say. */
static int map_fields(struct delta_columns *c, struct schema_field *parent, struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < parent->count; i++) {
		struct schema_field *f = &parent->children[i];
		json_t *metadata = f->metadata ? json_loads(f->metadata, 0, NULL) : NULL;
		const char *name = text_in(metadata, MAPPING "physicalName");
		int64_t id = number_in(metadata, MAPPING "id");
		bool bad = parent->type == SCHEMA_STRUCT && (!name || !*name || (c->by_id && (id < 1 || id > INT_MAX)));
		if (c->by_id && !bad && id > 0)
			f->id = (int)id;
		if (name && !bad)
			add_name(c, f->id, name);
		json_decref(metadata);
		if (bad) {
			strbuf_addf(err, "column '%s' has no physical name or id, which column mapping needs", f->name);
			return -EBADMSG;
		}
		r = map_fields(c, f, err);
	}
	return r;
}

/* Take the physical names of the partition columns that META names. */
static int read_partition(struct delta_columns *c, json_t *meta, struct strbuf *err)
{
	size_t i;
	json_t *column;
	c->partition = json_array();
	json_array_foreach(json_object_get(meta, "partitionColumns"), i, column)
	{
		const char *name = json_string_value(column);
		const struct schema_field *f = name ? schema_child(&c->schema.root, name, strlen(name)) : NULL;
		if (!f || schema_has_children(f->type)) {
			strbuf_addf(err, "the partition column '%s' is not a column that can be one", name ? name : "");
			return -EBADMSG;
		}
		json_array_append_new(c->partition, json_string(delta_columns_name(c, f)));
	}
	return 0;
}

int delta_columns_read(json_t *meta, struct delta_columns *ret, struct strbuf *err)
{
	const char *json = text_in(meta, "schemaString");
	const char *mode = text_in(json_object_get(meta, "configuration"), MAPPING "mode");
	*ret = (struct delta_columns){0};
	schema_init(&ret->schema);
	int r = schema_from_delta(&ret->schema, json ? json : "", json ? strlen(json) : 0, err);
	r = r == -EINVAL ? -EBADMSG : r;
	ret->widened = json && strstr(json, "\"delta.typeChanges\"");
	ret->by_id = mode && strcmp(mode, "id") == 0;
	if (r == 0 && mode && (ret->by_id || strcmp(mode, "name") == 0)) {
		r = map_fields(ret, &ret->schema.root, err);
	} else if (r == 0 && mode && strcmp(mode, "none") != 0) {
		strbuf_addf(err, "it has a column mapping that is not known here: '%s'", mode);
		r = -ENOTSUP;
	}
	if (ret->count)
		qsort(ret->names, ret->count, sizeof *ret->names, by_id);
	return r == 0 ? read_partition(ret, meta, err) : r;
}

void delta_columns_release(struct delta_columns *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->names[i].name);
	free(c->names);
	schema_release(&c->schema);
	json_decref(c->partition);
	*c = (struct delta_columns){0};
}

const char *delta_columns_name(void *arg, const struct schema_field *field)
{
	const struct delta_columns *c = arg;
	const struct delta_name key = {.id = field->id}, *found = NULL;
	if (c->count)
		found = bsearch(&key, c->names, c->count, sizeof *c->names, by_id);
	return found ? found->name : field->name;
}

bool delta_columns_partitioned(const struct delta_columns *c, const struct schema_field *field)
{
	size_t i;
	json_t *column;
	/* the callback does not change what it is given */
	const char *name = delta_columns_name((void *)(uintptr_t)c, field);
	json_array_foreach(c->partition, i, column)
	{
		if (strcmp(json_string_value(column), name) == 0)
			return true;
	}
	return false;
}
