/* Reading one statement. */
#ifndef WEIR_CMD_MAP_STATEMENT_H
#define WEIR_CMD_MAP_STATEMENT_H

#include "cmd/map/step.h"
#include "cmd/map/words.h"

/* Read the statement of W into S.  0, or -EINVAL with a reason. */
int statement_parse(struct map_words *w, struct map_step *s) MUST_CHECK;

/* Append the kinds of statements, whole lines, for --help. */
void statement_help(struct strbuf *out);

#endif
