/*
 * What a new checkpoint of a Delta table lists, and what is old enough to be forgotten.
 *
 * Layer: lake (uses log, ids).
 */
#ifndef WEIR_LAKE_DELTA_CHECKPOINT_RULES_H
#define WEIR_LAKE_DELTA_CHECKPOINT_RULES_H

#include "common/lake/log.h"

struct checkpoint_rules {
	int64_t removed_from; /* files that were removed before this time are not listed any more; epoch, ms */
	int64_t now_ms;
};

/* Those of the table of LOG, by its property `delta.deletedFileRetentionDuration`, as of now. */
struct checkpoint_rules delta_checkpoint_rules(const struct log *log);

/* Whether ACTION, called NAME, is listed: not when it is an id of ours that is too old, or a file removed long ago. */
bool delta_checkpoint_lists(const struct checkpoint_rules *rules, const char *name, json_t *action);

#endif
