/*
 * Tumbling and sliding windows: the open panes.  See store.h for the operations.
 */
#ifndef WEIR_AGGREGATE_WINDOWS_H
#define WEIR_AGGREGATE_WINDOWS_H

#include "cmd/aggregate/pane.h"

struct windows {
	struct pane **panes; /* by start */
	size_t count, room;
	struct pane merged;
};

#endif
