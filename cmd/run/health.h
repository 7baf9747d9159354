/*
 * The file of --health: one line of JSON about the state of the pipeline, replaced as a whole.
 */
#ifndef WEIR_RUN_HEALTH_H
#define WEIR_RUN_HEALTH_H

#include <stdint.h>

#include "cmd/run/core.h"
#include "common/base/strbuf.h"

enum { HEALTH_EVERY_MS = 10000 }; /* how often the time in the file is renewed while the pipeline runs */

/* The word for the state of CORE. */
const char *health_state(const struct core *core);

/* Since when, by clock_ms(). */
int64_t health_since(const struct core *core);

/* Append the line; what is in it says health_write(). */
void health_add(struct strbuf *b, const struct core *core, const struct outcome *last, int64_t now);

/*
 * Write PATH: the state of CORE and since when it has lasted, the number of restarts, and the statuses of the last end,
 * LAST (no end yet: its count is 0 and its shell negative).  NOW is clock_ms().  0 or an error of file_replace().
 */
int health_write(const char *path, const struct core *core, const struct outcome *last, int64_t now) MUST_CHECK;

#endif
