/*
 * What the files of produce share: the settings, and a run through all inputs.
 */
#ifndef WEIR_PRODUCE_PRODUCE_H
#define WEIR_PRODUCE_PRODUCE_H

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
	struct strbuf cut;       /* ends the key within a line; empty: lines have none */
	uint64_t partition;      /* UINT64_MAX: the partitioner chooses */
	struct opt_list headers; /* NAME=VALUE each */
	int codec;               /* index of its name, -1: as configured */
	int format;              /* enum produce_format */
	int64_t timeout_ms;
	bool keep_partition, keep_timestamp;
	struct rejects_opts rejects;
	struct verbosity verbosity;
};

/* A stretch of records of an input without a rejected one between, in the numbering of those that were handed over. */
struct produce_input {
	const char *name;
	uint64_t before; /* records before it */
	uint64_t number; /* in the input of the record before it, rejected or not; 0: it begins there */
};

struct produce {
	const struct produce_opts *opts;
	struct sender sender;
	rd_kafka_headers_t *headers; /* those of -H, NULL when there are none */
	struct produce_input *inputs;
	size_t input_count;
	uint64_t records; /* that were handed over so far */
	struct rejects rejects;
	struct json_record reader; /* with --format json */
};

/* The two formats: filter callbacks, SELF is the struct produce. */
int produce_raw(void *self, const char *s, size_t len, struct flow *flow) MUST_CHECK;
int produce_json(void *self, const char *s, size_t len, struct flow *flow) MUST_CHECK;

/*
 * Before the records of a span: notes which input they are of, and looks whether anything has failed.
 *
 * Returns 0, or an exit status when no more is to be sent.
 */
int produce_begin(struct produce *p, const struct flow *flow) MUST_CHECK;

/* "record 7 of x" for the record of this number, from 1. */
void produce_where(const void *self, uint64_t record, struct strbuf *text);

/*
 * The next record can not be sent, because of WHY: say so, and that nothing behind it is, after what came before it has
 * been handed over.  Returns STATUS.
 */
int produce_stop(struct produce *p, int status, const char *why) MUST_CHECK;

/*
 * The next record, the LEN bytes at S, can not be sent because of WHAT: it is rejected, or the end as produce_stop()
 * has it, with EXIT_DATA.  0 to go on without it, or an exit status.
 */
int produce_bad(struct produce *p, const char *s, size_t len, const char *what) MUST_CHECK;

/* The same for a record that sender_fits() does not take, because of its key and value. */
int produce_too_large(struct produce *p, const char *s, size_t len, const struct record *r) MUST_CHECK;

#endif
