/* Applying each kind of rule to a record: see apply.h. */
#include "cmd/clean/apply.h"

#include "cmd/clean/apply_change.h"
#include "cmd/clean/apply_check.h"
#include "cmd/clean/dedupe.h"
#include "cmd/clean/mask.h"

const struct rule_ops rule_ops[RULE_KINDS] = {
	[RULE_REQUIRE] = {.apply = apply_require, .nulls = true},
	[RULE_TYPE] = {.apply = apply_type, .shapes_key = true, .whole = true},
	[RULE_RANGE] = {.apply = apply_range, .whole = true},
	[RULE_MATCH] = {.apply = apply_match, .whole = true},
	[RULE_ONE_OF] = {.apply = apply_one_of, .whole = true},
	[RULE_DEFAULT] = {.apply = apply_default, .nulls = true, .shapes_key = true, .whole = true},
	[RULE_RENAME] = {.apply = apply_rename, .nulls = true, .shapes_key = true, .whole = true, .moves = true},
	[RULE_DROP] = {.apply = apply_drop, .nulls = true, .shapes_key = true, .moves = true},
	[RULE_KEEP] = {.apply = apply_keep, .nulls = true, .shapes_key = true, .moves = true},
	[RULE_TRIM] = {.apply = apply_trim, .shapes_key = true, .whole = true},
	[RULE_LOWER] = {.apply = apply_lower, .shapes_key = true, .whole = true},
	[RULE_UPPER] = {.apply = apply_upper, .shapes_key = true, .whole = true},
	[RULE_TIME] = {.apply = apply_time, .shapes_key = true, .whole = true},
	[RULE_MASK] = {.apply = apply_mask, .nulls = true, .shapes_key = true, .whole = true},
	[RULE_DEDUPE] = {.apply = apply_dedupe, .nulls = true, .shapes_key = true, .whole = true},
};

struct step *plan_apply(struct plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		p->steps[i].waits = p->steps[i].ticks = false;
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
