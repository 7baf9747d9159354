/*
 * Tumbling and sliding windows: the panes that are open.  See store.h for what can be done with them.
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
