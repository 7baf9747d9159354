/*
 * The directory into which the programs of a pipeline write their metrics (common/io/metrics_file.h).
 */
#ifndef WEIR_RUN_METRICS_DIR_H
#define WEIR_RUN_METRICS_DIR_H

#include "cmd/run/metrics.h"

/*
 * Make the directory, which only this user can enter, in $RUNTIME_DIRECTORY, $XDG_RUNTIME_DIR, $TMPDIR or /tmp, and
 * name it in the environment of what is started from now on.  0 and *ret, for free(3) after metrics_dir_remove(); or
 * -errno with the reason in ERR.
 */
int metrics_dir_make(char **ret, struct strbuf *err) MUST_CHECK;

/* Remove the files in DIR, which programs of an earlier try have left. */
void metrics_dir_clear(const char *dir);

/* Remove DIR and what is in it. */
void metrics_dir_remove(const char *dir);

/*
 * Add the files of DIR to M, by the numbers of the processes, each with labels `program` and `number`: the how manyth
 * of its program it is.  What cannot be read is left out: it may just be replaced.
 */
void metrics_dir_read(const char *dir, struct metrics *m);

#endif
