/* Lists of fields: see fields.h. */
#include "common/data/fields.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

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

/* S does not begin with a field: append what was probably meant. */
static int no_field(const char *s, struct strbuf *err)
{
	size_t len = 0;

	while (isalnum((unsigned char)s[len]) || s[len] == '_')
		len++;
	strbuf_addstr(err, "a field is .a or $1");
	if (s[len] == '(')
		strbuf_addstr(err, ", and no expression");
	else if (isalpha((unsigned char)*s))
		strbuf_addf(err, "; did you mean .%.*s?", (int)len, s);
	return -EINVAL;
}

/* The field at S: its length into *ret_used. */
static int scan_field(struct expr_field *field, const char *s, size_t *ret_used, struct strbuf *err)
{
	*field = (struct expr_field){0};
	*ret_used = 0;
	if (*s != '$' && *s != '.')
		return no_field(s, err);
	if (*s == '.')
		return path_scan(&field->path, s, strlen(s), ret_used, err);
	char *column = xstrndup(s, strcspn(s, ","));
	int r = records_field(field, column, err);
	*ret_used = r < 0 ? 0 : strlen(column);
	free(column);
	return r;
}

/* Takes over FIELD, even on failure. */
static int add_field(struct fields *f, const struct expr_field *field, struct records *r, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT;
	int slot = records_add(r, field, err);

	f->all = xreallocarray(f->all, f->count + 1, sizeof *f->all);
	field_name(field, &name);
	f->all[f->count++] = (struct fields_entry){.field = *field, .slot = slot, .name = strbuf_detach(&name)};
	return slot < 0 ? slot : 0;
}

int fields_add(struct fields *f, const char *list, struct records *r, struct strbuf *err)
{
	struct expr_field field;
	size_t used;

	for (const char *s = list;; s++) {
		struct strbuf why = STRBUF_INIT;
		int e = scan_field(&field, s, &used, &why);
		if (e < 0)
			strbuf_addf(err, "character %zu: %s", (size_t)(s - list) + used + 1, why.s);
		strbuf_release(&why);
		if (e == 0)
			e = add_field(f, &field, r, err);
		if (e < 0)
			return e;
		s += used;
		if (!*s)
			return 0;
		if (*s != ',') {
			strbuf_addf(err, "character %zu: ',' was expected%s", (size_t)(s - list) + 1,
				*s == '-' ? " (a name with '-' in it is quoted: .\"a-b\")" : "");
			return -EINVAL;
		}
	}
}

void fields_release(struct fields *f)
{
	for (size_t i = 0; i < f->count; i++) {
		path_release(&f->all[i].field.path);
		free(f->all[i].name);
	}
	free(f->all);
	*f = (struct fields){0};
}
