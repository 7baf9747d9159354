/* A run of aggregate: from records to groups, and from groups to rows. */
#ifndef WEIR_AGGREGATE_AGGREGATE_H
#define WEIR_AGGREGATE_AGGREGATE_H

#include "cmd/aggregate/emit.h"
#include "cmd/aggregate/query.h"
#include "common/data/groups.h"
#include "common/io/filter.h"

enum overflow { OVERFLOW_ERROR, OVERFLOW_OTHER };

struct aggregate_opts {
	struct filter_opts filter;
	struct records_opts records;
	struct emit_opts emit;
	const char *group;
	uint64_t max_groups; /* 0: any number */
	int overflow;        /* enum overflow */
	bool strict, stats;
};

struct aggregate {
	const struct aggregate_opts *opts;
	struct records *records;
	struct query query;
	struct emit emit;
	struct hash_seed seed;
	struct groups groups;
	void *other;      /* the block of what did not get a group, NULL: there was none */
	int64_t start_ms; /* of the batch of a marked stream */
	struct {
		uint64_t read, malformed, overflowed, rows;
		uint64_t strict; /* records with faults, named under --strict */
	} count;
	struct {
		char *metric, *input;
		uint64_t record;
	} first_fault;
};

/*
 * Compile OPTS and the metrics in front of OPERANDS, up to LAST.  Returns how many metrics there were; -EINVAL with the
 * reason in ERR (a usage error), or another -errno.  A is to be released whatever it returns.
 */
int aggregate_init(struct aggregate *a, const struct aggregate_opts *opts, char **operands, char **last,
	struct strbuf *err) MUST_CHECK;
void aggregate_release(struct aggregate *a);

/* Take the records that a->records has.  As a callback of filter.h. */
int aggregate_take(struct aggregate *a, struct flow *flow) MUST_CHECK;

/* A mark has come. */
void aggregate_see(struct aggregate *a, const struct mark *mark);

/* The end of a batch: write its rows.  As a callback of filter.h. */
int aggregate_end_batch(struct aggregate *a, struct flow *flow) MUST_CHECK;

/* Say at the end what could not be used. */
void aggregate_report(const struct aggregate *a);

#endif
