/* Schemas of Delta tables: see delta_open.h. */
#include "delta_open.h"

#include <errno.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/data/schema_delta.h"
#include "common/data/schema_remove.h"
#include "common/data/schema_text.h"
#include "common/lake/delta_meta.h"
#include "common/lake/layout.h"
#include "delta_parts.h"
#include "options.h"

void delta_schema_release(struct delta_schema *s)
{
	schema_release(&s->all);
	schema_release(&s->files);
	schema_release(&s->rows);
	json_decref(s->protocol);
	json_decref(s->meta);
}

/* Make ROWS, the columns of records, of ALL. */
static void make_rows(const struct layout *layout, const struct schema *all, struct schema *rows)
{
	schema_copy(rows, all);
	for (size_t i = 0; i < layout->count; i++)
		if (delta_parts_made(layout, i))
			schema_remove(rows, layout->columns[i]);
}

/* Check that the partition column NR of --partition-by has in ALL, the table's columns, the type that it makes. */
static int check_type(const struct layout *layout, size_t nr, const struct schema *all, struct strbuf *err)
{
	struct schema_field column;
	struct strbuf type = STRBUF_INIT;
	const struct schema_field *f = schema_child(&all->root, layout->columns[nr], strlen(layout->columns[nr]));
	int r = delta_parts_column(layout, nr, &all->root, &column, err);
	if (r == 0 && (!f || f->type != column.type)) {
		schema_print_type(&column, &type);
		strbuf_addf(err, "the table's column '%s' is not %s, as --partition-by '%s' makes it",
			layout->columns[nr], type.s, layout->text);
		r = -EINVAL;
	}
	strbuf_release(&type);
	return r;
}

/* The partition columns of the table must be those of --partition-by. */
static int check_columns(const struct table_place *place, const struct schema *all, struct strbuf *err)
{
	json_t *columns = delta_meta_columns(place->log);
	const struct layout *layout = place->layout;
	bool same = json_array_size(columns) == layout->count;
	int r = 0;
	for (size_t i = 0; same && i < layout->count; i++) {
		const char *name = json_string_value(json_array_get(columns, i));
		same = name && strcmp(name, layout->columns[i]) == 0;
	}
	for (size_t i = 0; r == 0 && same && i < layout->count; i++)
		r = check_type(layout, i, all, err);
	if (same)
		return r;
	strbuf_addf(err, "the table '%s' is partitioned by ", place->store->url);
	for (size_t i = 0; i < json_array_size(columns); i++) {
		const char *name = json_string_value(json_array_get(columns, i));
		strbuf_addf(err, "%s'%s'", i ? ", " : "", name ? name : "?");
	}
	strbuf_addf(err, "%s, which --partition-by '%s' does not give", json_array_size(columns) ? "" : "nothing",
		layout->text ? layout->text : "");
	return -EINVAL;
}

void delta_name_table(const struct table_place *place, struct strbuf *out)
{
	if (place->pool)
		strbuf_addf(out, "'%s': ", place->store->url);
}

/* Print the new column F of the table in PLACE, whose schema is S. REQUIRED: `not null` was given for it. */
static void tell_column(
	const struct table_place *place, const struct schema *s, const struct schema_field *f, bool required)
{
	struct strbuf text = STRBUF_INIT;
	delta_name_table(place, &text);
	strbuf_addstr(&text, "the table gets a new column: ");
	schema_path(s, f, &text);
	strbuf_addch(&text, ' ');
	schema_print_type(f, &text);
	warn("%s%s", text.s, required ? "; it may be null, as new columns always may" : "");
	strbuf_release(&text);
}

/* Print the fields that NOW, of the schema S, has in addition to those of BEFORE; they come from SEEN. */
static void tell_new(const struct table_place *place, const struct schema *s, const struct schema_field *before,
	const struct schema_field *now, const struct schema_field *seen)
{
	for (size_t i = 0; i < now->count; i++) {
		const struct schema_field *f = &now->children[i], *b = schema_child(before, f->name, strlen(f->name)),
					  *g = seen ? schema_child(seen, f->name, strlen(f->name)) : NULL;
		if (b)
			tell_new(place, s, b, f, g);
		else
			tell_column(place, s, f, g && g->required);
	}
}

