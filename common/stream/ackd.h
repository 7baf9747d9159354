/*
 * The source's side of acknowledgements: the socket on which sinks send hello, at, seen and ack (doc/design.md, 3; the
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
	int fd; /* -1: the sink has disconnected after the final mark */
	bool hello;
	bool began;         /* its table had positions of the group when it said hello */
	bool in_group;      /* it commits the group's positions itself */
	char *name, *table; /* as sent with hello or an ack; table is NULL when it has none */
	long pid;
	uint64_t seen, done;             /* the highest batch seen or acknowledged, plus one; 0: none */
	uint64_t answered;               /* number of the last Q it answered, plus one */
	json_t *at, *last, *cut, *parts; /* that answer, owned; NULL before the first one */
	struct strbuf line;              /* the part of the next line that has arrived */
};

struct ackd {
	int fd;       /* listening; -1 when closed */
	int lock;     /* the descriptor that holds the directory's lock while this process lives (ackdir.h) */
	int greeting; /* tells sinks whose input looks plain that we wait for them (greeting.h); negative: none */
	char *path;   /* path of the socket; it has no byte that JSON would escape */
	uint64_t run;
	size_t want;   /* number of sinks expected */
	uint64_t last; /* 0 before the final mark; then the number of batches that a sink must have acknowledged before
			  it may leave */
	struct ackd_sink sinks[ACKD_SINKS_MAX];
	size_t count;
};

/*
 * Make a directory (0700, in $XDG_RUNTIME_DIR or /tmp) with a socket (0600) in it and listen for WANT sinks (1 to
 * ACKD_SINKS_MAX) of run RUN.  Sockets that dead runs of the same user have left there are removed.  0, or -errno with
 * the reason in ERR.
 */
int ackd_open(struct ackd *d, uint64_t run, size_t want, struct strbuf *err) MUST_CHECK;

/*
 * Close everything and remove socket and directory; D may be opened again.  D may also be all zero except for fd, which
 * is -1.
 */
void ackd_close(struct ackd *d);

/* Fill FDS (room for ACKD_SINKS_MAX + 1) with what to poll for; returns how many. */
size_t ackd_poll(const struct ackd *d, struct pollfd *fds);

/*
 * Accept connections and read whatever has arrived, without blocking.
 * Returns 0; -EPIPE when a sink that said hello has disconnected too early; -EPERM when another user connects; -EPROTO
 * for a line that no sink writes, another run, another version or too many sinks.  ERR gets the reason, and which sink.
 */
int ackd_serve(struct ackd *d, struct strbuf *err) MUST_CHECK;

/*
 * Call it when the final mark is written: from now on sinks may leave once they have acknowledged all BATCHES (at least
 * 1).
 */
void ackd_final(struct ackd *d, uint64_t batches);

/* Whether all sinks said hello. */
bool ackd_ready(const struct ackd *d);

/* The highest batch that all sinks have acknowledged, plus one (0: none); the same for seen. */
uint64_t ackd_done(const struct ackd *d);
uint64_t ackd_seen(const struct ackd *d);

/* Whether all sinks have answered the Q mark of BATCH. */
bool ackd_answered(const struct ackd *d, uint64_t batch);

/*
 * The offset at which reading of TOPIC PARTITION must go on, by the sinks' answers to the last Q.
 *
 * Sets *ret to the next offset, or -1 when no sink has one.  Returns 0, or -EEXIST when sinks disagree, with the
 * positions in ERR.  A sink whose answer does not name the partition stores no positions at all and agrees with any;
 * one that answers null can store a position and has none yet.  That counts as a position like any other: starting
 * later would leave out records in that sink.
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

/* Whether some sink commits the group's positions itself. */
bool ackd_in_group(const struct ackd *d);

/*
 * The cut of that position of TOPIC PARTITION.  It is not known when a sink that can hold positions of the partition
 * does not know a cut, or when the cuts of sinks differ.  Differing cuts only matter to programs with state.
 */
struct cut ackd_cut(const struct ackd *d, const char *topic, int32_t partition);

/*
 * What the sinks know of the last record of TOPIC PARTITION: fills the last_ members of *RET, or returns false when
 * they know nothing.
 */
bool ackd_last(const struct ackd *d, const char *topic, int32_t partition, struct mark_range *ret);

#endif
