/* What the files of the rules share; nobody else's business.  Each returns whether the record keeps the rule. */
#ifndef WEIR_CMD_CLEAN_APPLY_IMPL_H
#define WEIR_CMD_CLEAN_APPLY_IMPL_H

#include "cmd/clean/apply.h"

static inline bool is_text(const struct cell *c)
{
	return c->v.type == VALUE_STRING || c->v.type == VALUE_TEXT;
}

/* The number that C is; a string of JSON is none. */
bool as_number(const struct cell *c, long double *ret);

bool apply_type(struct doc *d, const struct rule *r, struct cell *c);
bool apply_match(const struct rule *r, const struct cell *c);
bool apply_one_of(const struct rule *r, const struct cell *c);
bool apply_time(struct doc *d, const struct rule *r, struct cell *c);
bool apply_mask(const struct plan *p, struct doc *d, const struct rule *r, struct cell *c);
bool apply_dedupe(const struct plan *p, struct doc *d, struct step *s);

/* 16 digits that tell the key of mask hash from others, and a NUL; false: there is no key. */
bool mask_key_id(const struct plan *p, char ret[17]);

void apply_trim(struct doc *d, struct cell *c);
/* LOW to HIGH become the other case. */
void apply_case(struct doc *d, struct cell *c, char low, char high);
/* The cell FROM becomes the cell TO. */
void apply_rename(struct doc *d, int from, int to);
void apply_drop(struct doc *d, const struct step *s);
void apply_keep(struct doc *d, const struct step *s);

#endif
