/* Rules that a field keeps or breaks, and casts: rows of rule_ops (apply.h). */
#ifndef WEIR_CMD_CLEAN_APPLY_CHECK_H
#define WEIR_CMD_CLEAN_APPLY_CHECK_H

#include "cmd/clean/step.h"

bool apply_require(struct plan *p, struct step *s, struct field_edit *c);
bool apply_type(struct plan *p, struct step *s, struct field_edit *c);
bool apply_range(struct plan *p, struct step *s, struct field_edit *c);
bool apply_match(struct plan *p, struct step *s, struct field_edit *c);
bool apply_one_of(struct plan *p, struct step *s, struct field_edit *c);

#endif
