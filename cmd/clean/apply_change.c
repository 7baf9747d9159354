/* Rules that change the place of a field: see apply.h. */
#include "cmd/clean/apply_change.h"

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
