/* Applying each kind of rule to a record: see apply.h. */
#include "cmd/clean/apply.h"

#include "cmd/clean/apply_change.h"

static bool apply_value(struct plan *p, struct step *s, struct field_edit *c)
{
	const struct rule_run way = {.columns = p->doc.columns, .texts = &p->doc.texts, .mac = p->mac};
	enum rule_verdict verdict = rule_value(s->rule, &way, &s->times, &c->v);

	if (verdict == RULE_SET)
		doc_set(&p->doc, c);
	return verdict != RULE_BROKEN;
}

/* Of several members with one name, those that are ignored must be removed, too, so the record counts as changed. */
static bool apply_mask(struct plan *p, struct step *s, struct field_edit *c)
{
	p->doc.changed = true;
	return apply_value(p, s, c);
}

/* `.` is the record as it was read. */
static bool apply_dedupe(struct plan *p, struct step *s, struct field_edit *first)
{
	const struct doc *d = &p->doc;
	const struct rule *r = s->rule;

	(void)first;
	dedupe_key(&p->dedupe);
	for (size_t i = 0; i < r->key_count; i++) {
		const struct value record = {.type = VALUE_STRING, .s = d->rec, .len = d->len};
		dedupe_key_add(&p->dedupe, expr_field_is_record(&r->fields[i]) ? &record : &d->cells[s->cells[i]].v);
	}
	return dedupe_is_new(
		&p->dedupe, s->number, r->field_count > r->key_count ? &d->cells[s->cells[r->key_count]].v : NULL);
}

const struct rule_ops rule_ops[RULE_KINDS] = {
	[RULE_REQUIRE] = {.apply = apply_value, .nulls = true},
	[RULE_TYPE] = {.apply = apply_value, .shapes_key = true, .whole = true},
	[RULE_RANGE] = {.apply = apply_value, .whole = true},
	[RULE_MATCH] = {.apply = apply_value, .whole = true},
	[RULE_ONE_OF] = {.apply = apply_value, .whole = true},
	[RULE_DEFAULT] = {.apply = apply_value, .nulls = true, .shapes_key = true, .whole = true},
	[RULE_RENAME] = {.apply = apply_rename, .nulls = true, .shapes_key = true, .whole = true, .moves = true},
	[RULE_DROP] = {.apply = apply_drop, .nulls = true, .shapes_key = true, .moves = true},
	[RULE_KEEP] = {.apply = apply_keep, .nulls = true, .shapes_key = true, .moves = true},
	[RULE_TRIM] = {.apply = apply_value, .shapes_key = true, .whole = true},
	[RULE_LOWER] = {.apply = apply_value, .shapes_key = true, .whole = true},
	[RULE_UPPER] = {.apply = apply_value, .shapes_key = true, .whole = true},
	[RULE_TIME] = {.apply = apply_value, .shapes_key = true, .whole = true},
	[RULE_MASK] = {.apply = apply_mask, .nulls = true, .shapes_key = true, .whole = true},
	[RULE_DEDUPE] = {.apply = apply_dedupe, .nulls = true, .shapes_key = true, .whole = true},
};

struct step *plan_apply(struct plan *p)
{
	dedupe_begin(&p->dedupe);
	for (size_t i = 0; i < p->count; i++) {
		struct step *s = &p->steps[i];
		const struct rule_ops *ops = &rule_ops[s->rule->kind];
		struct field_edit *c = &p->doc.cells[s->cells[0]];
		if ((ops->nulls || !cell_null(c)) && !ops->apply(p, s, c))
			return s;
	}
	return NULL;
}

void plan_header(struct plan *p)
{
	struct doc *d = &p->doc;
	for (size_t i = 0; i < d->count; i++) { /* the value of each column is its name */
		const struct path *path = &d->cells[i].field->path;
		d->cells[i].v = (struct value){.type = VALUE_TEXT};
		if (path->count)
			d->cells[i].v.s = path->steps[0].name;
		d->cells[i].v.len = path->count ? path->steps[0].len : 0;
	}
	for (size_t i = 0; i < p->count; i++) {
		struct step *s = &p->steps[i];
		if (rule_ops[s->rule->kind].moves)
			(void)rule_ops[s->rule->kind].apply(p, s, &d->cells[s->cells[0]]);
		if (s->rule->kind == RULE_RENAME && d->cells[s->cells[1]].field->path.count) {
			struct field_edit *to = &d->cells[s->cells[1]];
			to->v.s = to->field->path.steps[0].name;
			to->v.len = to->field->path.steps[0].len;
		}
	}
	edit_map(d);
	edit_columns(d);
}
