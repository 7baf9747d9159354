/* Which rows match: see where.h. */
#include "cmd/lake-cat/where.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/expr_need.h"
#include "common/data/json.h"
#include "common/data/jsonout.h"
#include "common/lake/layout.h"

bool cat_where_is_short(const char *text)
{
	size_t n = strcspn(text, "= \"'()<>!");
	return n && *text != '.' && text[n] == '=' && text[n + 1] != '=';
}

/* Append the LEN bytes at S as a string of an expression. */
static void add_quoted(struct strbuf *out, const char *s, size_t len)
{
	char *to = strbuf_grow(out, JSONOUT_MAX(len));
	strbuf_extend(out, (size_t)(jsonout_string(to, s, len) - to));
}

/* Append the column with the name of LEN bytes at S and what compares it. */
static void add_is(struct strbuf *out, const char *s, size_t len)
{
	strbuf_addch(out, '.');
	add_quoted(out, s, len);
	strbuf_addstr(out, " == ");
}

/* The expression that the short form TEXT stands for; the caller frees it. */
static char *long_form(const char *text)
{
	struct strbuf expr = STRBUF_INIT;
	size_t n = strcspn(text, "=");
	const char *value = text + n + 1;
	add_is(&expr, text, n);
	if (strcmp(value, LAYOUT_NULL) == 0)
		strbuf_addstr(&expr, "null");
	else
		add_quoted(&expr, value, strlen(value));
	/* Whether a column holds texts or these is known later, and may differ from file to file. */
	if (*value && value_is_literal(value, strlen(value))) {
		strbuf_addstr(&expr, " || ");
		add_is(&expr, text, n);
		strbuf_addstr(&expr, value);
	}
	return strbuf_detach(&expr);
}

int cat_where_init(struct cat_where *w, const struct opt_list *list, struct strbuf *err)
{
	*w = (struct cat_where){.prune.op = PRUNE_ANY};
	if (!list->count)
		return 0;
	struct strbuf text = STRBUF_INIT;
	for (size_t i = 0; i < list->count; i++) {
		char *other = cat_where_is_short(list->items[i]) ? long_form(list->items[i]) : NULL;
		const char *item = other ? other : list->items[i];
		strbuf_addf(&text, list->count > 1 ? "%s(%s)" : "%s%s", i ? " && " : "", item);
		free(other);
	}
	int r = expr_new(&w->expr, text.s, err);
	strbuf_release(&text);
	if (r < 0)
		return r;
	w->fields = xcalloc(expr_fields(w->expr) + 1, sizeof *w->fields);
	w->values = xcalloc(expr_fields(w->expr) + 1, sizeof *w->values);
	return 0;
}

int cat_where_check(const struct cat_where *w, struct strbuf *err)
{
	for (size_t i = 0; w->expr && i < expr_fields(w->expr); i++) {
		const struct expr_field *f = expr_field(w->expr, i);
		if (f->column || !f->path.count || !f->path.steps[0].name) {
			strbuf_addstr(
				err, "it names a field that is not a column: write .NAME, as in .user == \"ada\"");
			return -EINVAL;
		}
	}
	return 0;
}

static void prune_release(struct prune *p)
{
	for (size_t i = 0; i < p->children; i++)
		prune_release(&p->child[i]);
	free(p->child);
}

void cat_where_release(struct cat_where *w)
{
	for (size_t i = 0; w->fields && i < expr_fields(w->expr); i++)
		json_free(w->fields[i].inner);
	free(w->fields);
	free(w->values);
	prune_release(&w->prune);
	expr_free(w->expr);
	*w = (struct cat_where){.prune.op = PRUNE_ANY};
}

const char *cat_where_name(const struct cat_where *w, size_t field)
{
	return expr_field(w->expr, field)->path.steps[0].name;
}

