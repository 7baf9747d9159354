/* Rules that change the place of a field: rows of rule_ops (apply.h). */
#ifndef WEIR_CMD_CLEAN_APPLY_CHANGE_H
#define WEIR_CMD_CLEAN_APPLY_CHANGE_H

#include "cmd/clean/step.h"

bool apply_rename(struct plan *p, struct step *s, struct field_edit *c);
bool apply_drop(struct plan *p, struct step *s, struct field_edit *c);
bool apply_keep(struct plan *p, struct step *s, struct field_edit *c);

#endif
