/*
 * Tumbling and sliding windows: the open panes.  See store.h for the operations.
 */
#ifndef WEIR_AGGREGATE_WINDOWS_H
#define WEIR_AGGREGATE_WINDOWS_H

#include "cmd/aggregate/pane.h"

struct windows {
	struct pane **panes; /* by start; in `all`, where `before` removed ones precede them */
	size_t count, before;
	struct pane **all;
	size_t room;
	struct pane merged;
};

#endif
