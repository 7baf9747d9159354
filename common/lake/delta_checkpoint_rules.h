/*
 * When a Delta table gets a new checkpoint, which actions that lists, and which are old enough to be left out.
 *
 * Layer: lake (uses log, ids).
 */
#ifndef WEIR_LAKE_DELTA_CHECKPOINT_RULES_H
#define WEIR_LAKE_DELTA_CHECKPOINT_RULES_H

#include "common/lake/log.h"

#define DELTA_CHECKPOINT_EVERY 100 /* versions */

struct checkpoint_rules {
	/* files that were removed before this time, in ms since the epoch, are no longer listed */
	int64_t removed_from;
	int64_t now_ms;
};

/* How many versions lie between two checkpoints of the table of LOG: by its property `delta.checkpointInterval`, or
 * DELTA_CHECKPOINT_EVERY.
 */
int64_t delta_checkpoint_every(const struct log *log);

/* The rules for the table of LOG at the present time, by its property `delta.deletedFileRetentionDuration`. */
struct checkpoint_rules delta_checkpoint_rules(const struct log *log);

/*
 * Whether ACTION, called NAME, is listed; it is not when it is an id of weir that is too old, or a file that was
 * removed long ago.
 */
bool delta_checkpoint_lists(const struct checkpoint_rules *rules, const char *name, json_t *action);

/* A property that is an interval, such as `interval 7 days` or `168 hours`, in milliseconds; -1 for any other text. */
int64_t delta_duration_ms(const char *s);

#endif
