/* What each rule does to a record: see apply.h. */
#include "cmd/clean/apply.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/clean/apply_impl.h"

/* Rules on a field that has a value. */
static bool apply_value(struct doc *d, const struct rule *r, struct cell *c)
{
	long double n;
	switch (r->kind) {
	case RULE_TYPE:
		return apply_type(d, r, c);
	case RULE_RANGE:
		return as_number(c, &n) && n >= r->low && n <= r->high;
	case RULE_MATCH:
		return apply_match(r, c);
	case RULE_ONE_OF:
		return apply_one_of(r, c);
	case RULE_TRIM:
		if (is_text(c))
			apply_trim(d, c);
		return true;
	case RULE_LOWER:
	case RULE_UPPER:
		if (is_text(c))
			apply_case(d, c, r->kind == RULE_LOWER ? 'A' : 'a', r->kind == RULE_LOWER ? 'Z' : 'z');
		return true;
	case RULE_TIME:
		return apply_time(d, r, c);
	default:
		return true;
	}
}

static bool apply(struct plan *p, struct step *s)
{
	struct doc *d = &p->doc;
	const struct rule *r = s->rule;
	struct cell *c = &d->cells[s->cells[0]];
	switch (r->kind) {
	case RULE_REQUIRE:
		return !cell_null(c);
	case RULE_DEFAULT:
		if (cell_null(c))
			doc_set_json(d, c, r->value_type, r->json, strlen(r->json), r->plain, strlen(r->plain));
		return true;
	case RULE_RENAME:
		apply_rename(d, s->cells[0], s->cells[1]);
		return true;
	case RULE_DROP:
		apply_drop(d, s);
		return true;
	case RULE_KEEP:
		apply_keep(d, s);
		return true;
	case RULE_DEDUPE:
		return apply_dedupe(p, d, s);
	case RULE_MASK:
		d->changed = true; /* of members with the same name those that do not count go, too */
		return cell_null(c) || apply_mask(p, d, r, c);
	default:
		return cell_null(c) || apply_value(d, r, c);
	}
}

struct step *plan_apply(struct plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		p->steps[i].waits = p->steps[i].ticks = false;
	for (size_t i = 0; i < p->count; i++)
		if (!apply(p, &p->steps[i]))
			return &p->steps[i];
	return NULL;
}

void plan_header(struct plan *p)
{
	struct doc *d = &p->doc;
	for (size_t i = 0; i < d->count; i++) { /* each column's value is its name */
		const struct path *path = &d->cells[i].field->path;
		d->cells[i].v = (struct value){.type = VALUE_TEXT};
		if (path->count)
			d->cells[i].v.s = path->steps[0].name;
		d->cells[i].v.len = path->count ? path->steps[0].len : 0;
	}
	for (size_t i = 0; i < p->count; i++) {
		const struct step *s = &p->steps[i];
		if (s->rule->kind == RULE_DROP)
			apply_drop(d, s);
		else if (s->rule->kind == RULE_KEEP)
			apply_keep(d, s);
		else if (s->rule->kind == RULE_RENAME)
			apply_rename(d, s->cells[0], s->cells[1]);
		if (s->rule->kind == RULE_RENAME && d->cells[s->cells[1]].field->path.count) {
			struct cell *to = &d->cells[s->cells[1]];
			to->v.s = to->field->path.steps[0].name;
			to->v.len = to->field->path.steps[0].len;
		}
	}
	edit_map(d);
	edit_columns(d);
}
