/*
 * What --metrics shows of `run` and its pipeline: /metrics and /healthz.
 */
#ifndef WEIR_RUN_VIEW_H
#define WEIR_RUN_VIEW_H

#include "cmd/run/core.h"
#include "common/base/strbuf.h"

/* All of it borrowed. */
struct view {
	const struct core *core;
	const struct outcome *last; /* the last end; before it count is 0 and shell negative */
	const char *dir;            /* of the programs' metrics (metrics_dir.h) */
};

/* A serve_answer (serve.h); ARG is the view. */
unsigned view_answer(void *arg, const char *path, struct strbuf *body, const char **ret_type);

#endif
