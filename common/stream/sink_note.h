/*
 * What a sink reports while all is well (inform() of diag.h): at its start, for each commit, and at its end.
 *
 * Layer: stream (uses base, sink_ops).  Part of the sink driver.
 */
#ifndef WEIR_STREAM_SINK_NOTE_H
#define WEIR_STREAM_SINK_NOTE_H

#include "common/stream/sink_ops.h"

void sink_note_start(const struct sink_ops *ops, void *self, const struct sink_core *core);
void sink_note_commit(const struct sink_ops *ops, void *self, const struct sink_commit *commit);
void sink_note_done(const struct sink_figures *figures);

#endif
