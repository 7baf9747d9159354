/*
 * consume --batch: the marked stream and its acknowledgements (DESIGN section 4, weir-stream(7)).
 *
 *     batch      limits, beginning and end
 *     marks      what marks say
 *     gain       an assignment: ask the sinks, agree on where each partition goes on
 *     acks       what sinks say, and what may be committed for it
 *
 * A batch is open from R, or from the B before, until its own B.  It belongs to the assignment of its time: what sinks
 * acknowledge of an assignment that is gone commits nothing to the group.
 */
#ifndef WEIR_CONSUME_BATCH_H
#define WEIR_CONSUME_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include <librdkafka/rdkafka.h>

#include "common/io/ackd.h"
#include "common/io/mark.h"
#include "positions.h"

struct consume;

enum { BATCH_MESSAGES = 1000 }; /* of librdkafka at once */

struct batch_options {
	bool on;
	int64_t interval_ms;
	uint64_t records, bytes; /* UINT64_MAX: no limit */
	uint64_t sinks;
	int64_t sink_timeout_ms, drain_timeout_ms, stall_warning_ms;
	bool adopt;
	bool skip_lost;
};

/* A batch that was cut and is not acknowledged yet. */
struct cut {
	uint64_t number;
	unsigned epoch; /* of the assignment */
	struct cut_part {
		struct position *p;
		int64_t to;
	} * parts; /* owned */
	size_t count;
	struct cut *next;
};

struct batch {
	bool on;          /* stdout takes marks */
	bool resumed;     /* R was written: there are batches */
	bool finishing;   /* F is written: sinks may go once they have acknowledged */
	struct ackd acks; /* fd -1: not open */
	struct mark mark; /* the next one: run, number, times */
	struct strbuf text;
	uint64_t bytes;                           /* of the records of the open batch */
	int64_t due;                              /* when it is to be cut, clock_ms() */
	int64_t ts_min, ts_max, watermark;        /* -1: none */
	struct cut *first, **last;                /* not acknowledged, oldest first */
	uint64_t done;                            /* batches that all sinks have acknowledged */
	uint64_t unseen;                          /* the oldest batch that not all sinks have seen */
	int64_t unseen_since;                     /* since then its mark is behind an empty pipe, 0: not so */
	uint64_t warned;                          /* the batch that the last warning was about, plus one */
	struct position *touched[BATCH_MESSAGES]; /* have a newest record */
	size_t touched_count;
};

/* TIME[,RECORDS][,BYTES]; see struct opt's parse.  DEST is a struct batch_options. */
int batch_parse(const char *value, void *dest, struct strbuf *err);

/* Open the socket, write S and wait for the sinks; false after consume_fail() or a signal. */
bool batch_begin(struct consume *c);
void batch_release(struct consume *c);

/*
 * The id of a table that the sinks write to: WANTED (may be NULL) if one of them does, else one of theirs, as the
 * group's metadata can hold one only; NULL: none has a table.  Borrowed.
 */
const char *batch_table(const struct consume *c, const char *wanted);

/* M, a record of P, was put into the output; it is ours now, and the newest of each partition is kept. */
void batch_count(struct consume *c, struct position *p, rd_kafka_message_t *m);

/* Take down of the newest records what marks say of them, and destroy them. */
void batch_settle(struct consume *c);

/* What tells M from another record at the same offset. */
struct identity record_identity(const rd_kafka_message_t *m);

/* Whether the open batch has as many records or bytes as it may. */
bool batch_full(const struct consume *c);

/* Cut the open batch if it is time to. */
bool batch_serve(struct consume *c);

/* How long to wait at most for the next record, given TIMEOUT_MS. */
int batch_wait_ms(const struct consume *c, int timeout_ms);

/* marks.c, each false after consume_fail().  S. */
bool batch_start(struct consume *c);

/* B; FLUSH asks sinks to commit. */
bool batch_cut(struct consume *c, bool flush);

/* Q for the partitions of LIST; R for all that are assigned. */
bool batch_query(struct consume *c, const rd_kafka_topic_partition_list_t *list);
bool batch_resume(struct consume *c);

/* F */
bool batch_final(struct consume *c);

/* B, F, the end of standard output, and the last acknowledgement.  False after consume_fail(). */
bool batch_finish(struct consume *c);

/* gain.c: the group (or -p) has given us LIST: agree with the sinks and start reading. */
void gain(struct consume *c, rd_kafka_topic_partition_list_t *list);

/* gain.c: compare M with what the sink knows of the last record before the start; true: M is not to be written. */
bool gain_verify(struct consume *c, struct position *p, const rd_kafka_message_t *m);

/* acks.c: read what sinks say; a sink that has gone ends the program. */
void acks_serve(struct consume *c);

/* acks.c: all batches that were cut are acknowledged. */
bool batch_settled(const struct consume *c);

/*
 * acks.c: serve until READY, for TIMEOUT_MS; after a second a line says that WHAT is waited for.  False: not ready
 * (time, failure, rebalance, or a signal if SIGNALS count).
 */
bool acks_wait(
	struct consume *c, bool (*ready)(const struct consume *c), const char *what, int64_t timeout_ms, bool signals);

/* acks.c: remember what batch NUMBER holds, until it is acknowledged. */
void acks_expect(struct consume *c, uint64_t number);
void acks_release(struct consume *c);

#endif
