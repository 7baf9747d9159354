/* Lists of fields: see fields.h. */
#include "common/data/fields.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/expr_source.h"
#include "common/data/value_out.h"

void field_name(const struct expr_field *field, struct strbuf *name)
{
	if (field->column)
		strbuf_addf(name, "$%u", field->column);
	else if (!field->path.count)
		strbuf_addch(name, '.');
	for (size_t i = 0; i < field->path.count; i++) {
		const struct path_step *step = &field->path.steps[i];
		if (step->name && i)
			strbuf_addch(name, '.');
		if (step->name)
			strbuf_add(name, step->name, step->len);
		else
			strbuf_addf(name, "[%u]", step->index);
	}
}

const char *fields_part_end(const char *s, const char *end)
{
	int depth = 0;
	char quote = 0;

	for (; s < end; s++) {
		if (quote) {
			if (*s == '\\' && s + 1 < end)
				s++;
			else if (*s == quote)
				quote = 0;
		} else if (*s == '"' || *s == '\'') {
			quote = *s;
		} else if (strchr("([{", *s)) {
			depth++;
		} else if (strchr(")]}", *s)) {
			depth--;
		} else if (*s == ',' && depth <= 0) {
			break;
		}
	}
	return s;
}

/* Whether the LEN bytes at S are a word or nothing: append what was probably meant. */
static bool is_word(const char *s, size_t len, struct strbuf *err)
{
	size_t n = 0;

	while (n < len && (isalnum((unsigned char)s[n]) || s[n] == '_' || s[n] == '-'))
		n++;
	if (n < len)
		return false;
	strbuf_addstr(err, "a field is .a or $1");
	if (len && isalpha((unsigned char)*s))
		strbuf_addf(
			err, memchr(s, '-', len) ? "; did you mean .\"%.*s\"?" : "; did you mean .%.*s?", (int)len, s);
	return true;
}

/* The field at S, up to END: its length into *ret_used. */
static int scan_field(struct expr_field *field, const char *s, const char *end, size_t *ret_used, struct strbuf *err)
{
	size_t digits = 0;

	*field = (struct expr_field){0};
	*ret_used = 0;
	if (*s == '.')
		return path_scan(&field->path, s, (size_t)(end - s), ret_used, err);
	while (s + 1 + digits < end && isdigit((unsigned char)s[1 + digits]))
		digits++;
	char *column = xstrndup(s, 1 + digits);
	int r = records_field(field, column, err);
	*ret_used = r < 0 ? 0 : strlen(column);
	free(column);
	return r;
}

static struct fields_entry *append(struct fields *f)
{
	f->all = xroom(f->all, f->count, sizeof *f->all);
	struct fields_entry *e = &f->all[f->count++];
	*e = (struct fields_entry){.slot = -1};
	strbuf_init(&e->json);
	return e;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_blanks(const char *s, const char *end)
{
	while (s < end && is_blank(*s))
		s++;
	return s;
}

/* The part from S to END is an expression, which is compiled from its byte FROM on. */
static int add_expression(
	struct fields *f, const char *s, const char *from, const char *end, struct records *r, struct strbuf *err)
{
	struct fields_entry *e = append(f);
	char *text = xstrndup(from, (size_t)(end - from));
	int n = expr_new(&e->expr, text, err);

