/* Rules that change a field, or its place: rows of rule_ops (apply.h). */
#ifndef WEIR_CMD_CLEAN_APPLY_CHANGE_H
#define WEIR_CMD_CLEAN_APPLY_CHANGE_H

#include "cmd/clean/step.h"

bool apply_default(struct plan *p, struct step *s, struct field_edit *c);
bool apply_trim(struct plan *p, struct step *s, struct field_edit *c);
bool apply_lower(struct plan *p, struct step *s, struct field_edit *c);
bool apply_upper(struct plan *p, struct step *s, struct field_edit *c);
bool apply_time(struct plan *p, struct step *s, struct field_edit *c);
bool apply_rename(struct plan *p, struct step *s, struct field_edit *c);
bool apply_drop(struct plan *p, struct step *s, struct field_edit *c);
bool apply_keep(struct plan *p, struct step *s, struct field_edit *c);

#endif
