/*
 * What the files of the sink driver share: sink.c carries out the actions of the core, sink_tell.c those of them that
 * tell the source, or the table, something.
 *
 * Layer: stream (uses ack, sink_core, sink_event, sink_ops).
 */
#ifndef WEIR_STREAM_SINK_IMPL_H
#define WEIR_STREAM_SINK_IMPL_H

#include <stdbool.h>

#include "common/stream/ack.h"
#include "common/stream/sink_ops.h"

struct sink_run {
	const struct sink_ops *ops;
	void *self;
	const char *plain_only;
	struct sink_core core;
	struct ack ack;
	struct sink_place place;
	bool committed; /* everything read so far is committed */
	bool unknown;   /* the outcome of the commit is not known */
};

/* Print ERR; returns the exit status for CODE, a negative errno. */
int sink_fail(int code, struct strbuf *err);

/* The actions of the core (sink_core.h): 0, or an exit status after a message. */
int sink_hello(struct sink_run *sink, const struct mark *mark, struct strbuf *err) MUST_CHECK;
int sink_answer(struct sink_run *sink, struct sink_event *event, struct strbuf *err) MUST_CHECK;
int sink_seen(struct sink_run *sink) MUST_CHECK;
int sink_acknowledge(struct sink_run *sink) MUST_CHECK;
int sink_resumed(struct sink_run *sink, const struct mark *mark, struct strbuf *err) MUST_CHECK;

#endif
