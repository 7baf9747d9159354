/* The output, from rows to bytes; private to emit*.c. */
#ifndef WEIR_AGGREGATE_EMIT_IMPL_H
#define WEIR_AGGREGATE_EMIT_IMPL_H

#include "cmd/aggregate/emit.h"

void emit_write_init(struct emit *e);

/*
 * The first function writes the text before the first row of a time; the second one writes the row in e->row.  Both
 * return like emit_end.
 */
int emit_write_begin(struct emit *e, struct flow *flow) MUST_CHECK;
int emit_write_row(struct emit *e, struct flow *flow) MUST_CHECK;

#endif
