/*
 * Where records were read: topic, partition and offsets.
 *
 * Layer: stream (uses base, mark).  Records do not carry their offsets, but the mark of their batch has the ranges that
 * were read, and a record as `consume --format json` or `--envelope` writes it names its own.
 */
#ifndef WEIR_STREAM_ORIGIN_H
#define WEIR_STREAM_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/stream/mark.h"

#define ORIGIN_TOPIC_MAX 249

/* The records of a partition with offsets from `from` up to, but not including, `to`. */
struct origin {
	char topic[ORIGIN_TOPIC_MAX + 1]; /* as in JSON, escapes kept; empty: not known */
	int64_t partition, from, to;      /* -1: not known */
};

/*
 * Whether the record of LEN bytes at S is an object that names its topic, partition and offset; if so, *RET is set.
 * Anyone can write such a record: see origin_within().
 */
bool origin_of_record(const char *s, size_t len, struct origin *ret) MUST_CHECK;

/* Call TAKE for each partition in `off` of MARK with records: {"topic":{"0":[from,to],…},…}. */
void origin_each(const struct mark *mark, void (*take)(void *arg, const struct origin *r), void *arg);

/* Whether the record AT lies in the ranges that the batch of MARK has read. */
bool origin_within(const struct origin *at, const struct mark *mark) MUST_CHECK;

/* What all records of the batch of MARK have in common: the topic, and the partition with its offsets. */
void origin_of_batch(const struct mark *mark, struct origin *ret);

/*
 * Where the NTH record (from 1; 0: not known) of the batch of MARK was read, as far as that is certain.  The result is
 * what the record itself says, in NAMED (which has nothing when `from` equals `to`).  Otherwise it is what all records
 * of the batch have in common, and also the offset when there is one partition and the mark comes straight from the
 * source.
 */
void origin_find(const struct mark *mark, const struct origin *named, uint64_t nth, struct origin *ret);

#endif
