/* Applying the rules: one row for each kind of rule. */
#ifndef WEIR_CMD_CLEAN_APPLY_H
#define WEIR_CMD_CLEAN_APPLY_H

#include "cmd/clean/step.h"

struct rule_ops {
	/*
	 * Apply the rule to the record; C is the cell of its first field.  Returns whether the record keeps the rule.
	 */
	bool (*apply)(struct plan *p, struct step *s, struct field_edit *c);
	bool nulls;      /* called even where that cell is null; other rules ignore nulls */
	bool shapes_key; /* it may change the values of dedupe keys */
	bool whole;      /* it uses or replaces a whole field, so no other rule may name a part of that field */
	bool moves;      /* it is applied to a header, too */
};
extern const struct rule_ops rule_ops[RULE_KINDS];

/* Apply the rules to the record in the doc.  NULL, or the rule that the record breaks. */
struct step *plan_apply(struct plan *p);

/* Apply the rules to the header D->rec, so that the fields of the new header have their names. */
void plan_header(struct plan *p);

#endif
