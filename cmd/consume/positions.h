/*
 * The partitions that are read, and how far: the table that all of consume shares.
 *
 * A position is the offset of the next record.  There are three of each partition: `next` is behind the last record
 * that was put into the output buffer, `written` behind the last one that has left for standard output, `committed`
 * what the group knows.  next >= written >= committed (unless --reset), and each only grows while the partition stays
 * assigned.
 */
#ifndef WEIR_CONSUME_POSITIONS_H
#define WEIR_CONSUME_POSITIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <librdkafka/rdkafka.h>

#include "common/base/strbuf.h"

/* In the metadata of the group's offsets, before the id of the table that they are a copy of. */
#define TABLE_PREFIX "weir:"

#define POSITION_NONE  (-1)
#define POSITION_NEVER INT64_MAX

/* What tells a record from another one that stands at the same offset after the topic was made anew. */
struct identity {
	bool known;
	int64_t offset, ms; /* ms -1: no timestamp */
	uint32_t crc;       /* CRC-32 of the key followed by the value */
};

struct position {
	char *topic; /* owned by the table */
	int32_t partition;
	int64_t next, written, committed; /* committed may be POSITION_NONE */
	int64_t end;                      /* the first offset not to be read any more; POSITION_NEVER */
	int64_t lo, hi, stored, timed;    /* what range.c was told about the partition */
	unsigned epoch;                   /* the assignment in which it was gained */
	bool assigned;
	bool lost;            /* its next record is gone: range_serve() is to find out what that means */
	bool held;            /* a sink can hold a position of it, by the answers to the last Q */
	bool heard;           /* something came of it since it was assigned (see source.c) */
	bool ended;           /* next has reached end */
	bool end_known;       /* end holds, also for later assignments */
	struct strbuf prefix; /* of JSON records; empty until needed */

	int64_t max_ms;         /* of all records that were read; -1: none with a time */
	struct identity anchor; /* the last record that was read at the last look of anew.c */
	int64_t anchor_max_ms;  /* max_ms then */
	int64_t checked;        /* an answer that anew.c has found harmless */

	/* In a marked stream; `written` is then what the sinks have acknowledged. */
	bool in_batch; /* the open batch lists it, from offset `from`, with so many records */
	int64_t from;
	uint64_t records;
	int64_t was;                /* the sinks' answer to the last Q; POSITION_NONE */
	int64_t reached;            /* behind the last record of this run, over all assignments; POSITION_NONE */
	struct identity last;       /* the last record that was read */
	struct identity before;     /* what the sinks know of the record before the start, to be verified */
	rd_kafka_message_t *newest; /* becomes `last`; owned, NULL after batch_settle() */
	char *table;                /* in the group's metadata; owned, NULL: none */
};

struct topic_positions {
	char *name;
	int32_t at_start;             /* how many partitions it had when the program began; 0: it was not there */
	int32_t parts;                /* how many it had when the group began, as far as is known (see starts.h) */
	rd_kafka_topic_t *handle;     /* see simple.c, which owns it; NULL: none */
	bool stored;                  /* the group had positions of it when the program began */
	struct position **partitions; /* NULL where there is none */
	size_t count;
};

struct positions {
	struct topic_positions *topics; /* sorted by name */
	size_t topic_count;
	struct position **all; /* in the order in which they came */
	size_t count;
	size_t assigned, open; /* how many are assigned; of these, how many have not ended */
	size_t unheard;        /* of these, how many were not heard of */
	bool stored;           /* the group had positions when the program began, of whatever topic */
	unsigned epoch;        /* the current assignment */
	/* The answer to the last question, because records of a partition come in runs; valid within a batch. */
	const rd_kafka_topic_t *last_topic;
	struct position *last;
};

void positions_release(struct positions *t);

/* The entry of a partition, made if there is none; it stays where it is until the release. */
struct position *positions_get(struct positions *t, const char *topic, int32_t partition);

/* The entry of a topic, made if there is none; valid until the next one is made. */
struct topic_positions *positions_topic(struct positions *t, const char *name);

/* A new batch of messages: forget which librdkafka topic object stood for which name. */
void positions_new_batch(struct positions *t);

/* The entry of M's partition. */
struct position *positions_of(struct positions *t, const rd_kafka_message_t *m);

/* From now on P is read from offset START, in the current epoch. */
void positions_assign(struct positions *t, struct position *p, int64_t start);

/* Something came of P. */
static inline void positions_hear(struct positions *t, struct position *p)
{
	t->unheard -= !p->heard;
	p->heard = true;
}

/*
 * P moves on to offset NEXT; notes when it has reached its end.  P may have been taken away while its record was half
 * written: it counts as open no more.
 */
static inline void positions_advance(struct positions *t, struct position *p, int64_t next)
{
	p->next = next;
	if (next >= p->end && p->assigned && !p->ended) {
		p->ended = true;
		t->open--;
	}
}

/* What is assigned goes on from `next` in a new epoch: records in hand are void. */
void positions_renew(struct positions *t);

/* Nothing is assigned any more; a new epoch begins. */
void positions_drop_all(struct positions *t);

/* Everything that was put into the output has left. */
void positions_written(struct positions *t);

/* A list of all assigned partitions, with `next` as offsets; the caller destroys it. */
rd_kafka_topic_partition_list_t *positions_list(const struct positions *t);

#endif
