/*
 * The source's side of acknowledgements: the socket that sinks say hello, at, seen and ack to (doc/design.md, 3; the
 * lines are in ack.h).
 *
 * Layer: stream (uses base, ack; jansson).  Nothing here blocks: the owner polls the descriptors of ackd_poll()
 * whenever it waits, and calls ackd_serve(), which reads what is there.  One thread.
 */
#ifndef WEIR_STREAM_ACKD_H
#define WEIR_STREAM_ACKD_H

#include <jansson.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/stream/mark_offsets.h"

#define ACKD_SINKS_MAX 64

struct ackd_sink {
	int fd; /* -1: it has left after the final mark */
	bool hello;
	bool began;         /* its table had positions of the group when it said hello */
	char *name, *table; /* as it said hello, or with an ack; table NULL when it has none */
	long pid;
	uint64_t seen, done;       /* highest batch, plus one; 0: none */
	uint64_t answered;         /* number of the last Q it answered, plus one */
	json_t *at, *last, *parts; /* that answer, owned; NULL before */
	struct strbuf line;        /* what has come of the next line */
};

struct ackd {
	int fd;       /* listening; -1 when closed */
	int lock;     /* says that this process lives (ackdir.h) */
	int greeting; /* for sinks that read what looks plain (greeting.h); may be negative */
	char *path;   /* of the socket; no byte that JSON would escape */
	uint64_t run;
	size_t want;   /* sinks that are expected */
	uint64_t last; /* the final mark is out: a sink may leave that has acknowledged so many batches; 0: it is not */
	struct ackd_sink sinks[ACKD_SINKS_MAX];
	size_t count;
};

/*
 * Make a directory (0700, in $XDG_RUNTIME_DIR or /tmp) with a socket (0600) in it and listen for WANT sinks (1 to
 * ACKD_SINKS_MAX) of run RUN.  What dead runs of the same user have left there is removed.  0, or -errno with text.
 */
int ackd_open(struct ackd *d, uint64_t run, size_t want, struct strbuf *err) MUST_CHECK;

/* Close all and remove socket and directory; D may be opened again.  Also for a D that is all zero but fd -1. */
void ackd_close(struct ackd *d);

/* Fill FDS (room for ACKD_SINKS_MAX + 1) with what to poll for; returns how many. */
size_t ackd_poll(const struct ackd *d, struct pollfd *fds);

/*
 * Accept and read whatever is there, without blocking.
 * Returns 0; -EPIPE when a sink that said hello has gone before it was done; -EPERM when another user connects, -EPROTO
 * for a line that is not ours, a foreign run, another version or too many sinks.  ERR says what, and for which sink.
 */
int ackd_serve(struct ackd *d, struct strbuf *err) MUST_CHECK;

/* The final mark goes out: from now on sinks may leave when they have acknowledged all BATCHES (1 at least). */
void ackd_final(struct ackd *d, uint64_t batches);

/* Whether all sinks said hello. */
bool ackd_ready(const struct ackd *d);

/* The highest batch that all sinks have acknowledged, plus one (0: none); the same for seen. */
uint64_t ackd_done(const struct ackd *d);
uint64_t ackd_seen(const struct ackd *d);

/* Whether all sinks have answered the Q mark of BATCH. */
bool ackd_answered(const struct ackd *d, uint64_t batch);

/*
 * Where the sinks want TOPIC PARTITION to go on, from their answers to the last Q.
 * Sets *ret to the next offset, or -1 when no sink holds one.  Returns 0, or -EEXIST when sinks disagree, with the
 * positions in ERR.  A sink whose answer does not name the partition holds no positions at all and agrees with all; one
 * that has null for it could hold one and has none, which is a position like others: what came before would be missing
 * there.
 */
int ackd_position(
	const struct ackd *d, const char *topic, int32_t partition, int64_t *ret, struct strbuf *err) MUST_CHECK;

/* Whether some sink can hold a position of TOPIC PARTITION, by the answers to the last Q: it is a table. */
bool ackd_holds(const struct ackd *d, const char *topic, int32_t partition);

/*
 * How many partitions TOPIC had when the group began to read it, by the answers to the last Q.
 * Sets *ret to the number, or to -1 when no sink knows one.  Returns 0, or -EEXIST when sinks disagree, with the
 * numbers in ERR.
 */
int ackd_parts(const struct ackd *d, const char *topic, int32_t *ret, struct strbuf *err) MUST_CHECK;

/* Whether some sink had positions of the group before this run, of whatever topic. */
bool ackd_began(const struct ackd *d);

/* What the sinks know of the last record of TOPIC PARTITION: fills *RET's last_ members; false: nothing. */
bool ackd_last(const struct ackd *d, const char *topic, int32_t partition, struct mark_range *ret);

#endif
