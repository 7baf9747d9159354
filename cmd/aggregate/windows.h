/*
 * Tumbling and sliding windows: the panes that are open.  See store.h for what can be done with them.
 */
#ifndef WEIR_AGGREGATE_WINDOWS_H
#define WEIR_AGGREGATE_WINDOWS_H

#include "cmd/aggregate/pane.h"

struct windows {
	struct pane **panes; /* by start */
	size_t count, room;
	size_t last;     /* the one that was used last */
	int64_t next_ms; /* the end of the next window, INT64_MAX: none is open */
	struct pane merged;
};

#endif
