/* The state that survives a crash: see state.c. */
#ifndef WEIR_AGGREGATE_STATE_H
#define WEIR_AGGREGATE_STATE_H

#include <string.h>

#include "cmd/aggregate/aggregate.h"
#include "cmd/aggregate/saved.h"

/* The callbacks of struct checkpoint_ops, with a struct aggregate. */
extern const struct checkpoint_ops state_form;

#endif
