/*
 * The groups of a batch, or of a pane of windows (common/stat/window.h).
 */
#ifndef WEIR_AGGREGATE_PANE_H
#define WEIR_AGGREGATE_PANE_H

#include "cmd/aggregate/query.h"
#include "common/data/groups.h"

/* What all panes share. */
struct pane_set {
	struct query *query;
	struct hash_seed seed;
	uint64_t max_groups; /* of all panes together; 0: any number */
	uint64_t groups;     /* existing ones */
	bool other;          /* groups beyond the limit are combined into one */
	uint64_t overflowed; /* how often the block of those was requested */
};

struct pane {
	struct pane_set *set;
	int64_t start_ms, end_ms;
	struct groups groups;
	void *other; /* the block of the groups beyond --max-groups; NULL: there are none */
};

void pane_init(struct pane *pane, struct pane_set *set, int64_t start_ms, int64_t end_ms);
void pane_release(struct pane *pane);

/* The block of KEY, created if necessary; NULL: there would be one group too many. */
void *pane_block(struct pane *pane, const char *key, size_t len) MUST_CHECK;
void *pane_block_of(struct pane *pane, const struct groups_key *key) MUST_CHECK;

/* The block of the groups beyond --max-groups. */
void *pane_other(struct pane *pane);

/* Call ON_GROUP with SELF for each group, in the order of their creation. */
void pane_each(const struct pane *pane, void (*on_group)(void *self, const struct key_group *group), void *self);

/* Join all groups of FROM, whose records are later, to INTO.  False: there are too many groups. */
bool pane_merge(struct pane *into, const struct pane *from) MUST_CHECK;

#endif