int delta_schema_extend(const struct table_place *place, struct delta_schema *s, const struct schema *seen,
	struct schema *ret_rows, struct strbuf *err)
{
	struct schema all;
	schema_copy(&all, &s->all);
	int r = schema_extend(&all, seen, err), added = r;
	if (r > 0 && !schema_delta_creatable(&all, err))
		r = -EINVAL;
	if (r <= 0) {
		schema_release(&all);
		return r < 0 ? -EINVAL : 0;
	}
	tell_new(place, &all, &s->all.root, &all.root, &seen->root);
	make_rows(place->layout, &all, ret_rows);
	json_t *meta = delta_meta_change(s->meta ? s->meta : place->log->delta.meta, &all);
	json_decref(s->meta);
	s->meta = meta;
	schema_release(&s->all);
	s->all = all;
	return added;
}

/* Add to the table the columns that only GIVEN has. */
static int add_given(
	const struct table_place *place, struct delta_schema *s, const struct schema *given, struct strbuf *err)
{
	struct schema rows;
	int r = delta_schema_extend(place, s, given, &rows, err);
	if (r == 0) /* a partition column */
		strbuf_addstr(err, "it names a partition column");
	if (r <= 0)
		return -EINVAL;
	schema_release(&s->rows);
	s->rows = rows;
	return 0;
}

/* For a table that exists: use its own schema.  If one is given as well, it must agree. */
static int open_old(
	const struct table_place *place, const struct schema *given, struct delta_schema *ret, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = delta_meta_schema(place->log, &ret->all, err);
	if (r == 0)
		r = check_columns(place, &ret->all, err);
	if (r == 0)
		make_rows(place->layout, &ret->all, &ret->rows);
	int agrees = r == 0 && given->root.count ? schema_compatible(&ret->rows, given, &why) : 0;
	if (agrees == -ENOENT && opts.on_new == SHRED_NEW_ADD) {
		strbuf_clear(&why);
		agrees = add_given(place, ret, given, &why);
	}
	if (agrees < 0) {
		strbuf_addf(err, "--schema does not agree with the table '%s': %s", place->store->url, why.s);
		r = -EINVAL;
	}
	ret->version = place->log->delta.version;
	strbuf_release(&why);
	return r;
}

/* For a new table: its columns are those GIVEN and the partition columns that are made. */
static int open_new(
	const struct table_place *place, const struct schema *given, struct delta_schema *ret, struct strbuf *err)
{
	const struct layout *layout = place->layout;
	schema_copy(&ret->rows, given);
	schema_copy(&ret->all, given);
	int r = 0;
	for (size_t i = 0; r == 0 && i < layout->count; i++) {
		struct schema_field column;
		r = delta_parts_column(layout, i, &given->root, &column, err);
		if (r == 0 && delta_parts_made(layout, i))
			r = schema_add(&ret->all, &ret->all.root, &column, err);
	}
	if (r == 0)
		r = delta_meta_new(&ret->all, place->layout->columns, place->layout->count, clock_epoch_ms(),
			&ret->protocol, &ret->meta, err);
	ret->version = -1;
	return r == -EEXIST ? -EINVAL : r;
}

int delta_schema_open(
	const struct table_place *place, const struct schema *given, struct delta_schema *ret, struct strbuf *err)
{
	int r = -EINVAL;
	*ret = (struct delta_schema){.version = -1};
	schema_init(&ret->rows);
	schema_init(&ret->files);
	schema_init(&ret->all);
	if (place->log->version >= 0)
		r = open_old(place, given, ret, err);
	else if (given->root.count)
		r = open_new(place, given, ret, err);
	else
		strbuf_addf(err, "'%s' is a new table, which needs --schema, or --infer above 0", place->store->url);
	if (r == 0)
		schema_copy(&ret->files, &ret->all);
	return r;
}
