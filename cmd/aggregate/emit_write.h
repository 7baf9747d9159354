/* The output, from rows to bytes; for emit.c only. */
#ifndef WEIR_AGGREGATE_EMIT_WRITE_H
#define WEIR_AGGREGATE_EMIT_WRITE_H

#include "cmd/aggregate/emit.h"

void emit_write_init(struct emit *e);

/* Before the first row of a time; the row in e->row.  Each returns as emit_end. */
int emit_write_begin(struct emit *e, struct flow *flow) MUST_CHECK;
int emit_write_row(struct emit *e, struct flow *flow) MUST_CHECK;

#endif
