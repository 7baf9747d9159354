/*
 * tee: records that go into a file, too, at least once, in the form of --rejects: after a crash the run and the batch
 * in each line tell what came twice.
 */
#ifndef WEIR_CMD_MAP_TEE_H
#define WEIR_CMD_MAP_TEE_H

#include "cmd/map/decide.h"

/* Open the files, which must be neither the output, nor one of OPERANDS, nor each other.  OPT_GO, or an exit status. */
int tee_open(struct mapper *m, char **operands) MUST_CHECK;

/* Append the row to the file of S if the condition holds. */
enum next tee_step(struct mapper *m, struct map_step *s, struct flow *flow, int *ret) MUST_CHECK;

/* The batch of MARK has ended.  0, or an exit status after a message. */
int tee_batch(struct mapper *m, const struct mark *mark) MUST_CHECK;

/* Close the files.  The same. */
int tee_close(struct mapper *m) MUST_CHECK;

#endif
