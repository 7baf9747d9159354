/*
 * The source driver: everything that is the same in programs that start a stream, except where records come from.
 *
 * Layer: stream (uses session, ackd, mark, output; jansson by ackd).  It is the part of the shell around a session
 * (session.h) that all sources share: it writes marks, reads what sinks send, and writes the output.  Nothing in it
 * blocks, prints or calls back; the source has the only loop, which waits for its own descriptors and those of
 * source_poll(), then
 *
 *     while ((r = source_hear_sinks(…, &event, …)) > 0) step(event);
 *     while ((r = source_hear_output(…, &event)) > 0) step(event);
 *     its own events, records while it is SESSION_READING, and EVENT_TIME
 *
 * where step() is session_step(), and then each action that source_act() does not do itself.  One thread.
 */
#ifndef WEIR_STREAM_SOURCE_H
#define WEIR_STREAM_SOURCE_H

#include <poll.h>

#include "common/stream/output.h"
#include "common/stream/source_mark.h"
#include "common/stream/source_sinks.h"

#define SOURCE_FDS_MAX (ACKD_SINKS_MAX + 2)

struct source {
	struct session_policy policy; /* set before source_open() */
	struct session session;       /* the source inits it with the policy */
	struct output output;
	struct source_sinks sinks; /* acks.fd -1: not open */
	struct source_start start; /* group and topics; the source's */
	struct mark hop;           /* what marks have in common */
	char delim;
	struct strbuf text;   /* a mark */
	struct strbuf detail; /* the answers of sinks that disagree */
	bool unflushed; /* set by the source: output was added since the session was last told that all had been written
			 */
	bool flush_asked; /* the session wants an event when all output is written */
	bool closing;     /* close standard output when everything is written */
	int failed;       /* the -errno of a sink's failure, which `failure` describes; 0: none */
	struct strbuf failure;
};

/* Prepare S, without opening anything but standard output; source_release() may follow. */
void source_init(struct source *s);
void source_release(struct source *s);

/* Begin a run of the program BY: with s->policy.marked listen for WANT sinks.  0, or -errno with the reason in ERR. */
int source_open(struct source *s, const char *by, uint64_t want, struct strbuf *err) MUST_CHECK;

/* Close standard output, unless that was done already, as at a clean end.  0 or -errno. */
int source_close(struct source *s) MUST_CHECK;

/* Carry out A if it is one of the driver's: marks, flush, close.  False: the source must do it. */
bool source_act(struct source *s, const struct session_action *a);

/*
 * Read what sinks have sent.  1: *RET is an event for the session, and there may be more; 0: nothing more; negative: a
 * sink has failed (see ackd_serve()), ERR says how.  What the sink sent before its failure is reported first.
 */
int source_hear_sinks(
	struct source *s, struct session_event *ret, struct session_part *ret_about, struct strbuf *err) MUST_CHECK;

/* Write output.  1: *RET is an event for the session; 0: nothing more; -errno: standard output is broken. */
int source_hear_output(struct source *s, struct session_event *ret) MUST_CHECK;

/*
 * Fill FDS (room for SOURCE_FDS_MAX) with what to poll for; returns how many.  After poll(2) call the source_hear_
 * functions.
 */
size_t source_poll(const struct source *s, struct pollfd *fds);
void source_polled(struct source *s, const struct pollfd *fds);

#endif
