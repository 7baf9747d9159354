/* Partitions of a Delta table: see delta_parts.h. */
#include "delta_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/visible.h"

#define SHOWN 64 /* bytes of a value in a message */

/* --- columns ------------------------------------------------------------------------------------------------------ */

bool delta_parts_made(const struct layout *layout, size_t nr)
{
	return !layout->by.count || !partition_is_column(&layout->by.fields[nr]);
}

int delta_parts_column(const struct layout *layout, size_t nr, const struct schema_field *root,
	struct schema_field *ret, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;

	*ret = (struct schema_field){.name = layout->columns[nr], .type = SCHEMA_STRING};
	if (!layout->by.count)
		return 0;
	const struct partition_field *f = &layout->by.fields[nr];
	const struct schema_field *source = partition_source(f, root);
	int r = source ? transform_type(&f->transform, source, ret, &why) : -EINVAL;
	if (r < 0) {
		strbuf_addf(err, "--partition-by '%s': ", layout->text);
		strbuf_addf(err, source ? "column '" : "the table has no column '");
		for (size_t i = 0; i < f->source.count; i++)
			strbuf_addf(err, "%s%s", i ? "." : "", f->source.steps[i].name);
		strbuf_addf(err, "'%s%s", source ? " " : "", why.s);
	}
	strbuf_release(&why);
	return r;
}

/* The index of the child of ROOT called NAME, SIZE_MAX for none. */
static size_t find(const struct schema_field *root, const char *name)
{
	const struct schema_field *f = schema_child(root, name, strlen(name));
	return f ? (size_t)(f - root->children) : SIZE_MAX;
}

static void begin_column(
	struct delta_parts *p, size_t nr, const struct schema *files, const struct schema *rows, struct shred *shred)
{
	struct delta_part_column *c = &p->columns[nr];
	const struct layout *layout = p->layout;

	c->source = NULL;
	c->text = SIZE_MAX;
	c->cache = (struct time_cache){0};
	c->given = (struct value){.type = VALUE_NULL};
	if (layout->by.count) {
		const struct partition_field *f = &layout->by.fields[nr];
		c->source = partition_source(f, &files->root);
		c->json = (size_t)shred_want(shred, &f->source);
		if (f->source.count == 1)
			c->text = find(&rows->root, f->source.steps[0].name);
	}
	shred_give(shred, find(&files->root, layout->columns[nr]), &c->given, !delta_parts_made(layout, nr));
}

void delta_parts_begin(struct delta_parts *p, struct layout *layout, const struct schema *files,
	const struct schema *rows, struct shred *shred)
{
	p->layout = layout;
	p->known = false;
	if (!p->columns) {
		p->columns = xcalloc(layout->count + 1, sizeof *p->columns);
		for (size_t i = 0; i < layout->count; i++)
			strbuf_init(&p->columns[i].value);
	}
	for (size_t i = 0; i < layout->count; i++)
		begin_column(p, i, files, rows, shred);
}

void delta_parts_release(struct delta_parts *p)
{
	for (size_t i = 0; p->columns && i < p->layout->count; i++)
		strbuf_release(&p->columns[i].value);
	free(p->columns);
	*p = (struct delta_parts){0};
}

/* --- records ------------------------------------------------------------------------------------------------------ */

/* Give C the new VALUE, which gets the old one in exchange, and tell the shredder. */
static void set(struct delta_part_column *c, struct strbuf *value, enum value_type type)
{
	const struct strbuf old = c->value;

	c->value = *value;
	*value = old;
	c->given = (struct value){.type = c->value.len ? type : VALUE_NULL, .s = c->value.s, .len = c->value.len};
	c->given.raw = c->given.s;
	c->given.raw_len = c->given.len;
}

/* The columns that a pattern makes of T. */
static int next_by_time(struct delta_parts *p, const struct timespec *t)
{
	int64_t unit = layout_unit(p->layout, t);

	if (p->known && p->unit == unit)
		return 0;
	char **values = layout_values(p->layout, t, NULL);
	for (size_t i = 0; i < p->layout->count; i++) {
		struct strbuf value = STRBUF_INIT;
		strbuf_addstr(&value, values[i] ? values[i] : "");
		set(&p->columns[i], &value, VALUE_STRING);
		strbuf_release(&value);
	}
	layout_free_values(p->layout, values);
	p->unit = unit;
	return 1;
}

static int refuse(const struct delta_parts *p, size_t nr, const struct value *v, const char *wrong, struct strbuf *why)
{
	const struct path *source = &p->layout->by.fields[nr].source;

	strbuf_addstr(why, "column ");
	for (size_t i = 0; i < source->count; i++)
		strbuf_addf(why, "%s%s", i ? "." : "", source->steps[i].name);
	strbuf_addstr(why, ": ");
	visible_add_start(why, v->raw ? v->raw : v->s, v->raw ? v->raw_len : v->len, SHOWN);
	strbuf_addf(why, " %s", wrong);
	return -EINVAL;
}

/* Whether T makes a column of text of SOURCE. */
static bool is_text(const struct transform *t, const struct schema_field *source)
{
	return t->kind == TRANSFORM_MONTH || t->kind == TRANSFORM_HOUR ||
	       (source->type == SCHEMA_STRING && t->kind != TRANSFORM_BUCKET);
}

/* The columns that a list makes of VALUES. */
static int next_by_list(struct delta_parts *p, const struct value *values, bool text, struct strbuf *why)
{
	static const struct value missing = {.type = VALUE_MISSING};
	struct strbuf value = STRBUF_INIT;
	int changed = !p->known;

	for (size_t i = 0; i < p->layout->count; i++) {
		struct delta_part_column *c = &p->columns[i];
		const struct transform *t = &p->layout->by.fields[i].transform;
		const size_t at = text ? c->text : c->json;
		const struct value *v = at == SIZE_MAX ? &missing : &values[at];
		const char *wrong = "";
		strbuf_clear(&value);
		int r = transform_value(t, c->source, v, &c->cache, &value, &wrong);
		if (r < 0 && r != -ENODATA) {
			strbuf_release(&value);
			return refuse(p, i, v, wrong, why);
		}
		if (strcmp(value.s, LAYOUT_NULL) == 0)
			strbuf_clear(&value);
		if (value.len == c->value.len && memcmp(value.s, c->value.s, value.len) == 0)
			continue;
		set(c, &value, is_text(t, c->source) ? VALUE_STRING : VALUE_TEXT);
		changed = 1;
	}
	strbuf_release(&value);
	return changed;
}

int delta_parts_next(
	struct delta_parts *p, const struct timespec *t, const struct value *values, bool text, struct strbuf *why)
{
	int r = p->layout->by.count ? next_by_list(p, values, text, why) : next_by_time(p, t);

	p->known = r >= 0;
	return r;
}

char **delta_parts_values(const struct delta_parts *p)
{
	char **values = xcalloc(p->layout->count + 1, sizeof *values);

	for (size_t i = 0; i < p->layout->count; i++)
		if (p->columns[i].value.len)
			values[i] = xstrdup(p->columns[i].value.s);
	return values;
}
