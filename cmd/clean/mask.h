/* Masking. */
#ifndef WEIR_CMD_CLEAN_MASK_H
#define WEIR_CMD_CLEAN_MASK_H

#include "cmd/clean/step.h"

/* A row of rule_ops (apply.h). */
bool apply_mask(struct plan *p, struct step *s, struct field_edit *c);

/* 16 digits that identify the key of mask hash, and a NUL; false: there is no key. */
bool mask_key_id(const struct plan *p, char ret[17]);

#endif
