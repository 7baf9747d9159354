/*
 * What the files of produce share: the settings, and a run through all inputs.
 */
#ifndef WEIR_PRODUCE_PRODUCE_H
#define WEIR_PRODUCE_PRODUCE_H

#include "cmd/produce/places.h"
#include "cmd/produce/sender.h"
#include "common/base/verbosity.h"
#include "common/data/json_record.h"
#include "common/data/rejects.h"
#include "common/stream/filter.h"

enum produce_format { PRODUCE_RAW, PRODUCE_JSON };

struct produce_opts {
	struct kafka_opts kafka;
	struct filter_opts filter;
	const char *key;         /* of every record; NULL: none */
	struct strbuf cut;       /* the separator after the key in a line; empty: lines have no key */
	uint64_t partition;      /* UINT64_MAX: the partitioner chooses */
	struct opt_list headers; /* NAME=VALUE each */
	int codec;               /* index of its name, -1: as configured */
	int format;              /* enum produce_format */
	int64_t timeout_ms;
	bool keep_partition, keep_timestamp;
	struct rejects_opts rejects;
	struct verbosity verbosity;
};

struct produce {
	const struct produce_opts *opts;
	struct sender sender;
	rd_kafka_headers_t *headers; /* the headers of -H; NULL when there are none */
	const char *input;           /* the current one */
	struct places places;
	uint64_t records; /* records handed over so far */
	struct rejects rejects;
	struct json_record reader; /* with --format json */
};

/* The two formats: filter callbacks, SELF is the struct produce. */
int produce_raw(void *self, const char *s, size_t len, struct flow *flow) MUST_CHECK;
int produce_json(void *self, const char *s, size_t len, struct flow *flow) MUST_CHECK;

/*
 * Called before the records of a span: notes which input they are from, and checks whether anything has failed.
 *
 * Returns 0, or an exit status when no more records are to be sent.
 */
int produce_begin(struct produce *p, const struct flow *flow) MUST_CHECK;

/* "record 7 of x" for the record of this number, from 1. */
void produce_where(const void *self, uint64_t record, struct strbuf *text);

/*
 * The next record cannot be sent, for the reason WHY.  Hand over the records before it, then report that this one and
 * all after it are not sent.  Returns STATUS.
 */
int produce_stop(struct produce *p, int status, const char *why) MUST_CHECK;

/*
 * The next record, the LEN bytes at S, cannot be sent because of WHAT: reject it, or end the program like
 * produce_stop(), with EXIT_DATA.  0 to go on without it, or an exit status.
 */
int produce_bad(struct produce *p, const char *s, size_t len, const char *what) MUST_CHECK;

/* The same for a record whose key and value are too large by sender_fits(). */
int produce_too_large(struct produce *p, const char *s, size_t len, const struct record *r) MUST_CHECK;

#endif
