/* Duplicates: the keys of records, and their state. */
#ifndef WEIR_CMD_CLEAN_DEDUPE_H
#define WEIR_CMD_CLEAN_DEDUPE_H

#include "cmd/clean/step.h"

/* A row of rule_ops (apply.h). */
bool apply_dedupe(struct plan *p, struct step *s, struct field_edit *c);

/* The record was passed on: add its keys. */
void plan_accept(struct plan *p);

/* The number of keys that dedupe rules had to drop. */
uint64_t plan_evicted(const struct plan *p);

/* The state of the dedupe rules: callbacks of checkpoint.h, with a struct plan as SELF. */
void plan_save(void *self, bool full, struct checkpoint_out *out);
int plan_load(void *self, bool full, const char *s, size_t len, struct strbuf *err) MUST_CHECK;

#endif