/* The condition of NEED, whose fields become columns; what is within a column is not known. */
static struct prune prune_of(const struct cat_where *w, const struct expr_need *need)
{
	static const enum prune_op ops[] = {[EXPR_NEED_ANY] = PRUNE_ANY,
		[EXPR_NEED_NONE] = PRUNE_NONE,
		[EXPR_NEED_AND] = PRUNE_AND,
		[EXPR_NEED_OR] = PRUNE_OR,
		[EXPR_NEED_LT] = PRUNE_LT,
		[EXPR_NEED_LE] = PRUNE_LE,
		[EXPR_NEED_EQ] = PRUNE_EQ,
		[EXPR_NEED_NE] = PRUNE_NE,
		[EXPR_NEED_GE] = PRUNE_GE,
		[EXPR_NEED_GT] = PRUNE_GT,
		[EXPR_NEED_NULL] = PRUNE_NULL,
		[EXPR_NEED_NOT_NULL] = PRUNE_NOT_NULL};
	struct prune p = {.op = ops[need->op]};
	if (need->op > EXPR_NEED_OR) {
		if (expr_field(w->expr, need->field)->path.count > 1 || w->fields[need->field].column == SIZE_MAX)
			return (struct prune){.op = PRUNE_ANY};
		p.column = w->fields[need->field].column;
		p.value = need->value;
		return p;
	}
	p.children = need->children;
	p.child = need->children ? xcalloc(need->children, sizeof *p.child) : NULL;
	for (size_t i = 0; i < need->children; i++)
		p.child[i] = prune_of(w, &need->child[i]);
	return p;
}

void cat_where_prune(struct cat_where *w)
{
	if (!w->expr)
		return;
	struct expr_need *need = expr_need_new(w->expr);
	w->prune = prune_of(w, need);
	expr_need_free(need);
}

/* Follow PATH through the structs of COLUMN; returns how many of its steps lead there. */
static size_t follow(const struct path *path, const struct schema_field *column)
{
	size_t step = 1;
	while (step < path->count && column && column->type == SCHEMA_STRUCT && path->steps[step].name) {
		column = schema_child(column, path->steps[step].name, path->steps[step].len);
		step++;
	}
	return step;
}

/* A reader of what the steps of PATH from FIRST on name in a list or map. */
static struct json *inner_of(const struct path *path, size_t first)
{
	struct json *json;
	const struct path rest = {.steps = path->steps + first, .count = path->count - first};
	if (json_new(&json) < 0)
		die(EXIT_TEMP, "no memory");
	(void)json_add(json, &rest);
	return json;
}

void cat_where_bind(struct cat_where *w, const struct schema *want)
{
	if (!w->expr)
		return;
	for (size_t i = 0; i < expr_fields(w->expr); i++) {
		struct where_field *f = &w->fields[i];
		const struct path *path = &expr_field(w->expr, i)->path;
		f->steps = follow(path, &want->root.children[f->column]);
		if (f->steps < path->count)
			f->inner = inner_of(path, f->steps);
	}
	cat_where_prune(w);
}

void cat_where_file(struct cat_where *w, const struct pq_scan *scan)
{
	for (size_t i = 0; w->expr && i < expr_fields(w->expr); i++) {
		struct where_field *f = &w->fields[i];
		const struct path *path = &expr_field(w->expr, i)->path;
		f->field = &scan->root.child[f->column];
		for (size_t step = 1; f->field && step < f->steps; step++) {
			const struct pq_field *parent = f->field;
			f->field = NULL;
			for (size_t k = 0; parent->child && k < parent->field->count; k++)
				if (strcmp(parent->child[k].field->name, path->steps[step].name) == 0)
					f->field = &parent->child[k];
		}
	}
}

/* The value of field F, in ROW. */
static int value_of(
	const struct where_field *f, struct pq_text *text, size_t row, struct value *ret, struct strbuf *err)
{
	*ret = (struct value){.type = VALUE_MISSING};
	int r = f->field ? pq_text_value(text, f->field, row, ret, err) : 0;
	if (r < 0 || !f->inner || ret->type <= VALUE_NULL)
		return r;
	r = ret->type == VALUE_ARRAY || ret->type == VALUE_OBJECT ? json_read(f->inner, ret->raw, ret->raw_len)
								  : -ENOENT;
	*ret = r == 0 ? json_values(f->inner)[0] : (struct value){.type = VALUE_MISSING};
	return 0;
}

int cat_where_row(struct cat_where *w, struct pq_text *text, size_t row, struct strbuf *err)
{
	for (size_t i = 0; i < expr_fields(w->expr); i++) {
		int r = value_of(&w->fields[i], text, row, &w->values[i], err);
		if (r < 0)
			return r;
	}
	return expr_test(w->expr, w->values);
}
