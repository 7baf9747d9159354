/*
 * Finds out which record of which input was handed over, for messages about records that were not acknowledged.
 *
 * Part of produce; uses base.  Records are numbered from 1 in the order in which they are handed over.  A place is the
 * beginning of a run of them that are consecutive in one input, without a rejected record between them.  Places of
 * records to which no message can refer any more are dropped (places_forget()).
 */
#ifndef WEIR_PRODUCE_PLACES_H
#define WEIR_PRODUCE_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

struct produce_place {
	const char *input; /* borrowed; outlives the places */
	uint64_t before;   /* records handed over before it */
	/* number, in the input, of the record before it, rejected or not; 0: the input begins there */
	uint64_t number;
};

struct places { /* zeroed at first */
	struct produce_place *all;
	size_t count, room;
};

/* INPUT begins, after BEFORE records. */
void places_begin(struct places *p, const char *input, uint64_t before);

/* The number in its input, from 1, of the record that comes after BEFORE records; an input must have begun. */
uint64_t places_next(const struct places *p, uint64_t before);

/* The next record is not handed over. */
void places_skip(struct places *p, uint64_t before);

/* Append "record 7 of x" for RECORD, from 1; nothing when it lies before the first place. */
void places_describe(const struct places *p, uint64_t record, struct strbuf *text);

/* No record that was handed over so far will be described any more: keep only what later records need. */
void places_forget(struct places *p);

void places_release(struct places *p);

#endif
