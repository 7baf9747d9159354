/* Schemas of Delta tables: see delta_open.h. */
#include "delta_open.h"

#include <errno.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/lake/delta_meta.h"
#include "common/lake/layout.h"

void delta_schema_release(struct delta_schema *s)
{
	schema_release(&s->rows);
	json_decref(s->protocol);
	json_decref(s->meta);
}

/* Take the column NAME, a string, out of S; false when there is none. */
static bool take_out(struct schema *s, const char *name)
{
	struct schema_field *root = &s->root, *f = schema_child(root, name, strlen(name));
	if (!f || f->type != SCHEMA_STRING)
		return false;
	size_t i = (size_t)(f - root->children);
	schema_field_release(f);
	memmove(f, f + 1, (root->count - i - 1) * sizeof *f);
	root->count--;
	return true;
}

/* The partition columns of the table have to be those of --partition-by. */
static int check_columns(const struct table_place *place, struct schema *rows, struct strbuf *err)
{
	json_t *columns = delta_meta_columns(place->log);
	const struct layout *layout = place->layout;
	bool same = json_array_size(columns) == layout->count;
	for (size_t i = 0; same && i < layout->count; i++) {
		const char *name = json_string_value(json_array_get(columns, i));
		same = name && strcmp(name, layout->columns[i]) == 0 && take_out(rows, name);
	}
	if (same)
		return 0;
	strbuf_addf(err, "the table '%s' is partitioned by ", place->store->url);
	for (size_t i = 0; i < json_array_size(columns); i++) {
		const char *name = json_string_value(json_array_get(columns, i));
		strbuf_addf(err, "%s'%s'", i ? ", " : "", name ? name : "?");
	}
	strbuf_addf(err, "%s, which --partition-by '%s' does not give", json_array_size(columns) ? "" : "nothing",
		layout->text ? layout->text : "");
	return -EINVAL;
}

/* A table that is there gives its own schema; one that is given as well has to agree. */
static int open_old(
	const struct table_place *place, const struct schema *given, struct delta_schema *ret, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = delta_meta_schema(place->log, &ret->rows, err);
	if (r == 0)
		r = check_columns(place, &ret->rows, err);
	if (r == 0 && given->root.count && schema_compatible(&ret->rows, given, &why) < 0) {
		strbuf_addf(err, "--schema does not agree with the table '%s': %s", place->store->url, why.s);
		r = -EINVAL;
	}
	ret->version = place->log->delta.version;
	strbuf_release(&why);
	return r;
}

/* A new table has the columns GIVEN and, as strings, those of the partitions. */
static int open_new(
	const struct table_place *place, const struct schema *given, struct delta_schema *ret, struct strbuf *err)
{
	struct schema all;
	schema_copy(&ret->rows, given);
	schema_copy(&all, given);
	int r = 0;
	for (size_t i = 0; r == 0 && i < place->layout->count; i++) {
		const struct schema_field column = {.name = place->layout->columns[i], .type = SCHEMA_STRING};
		r = schema_add(&all, &all.root, &column, err);
	}
	if (r == 0)
		r = delta_meta_new(&all, place->layout->columns, place->layout->count, clock_epoch_ms(), &ret->protocol,
			&ret->meta, err);
	schema_release(&all);
	ret->version = -1;
	return r == -EEXIST ? -EINVAL : r;
}

int delta_schema_open(
	const struct table_place *place, const struct schema *given, struct delta_schema *ret, struct strbuf *err)
{
	*ret = (struct delta_schema){.version = -1};
	schema_init(&ret->rows);
	if (place->log->version >= 0)
		return open_old(place, given, ret, err);
	if (given->root.count)
		return open_new(place, given, ret, err);
	strbuf_addf(err, "'%s' is a new table, which needs --schema, or --infer above 0", place->store->url);
	return -EINVAL;
}
