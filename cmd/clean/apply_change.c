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

static void drop_below(struct doc *d, const struct node *n)
{
	for (const struct node *c = n->child; c; c = c->sibling) {
		if (c->cell >= 0)
			gone(d, &d->cells[c->cell]);
		drop_below(d, c);
	}
}

bool apply_drop(struct plan *p, struct step *s, struct field_edit *c)
{
	struct doc *d = &p->doc;
	(void)c;
	for (size_t i = 0; i < s->rule->field_count; i++) {
		struct field_edit *dropped = &d->cells[s->cells[i]];
		gone(d, dropped);
		if (dropped->node)
			drop_below(d, dropped->node);
	}
	return true;
}

/* Whether the field is kept, is a part of a kept one, or leads to one. */
static bool is_kept(const struct doc *d, const struct field_edit *c)
{
	if (expr_field_is_record(c->field))
		return d->root.leads;
	bool kept = c->kept || (c->node && c->node->leads);
	for (const struct node *n = c->node; n && !kept; n = n->parent)
		kept = n->keep;
	return kept;
}

bool apply_keep(struct plan *p, struct step *s, struct field_edit *c)
{
	struct doc *d = &p->doc;
	(void)s, (void)c;
	for (size_t k = 0; k < d->count; k++)
		if (!is_kept(d, &d->cells[k]))
			gone(d, &d->cells[k]);
	d->kept = d->changed = true;
	return true;
}
