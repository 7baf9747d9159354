/* The rules of clean as statements: what they do to the current record. */
#ifndef WEIR_CMD_MAP_RULE_H
#define WEIR_CMD_MAP_RULE_H

#include "cmd/map/decide.h"

/* Open the key of mask hash, if there is such a rule.  OPT_GO, or an exit status after a message. */
int rule_open(struct mapper *m) MUST_CHECK;

/* Apply the rule of S; a record that breaks it is bad. */
enum next rule_step(struct mapper *m, struct map_step *s, struct flow *flow, int *ret) MUST_CHECK;

#endif
