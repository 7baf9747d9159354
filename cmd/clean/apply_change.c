/* Rules that change a field, or its place: see apply.h. */
#include <string.h>

#include "cmd/clean/apply_change.h"
#include "common/base/byteset.h"
#include "common/data/when.h"

bool apply_default(struct plan *p, struct step *s, struct field_edit *c)
{
	const struct rule *r = s->rule;
	if (cell_null(c))
		doc_set_json(&p->doc, c, r->value_type, r->json, strlen(r->json), r->plain, strlen(r->plain));
	return true;
}

static void trim(struct doc *d, struct field_edit *c)
{
	static const char blanks[] = BYTESET_SPACE;
	const char *s = c->v.s, *end = s + c->v.len;
	while (s < end && *s && strchr(blanks, *s))
		s++;
	while (end > s && end[-1] && strchr(blanks, end[-1]))
		end--;
	if ((size_t)(end - s) < c->v.len)
		doc_set_string(d, c, s, (size_t)(end - s));
}

bool apply_trim(struct plan *p, struct step *s, struct field_edit *c)
{
	(void)s;
	if (cell_is_text(c))
		trim(&p->doc, c);
	return true;
}

/* Change the case of the letters from LOW to HIGH. */
static void change_case(struct doc *d, struct field_edit *c, char low, char high)
{
	size_t i = 0;
	while (i < c->v.len && (c->v.s[i] < low || c->v.s[i] > high))
		i++;
	if (i == c->v.len)
		return;
	char *text = scratch_get(&d->scratch, c->v.len);
	for (i = 0; i < c->v.len; i++)
		text[i] = (char)(c->v.s[i] >= low && c->v.s[i] <= high ? c->v.s[i] ^ 0x20 : c->v.s[i]);
	doc_set_string(d, c, text, c->v.len);
}

bool apply_lower(struct plan *p, struct step *s, struct field_edit *c)
{
	(void)s;
	if (cell_is_text(c))
		change_case(&p->doc, c, 'A', 'Z');
	return true;
}

bool apply_upper(struct plan *p, struct step *s, struct field_edit *c)
{
	(void)s;
	if (cell_is_text(c))
		change_case(&p->doc, c, 'a', 'z');
	return true;
}

bool apply_time(struct plan *p, struct step *s, struct field_edit *c)
{
	struct doc *d = &p->doc;
	const struct rule *r = s->rule;
	struct timespec t;
	if (when_value(r->has_format ? &r->format : NULL, &s->times, &c->v, &t) < 0)
		return false;
	char *text = scratch_get(&d->scratch, TIME_RFC3339_SIZE);
	doc_set_string(d, c, text, time_write_rfc3339(&t, text));
	return true;
}

static void gone(struct doc *d, struct field_edit *c)
{
	c->v = (struct value){.type = VALUE_MISSING};
	c->state = CELL_GONE;
	d->changed = true;
}

bool apply_rename(struct plan *p, struct step *s, struct field_edit *a)
{
	struct doc *d = &p->doc;
	struct field_edit *b = &d->cells[s->cells[1]];
	if (a == b || (cell_null(a) && !d->columns))
		return true;
	/* the old column is removed, but an empty value does not replace another empty value */
	if (!cell_null(a) || !b->v.s)
		b->v = a->v;
	if (!b->v.s)
		b->v.s = "";
	doc_set(d, b);
	gone(d, a);
	a->moved_to = s->cells[1];
	return true;
}

bool apply_drop(struct plan *p, struct step *s, struct field_edit *c)
{
	struct doc *d = &p->doc;
	(void)c;
	for (size_t i = 0; i < s->rule->field_count; i++)
		for (size_t k = 0; k < d->count; k++) {
			const struct expr_field *f = &s->rule->fields[i], *other = d->cells[k].field;
			bool part = !f->column && !other->column && path_covers(&f->path, &other->path);
			if ((int)k == s->cells[i] || part)
				gone(d, &d->cells[k]);
		}
	return true;
}

/* Whether the field is kept, is a part of a kept one, or leads to one. */
static bool is_kept(const struct rule *keep, const struct expr_field *f)
{
	for (size_t i = 0; i < keep->field_count; i++) {
		const struct expr_field *k = &keep->fields[i];
		if (f->column || k->column ? f->column == k->column
					   : path_covers(&k->path, &f->path) || path_covers(&f->path, &k->path))
			return true;
	}
	return false;
}

bool apply_keep(struct plan *p, struct step *s, struct field_edit *c)
{
	struct doc *d = &p->doc;
	(void)c;
	for (size_t k = 0; k < d->count; k++)
		if (!is_kept(s->rule, d->cells[k].field))
			gone(d, &d->cells[k]);
	d->kept = d->changed = true;
	return true;
}
