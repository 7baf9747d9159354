/* --where for raw records: see raw_where.h. */
#include "cmd/lake-cat/raw_where.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/lake-cat/hive.h"
#include "common/base/alloc.h"
#include "common/lake/delta_value.h"
#include "common/lake/json_in.h"

/* Values of partitions are texts. */
static const struct schema_field text_field = {.type = SCHEMA_STRING};

/* A callback of prune_tree(): all records of a file have the values of its partition. */
static const struct schema_field *facts_of(void *arg, size_t column, struct prune_facts *ret)
{
	const struct raw_where *w = arg;
	const struct value *v = &w->values[column].v;
	*ret = (struct prune_facts){.rows = 1, .nulls = v->type == VALUE_NULL};
	if (v->type == VALUE_STRING) {
		ret->min.known = ret->min.exact = true;
		ret->min.v.bytes.s = v->s;
		ret->min.v.bytes.len = v->len;
		ret->max = ret->min;
	}
	return &text_field;
}

/* Take the values of a file's partition: 1 when its records may match; 0; -EBADMSG. */
static int may_match(struct raw_where *w, const json_t *values, struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < json_array_size(w->columns); i++) {
		const char *name = json_string_value(json_array_get(w->columns, i));
		r = delta_value_read(&text_field, text_in(values, name ? name : ""), &w->values[i], err);
	}
	for (size_t i = 0; r == 0 && w->where.expr && i < expr_fields(w->where.expr); i++)
		if (w->where.fields[i].column != SIZE_MAX)
			w->where.values[i] = w->values[w->where.fields[i].column].v;
	if (r == 0 && w->where.expr && !w->lines.records)
		return expr_test(w->where.expr, w->where.values);
	return r < 0 ? r : prune_tree(&w->where.prune, facts_of, w);
}

/* The short form COLUMN=VALUE is for partition columns only. */
static int check_short(const struct raw_where *w, const struct opt_list *list, struct strbuf *err)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *item = list->items[i];
		size_t len = strcspn(item, "=");
		if (!cat_where_is_short(item) || hive_column(w->columns, item, len) != SIZE_MAX)
			continue;
		strbuf_addf(err, "--where '%s': the table has no partition column '%.*s'", item, (int)len, item);
		return -EINVAL;
	}
	return 0;
}

/* Compile --where; fields that have the names of partition columns are these. */
static int prepare(struct raw_where *w, const struct opt_list *list, struct strbuf *err)
{
	int r = cat_where_init(&w->where, list, err);
	w->values = xcalloc(json_array_size(w->columns) + 1, sizeof *w->values);
	for (size_t i = 0; i < json_array_size(w->columns); i++)
		delta_value_init(&w->values[i]);
	if (r == 0)
		r = check_short(w, list, err);
	if (r < 0 || !w->where.expr)
		return r;
	for (size_t i = 0; i < expr_fields(w->where.expr); i++) {
		const struct path *path = &expr_field(w->where.expr, i)->path;
		bool plain = path->count == 1 && path->steps[0].name;
		w->where.fields[i].column =
			plain ? hive_column(w->columns, path->steps[0].name, path->steps[0].len) : SIZE_MAX;
	}
	cat_where_prune(&w->where);
	return 0;
}

int raw_where_init(struct raw_where *w, const struct opt_list *list, const struct cat_form *form, const json_t *columns,
	struct cat_out *out, struct strbuf *err)
{
	*w = (struct raw_where){.columns = columns, .lines.open = STRBUF_INIT};
	int r = prepare(w, list, err);
	if (r == 0)
		r = cat_lines_init(&w->lines, out, &w->where, form, columns, err);
	if (r == 0)
		raw_form_partition(&w->lines.form, columns, w->values);
	return r;
}

void raw_where_release(struct raw_where *w)
{
	cat_lines_release(&w->lines);
	for (size_t i = 0; w->values && i < json_array_size(w->columns); i++)
		delta_value_release(&w->values[i]);
	free(w->values);
	cat_where_release(&w->where);
	*w = (struct raw_where){.lines.open = STRBUF_INIT};
}

int raw_where_file(struct raw_where *w, const char *path, const json_t *values, struct strbuf *err)
{
	int r = may_match(w, values, err);
	if (r > 0)
		cat_lines_begin(&w->lines, path);
	return r;
}
