/* Values that depend on records before: the statement step. */
#ifndef WEIR_CMD_MAP_RUNNING_H
#define WEIR_CMD_MAP_RUNNING_H

#include "cmd/map/decide.h"

/* Prepare the steps of M, with MEMORY bytes for all.  0, or -errno of getrandom(2) with the reason in ERR. */
int running_open(struct mapper *m, uint64_t memory, struct strbuf *err) MUST_CHECK;

/* Load what latest_save() wrote, as the callback of checkpoint.h. */
int running_load(struct mapper *m, bool full, const char *s, size_t len, struct strbuf *err) MUST_CHECK;

/* Set s->as by s->fields[0] of the record and what is known of its key. */
enum next running_step(struct mapper *m, struct map_step *s, struct flow *flow, int *ret) MUST_CHECK;

#endif
