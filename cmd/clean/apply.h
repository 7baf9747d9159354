/* Applying the rules: what each kind does, one row per kind. */
#ifndef WEIR_CMD_CLEAN_APPLY_H
#define WEIR_CMD_CLEAN_APPLY_H

#include "cmd/clean/step.h"

struct rule_ops {
	/*
	 * Apply the rule to the record; C is the cell of its first field.  Returns whether the record keeps the rule.
	 */
	bool (*apply)(struct plan *p, struct step *s, struct field_edit *c);
	bool nulls;      /* called even where that cell is null; other rules ignore nulls */
	bool shapes_key; /* it may change what the keys of dedupe look like */
	bool whole;      /* it uses or replaces a whole field: no other rule may name a part of that */
	bool moves;      /* it is applied to a header, too */
};
extern const struct rule_ops rule_ops[RULE_KINDS];

/* Apply the rules to the record that the doc was loaded with.  NULL, or the rule that it breaks. */
struct step *plan_apply(struct plan *p);

/* The header D->rec: fields of the new one have their names. */
void plan_header(struct plan *p);

#endif
