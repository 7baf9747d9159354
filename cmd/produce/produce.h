/*
 * What the files of produce share: the settings, and a run through all inputs.
 */
#ifndef WEIR_PRODUCE_PRODUCE_H
#define WEIR_PRODUCE_PRODUCE_H

#include <string.h>

#include "cmd/produce/from.h"
#include "cmd/produce/pace.h"
#include "cmd/produce/places.h"
#include "cmd/produce/txn.h"
#include "common/data/json_record.h"
#include "common/data/rejects.h"
#include "common/stream/filter.h"
#include "common/stream/sink.h"

enum produce_format { PRODUCE_RAW, PRODUCE_JSON, PRODUCE_FILE };

struct produce_opts {
	struct kafka_opts kafka;
	struct filter_opts filter;
	const char *key;       /* of every record; NULL: none */
	const char *tombstone; /* the value that is sent as null; NULL: none is */
	struct from_opts from;
	struct strbuf cut;       /* the separator after the key in a line; empty: lines have no key */
	uint64_t partition;      /* UINT64_MAX: the partitioner chooses */
	struct opt_list headers; /* NAME=VALUE each */
	uint64_t rate;           /* records a second; 0: as many as possible */
	int codec;               /* index of its name, -1: as configured */
	int format;              /* enum produce_format */
	int64_t timeout_ms;
	struct sink_policy policy; /* of a marked stream */
	bool keep_partition, keep_timestamp;
	struct rejects_opts rejects;
	const char *dead_letter; /* the topic for rejected records; NULL: none */
};

struct produce {
	const struct produce_opts *opts;
	struct sender sender;
	struct record_header *headers; /* those of -H, then room for those of a record; owned */
	size_t header_count, room;
	const char *input; /* the current one */
	struct places places;
	uint64_t records; /* records handed over so far, dead letters, too */
	uint64_t dead;    /* of these, dead letters */
	struct pace pace;
	struct rejects rejects;
	struct json_record reader; /* with --format json */
	bool fields;               /* lines are read for their fields */
	struct from from;

	/* In a marked stream: */
	struct sink_place *place; /* of the record that is being read; NULL: the stream is plain */
	struct kept_records kept;
	struct txn txn;
	struct sender_setup setup;
	char *table; /* what the group's offsets are the positions of: `topic:NAME`; owned */
	char *group; /* owned */
};

/* Run the program, whose options are checked; returns its exit status after all messages. */
int produce_run(
	const struct produce_opts *opts, const struct opt_spec *spec, const char *topic, char **files) MUST_CHECK;

/* The formats: filter callbacks, SELF is the struct produce.  Lines whose fields are read are `fields`. */
int produce_raw(void *self, const char *s, size_t len, struct flow *flow) MUST_CHECK;
int produce_json(void *self, const char *s, size_t len, struct flow *flow) MUST_CHECK;
int produce_fields(void *self, const char *s, size_t len, struct flow *flow) MUST_CHECK;

/* No more bytes come: send the record of CSV that is still open. */
int produce_fields_end(struct produce *p) MUST_CHECK;

/* Each of FILES, or standard input if there is none, is one record.  Returns as sink_run(). */
int produce_files(struct produce *p, char **files) MUST_CHECK;

/* Whether the LEN bytes at VALUE (NULL: there is none already) stand for no value. */
static inline bool produce_is_tombstone(const struct produce *p, const char *value, size_t len)
{
	const char *text = p->opts->tombstone;
	return text && value && strlen(text) == len && memcmp(text, value, len) == 0;
}

/*
 * Called before the records of a span: notes which input they are from, and checks whether anything has failed.
 *
 * Returns 0, or an exit status when no more records are to be sent.
 */
int produce_begin(struct produce *p, const struct flow *flow) MUST_CHECK;

/*
 * Send R, made of the LEN bytes at S, or keep it for the transaction; one that is too large is bad (produce_bad()).
 * FLEETING: what R borrows is not valid any longer than this call.  0, or an exit status.
 */
int produce_put(struct produce *p, const struct record *r, const char *s, size_t len, bool fleeting) MUST_CHECK;

/* How many records were read so far. */
static inline uint64_t produce_read(const struct produce *p)
{
	return p->records - p->dead + p->rejects.count;
}

/* "record 7 of x" for the record of this number, from 1. */
void produce_where(const void *self, uint64_t record, struct strbuf *text);

/*
 * The next record cannot be sent, for the reason WHY.  Hand over the records before it, then report that this one and
 * all after it are not sent.  Returns STATUS.
 */
int produce_stop(struct produce *p, int status, const char *why) MUST_CHECK;

/*
 * Send the bad record REC to the dead letters, as it is, with the reason in its headers; in a marked stream, keep it
 * for the transaction, at p->place.  0 or an exit status after a message.
 */
int produce_bury(struct produce *p, const struct aside_record *rec) MUST_CHECK;

/*
 * The next record, the LEN bytes at S, cannot be sent because of WHAT: reject it, or end the program like
 * produce_stop(), with EXIT_DATA.  0 to go on without it, or an exit status.  In a marked stream nothing of its batch
 * is sent.
 */
int produce_bad(struct produce *p, const char *s, size_t len, const char *what) MUST_CHECK;

#endif
