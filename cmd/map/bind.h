/* Where the fields of a program's expressions come from: the reader of records, or the row once a statement has set it.
 */
#ifndef WEIR_CMD_MAP_BIND_H
#define WEIR_CMD_MAP_BIND_H

#include "cmd/map/mapper.h"

struct map_source {
	int slot; /* of the reader's values; -1: the row, */
	/* Or, without a row, what this step has set; NULL: it cannot be known without one. */
	const struct map_step *set;
};

/* Find the sources of all fields and the first step that needs the row.  0, or as records_add() with the reason in ERR.
 */
int bind_program(struct mapper *m, struct strbuf *err) MUST_CHECK;

/* When m->splices: where the record has the fields that are set.  The same. */
int bind_places(struct mapper *m, struct strbuf *err) MUST_CHECK;

/* The value of S's expression; valid until it is evaluated again. */
const struct value *bind_evaluate(struct mapper *m, struct map_step *s);

#endif
