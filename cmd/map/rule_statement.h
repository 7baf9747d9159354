/* The rules of clean as statements: reading them. */
#ifndef WEIR_CMD_MAP_RULE_STATEMENT_H
#define WEIR_CMD_MAP_RULE_STATEMENT_H

#include "cmd/map/step.h"
#include "cmd/map/words.h"

/* Whether a rule begins at W. */
bool rule_begins(const struct map_words *w);

/* The name of the I-th kind of rule that is a statement and that map does not have by itself; NULL: there are no more.
 */
const char *rule_statement_name(size_t i);

/* Read the rule of W into S.  0, or -EINVAL with a reason. */
int rule_statement(struct map_words *w, struct map_step *s) MUST_CHECK;

#endif
