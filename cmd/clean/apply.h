/* The rules at work: what each kind does, in a row. */
#ifndef WEIR_CMD_CLEAN_APPLY_H
#define WEIR_CMD_CLEAN_APPLY_H

#include "cmd/clean/step.h"

struct rule_ops {
	/* Work on the record; C is the cell of the rule's first field.  Returns whether the record keeps the rule. */
	bool (*apply)(struct plan *p, struct step *s, struct field_edit *c);
	bool nulls;      /* also where that cell is null; other rules take no notice of it */
	bool shapes_key; /* it may have a part in what the keys of dedupe look like */
	bool whole;      /* it takes a field as a whole, or gives it another value: nothing below may be another's */
	bool moves;      /* it works on a header, too */
};
extern const struct rule_ops rule_ops[RULE_KINDS];

/* Let the rules work on the record that the doc was loaded with.  NULL, or the rule that it breaks. */
struct step *plan_apply(struct plan *p);

/* The header D->rec: fields of the new one have their names. */
void plan_header(struct plan *p);

#endif
