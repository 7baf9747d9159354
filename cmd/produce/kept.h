/*
 * The records of a marked stream that wait for their transaction: in memory and, beyond a limit, in an unlinked file.
 *
 * A transaction must not be as old as a batch, because the broker aborts it after transaction.timeout.ms.  So it begins
 * when the batch is complete, and until then its records are here, ready to be sent.
 */
#ifndef WEIR_PRODUCE_KEPT_H
#define WEIR_PRODUCE_KEPT_H

#include "common/base/numset.h"
#include "common/io/spool.h"
#include "common/kafka/record.h"
#include "common/stream/sink_places.h"

struct kept_records {      /* zeroed at first, except for `memory`, `topic` and `lines` */
	const char *topic; /* borrowed: of records that have one */
	uint64_t memory;   /* bytes */
	bool lines;        /* records are kept as they were read, too */
	uint64_t count;
	struct numset left_out; /* the numbers of records that are skipped */
	bool open;
	struct spool spool;
	struct sink_places places;
	const char *map; /* while they are read */
	size_t size, at, passed;
	struct record_header *headers; /* of the last record that was read */
	size_t headers_room;
	uint64_t next, nr; /* of the next record and the last one */
	const char *line;  /* the last one as it was read; NULL: it is not kept, or was not read */
	size_t line_len;
};

/* Drop all records. */
void kept_clear(struct kept_records *k);

/*
 * Add R, of which key, value, partition, timestamp, headers and whether it has a topic are kept.  PLACE counts it as
 * its last one; the LEN bytes at LINE (NULL: none) are what it was made of.  R and LINE are not of K.  0 or -errno of
 * memory, or of the file in $TMPDIR.
 */
int kept_add(struct kept_records *k, const struct record *r, const char *line, size_t len,
	const struct sink_place *place) MUST_CHECK;

/* All records are added: begin to read them, perhaps again.  0 or -errno. */
int kept_begin(struct kept_records *k) MUST_CHECK;

/*
 * The next record that is not left out, or false.  Key, value and line are valid until kept_passed(), kept_add() or
 * kept_clear(), headers until the next call.
 */
bool kept_next(struct kept_records *k, struct record *ret) MUST_CHECK;

/* Everything that was read so far is no longer needed: it need not be in memory. */
void kept_passed(struct kept_records *k);

/* The number, from 0, of the record that is the Nth, from 1, of those that are not left out. */
uint64_t kept_nth(const struct kept_records *k, uint64_t n);

#endif