	free(text);
	e->text = xstrndup(s, (size_t)(end - s));
	e->name = xstrdup(e->text);
	f->computes = true;
	return n < 0 ? n : records_bind(r, e->expr, err);
}

/* The part from S to END, at least a byte, begins with a field. */
static int add_field(struct fields *f, const char *s, const char *end, struct records *r, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT;
	struct expr_field field;
	size_t used;
	int n = scan_field(&field, s, end, &used, err);

	if (n < 0) { /* .a[0:10] is an expression that begins as a field does */
		strbuf_clear(err);
		return add_expression(f, s, s, end, r, err);
	}
	const char *next = skip_blanks(s + used, end);
	bool named = next + 1 < end && *next == '=' && !strchr("=~", next[1]);
	field_name(&field, &name);
	if (next == end) {
		n = records_add(r, &field, err);
		*append(f) = (struct fields_entry){.field = field, .slot = n, .name = strbuf_detach(&name)};
		return n < 0 ? n : 0;
	}
	path_release(&field.path);
	n = add_expression(f, s, named ? next + 1 : s, end, r, err);
	if (named) {
		free(f->all[f->count - 1].name);
		f->all[f->count - 1].name = strbuf_detach(&name);
	}
	strbuf_release(&name);
	return n;
}

/* The reason WHY the part of LIST from S to END is refused; that of an expression says itself where in it. */
static void add_reason(struct strbuf *err, const char *list, const char *s, const char *end, const char *why)
{
	if (strncmp(why, "expression, ", strlen("expression, ")) != 0)
		strbuf_addf(err, "character %zu: ", (size_t)(s - list) + 1);
	else if (s > list)
		strbuf_addf(err, "'%.*s': ", (int)(end - s), s);
	strbuf_addstr(err, why);
}

/* The part from S to END may be the name of a column: add it, or return 1. */
static int add_bare(struct fields *f, const char *s, const char *end, struct records *r, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT, why = STRBUF_INIT;
	struct path path = {0};
	size_t used = 0;
	int n = f->bare && s < end && !strchr(".[$", *s) ? path_scan_column(&path, s, (size_t)(end - s), &used, &why)
							 : -EINVAL;

	path_release(&path);
	strbuf_addch(&text, '.');
	strbuf_add(&text, s, (size_t)(end - s));
	n = n == 0 && s + used == end ? add_field(f, text.s, text.s + text.len, r, err) : 1;
	strbuf_release(&text);
	strbuf_release(&why);
	return n;
}

/* The part from S to END, without blanks around it. */
static int add_part(struct fields *f, const char *s, const char *end, struct records *r, struct strbuf *err)
{
	int n = add_bare(f, s, end, r, err);

	if (n <= 0)
		return n;
	if (is_word(s, (size_t)(end - s), err))
		return -EINVAL;
	return *s == '.' || *s == '$' ? add_field(f, s, end, r, err) : add_expression(f, s, s, end, r, err);
}

static int add_parts(struct fields *f, const char *list, struct records *r, struct strbuf *err)
{
	const char *end = list + strlen(list), *stop;
	int n = 0;

	for (const char *s = list; n == 0; s = stop + 1) {
		struct strbuf why = STRBUF_INIT;
		stop = fields_part_end(s, end);
		s = skip_blanks(s, stop);
		const char *last = stop;
		while (last > s && is_blank(last[-1]))
			last--;
		n = add_part(f, s, last, r, &why);
		if (n < 0)
			add_reason(err, list, s, stop, why.s);
		strbuf_release(&why);
		if (stop == end)
			break;
	}
	return n;
}

int fields_add(struct fields *f, const char *list, struct records *r, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	bool whole = *fields_part_end(list, list + strlen(list)) == '\0'; /* else the first part alone is in a file */
	int n = whole ? expr_source(list, &text, err) : 0;

	if (n == 0)
		n = add_parts(f, whole ? text.s : list, r, err);
	strbuf_release(&text);
	return n;
}

void fields_add_name(struct fields *f, const char *name)
{
	struct fields_entry *e = append(f);

	e->slot = (int)f->count - 1;
	e->name = xstrdup(name);
}

/* V, as callers want it. */
static void keep(struct fields_entry *e, const struct value *v)
{
	e->value = *v;
	if (v->type == VALUE_TEXT)
		return;
	strbuf_clear(&e->json);
	value_add_json(&e->json, v);
	e->value.raw = e->json.s;
	e->value.raw_len = e->json.len;
	if (v->type == VALUE_TIME)
		e->value = (struct value){.type = VALUE_STRING,
			.raw = e->json.s,
			.raw_len = e->json.len,
			.s = e->json.s + 1,
			.len = e->json.len - 2};
	else if (v->type == VALUE_DURATION)
		(void)!value_of_text(e->json.s, e->json.len, &e->value); /* it is a number */
	else if (v->type != VALUE_STRING)
		e->value.s = e->json.s, e->value.len = e->json.len;
}

const struct fields_entry *fields_compute(struct fields *f, const struct value *values)
{
	const struct fields_entry *fault = NULL;

	for (size_t i = 0; i < f->count; i++) {
		struct fields_entry *e = &f->all[i];
		uint64_t before = e->expr ? expr_fault(e->expr)->count : 0;
		if (!e->expr)
			continue;
		keep(e, expr_value(e->expr, values));
		if (expr_fault(e->expr)->count != before)
			fault = e;
	}
	return fault;
}

bool fields_reads(const struct fields_entry *e, int slot)
{
	bool reads = !e->expr && e->slot == slot;

	for (size_t i = 0; e->expr && i < expr_fields(e->expr); i++)
		reads |= expr_slot(e->expr, i) == slot;
	return reads;
}

void fields_release(struct fields *f)
{
	for (size_t i = 0; i < f->count; i++) {
		path_release(&f->all[i].field.path);
		expr_free(f->all[i].expr);
		strbuf_release(&f->all[i].json);
		free(f->all[i].text);
		free(f->all[i].name);
	}
	free(f->all);
	*f = (struct fields){0};
}
