/* What steps do to names: see names.h. */
#include "cmd/map/names.h"

#include <errno.h>
#include <string.h>

#include "cmd/map/extract.h"
#include "cmd/map/shape.h"

/*
 * Columns are the same in all records: a step that finds nothing to extract still adds its columns, without a value.
 * Those that are there keep theirs, as fields of JSON do.
 */
void names_extract(struct mapper *m, struct map_step *s)
{
	const char *name;

	if (m->row.json || s->has_as)
		return;
	for (size_t i = 1; (name = extract_name(s, i)) != NULL; i++)
		if (*name)
			(void)row_add_name(&m->row, name, strlen(name));
}

int names_shape(struct mapper *m, struct map_step *s)
{
	switch (s->kind) {
	case STEP_DEL:
		shape_del(&m->row, s);
		return 0;
	case STEP_KEEP:
		shape_keep(&m->row, s);
		return 0;
	case STEP_RENAME:
		return shape_rename(&m->row, s) ? 0 : -ENOTDIR;
	case STEP_RENAME_ALL:
		return shape_rename_all(&m->row, s);
	case STEP_FLATTEN:
		return shape_flatten(&m->row, s, filter_max_record(&m->opts->common.filter));
	case STEP_UNFLATTEN:
		shape_unflatten(&m->row, s);
		return 0;
	default:
		shape_null_if(&m->row, s);
		return 0;
	}
}

void names_apply(struct mapper *m)
{
	for (size_t i = 0; i < m->program.count; i++) {
		struct map_step *s = &m->program.steps[i];
		switch (s->kind) {
		case STEP_SET:
			(void)row_add(&m->row, &s->fields[0]);
			break;
		case STEP_LOOKUP:
		case STEP_RUNNING:
			(void)row_add(&m->row, &s->as);
			break;
		case STEP_RULE:
			if (rules_change(s->rule->kind))
				row_only_column(&m->row, &s->rule->fields[0]);
			if (s->rule->kind == RULE_DEFAULT)
				(void)row_add(&m->row, &s->rule->fields[0]);
			break;
		case STEP_EXPLODE:
			if (s->has_as) {
				shape_del(&m->row, s);
				(void)row_add(&m->row, &s->as);
			}
			break;
		case STEP_PARSE:
			if (s->has_as)
				(void)row_add(&m->row, &s->as);
			names_extract(m, s);
			break;
		case STEP_DEL:
		case STEP_KEEP:
		case STEP_RENAME:
		case STEP_RENAME_ALL:
			(void)!names_shape(
				m, s); /* a regular expression that gives up on a name does so on the records', too */
			break;
		default:
			break;
		}
	}
}
