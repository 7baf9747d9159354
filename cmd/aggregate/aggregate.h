/* A run of aggregate: from records to groups, and from groups to rows. */
#ifndef WEIR_AGGREGATE_AGGREGATE_H
#define WEIR_AGGREGATE_AGGREGATE_H

#include "cmd/aggregate/clock.h"
#include "cmd/aggregate/queue.h"
#include "cmd/aggregate/store.h"
#include "common/data/future.h"
#include "common/data/aside.h"
#include "common/stream/filter.h"
#include "common/stream/checkpoint.h"

enum overflow { OVERFLOW_ERROR, OVERFLOW_OTHER };
enum emit_when { WHEN_FINAL, WHEN_UPDATE, WHEN_BATCH };

struct aggregate_opts {
	struct filter_opts filter;
	struct records_opts records;
	struct emit_opts emit;
	struct checkpoint_opts checkpoint;
	const char *group;
	uint64_t max_groups; /* 0: any number */
	int overflow;        /* enum overflow */
	const char *window, *time, *late;
	int64_t lateness_ms;
	struct future future;
	int when; /* enum emit_when */
	bool strict, stats, merge;
};

/* Records that could not be used, by reason. */
struct counts {
	uint64_t read, malformed, untimed, beyond, future, late;
	uint64_t named; /* in messages */
};

/* For the message at the end; METRIC is NULL when there was none. */
struct first_fault {
	char *metric, *input; /* owned */
	const char *what;
	uint64_t record;
};

struct aggregate {
	const struct aggregate_opts *opts;
	struct records *records;
	struct query query;
	struct emit emit;
	struct pane_set set;
	struct window window;
	struct clock_field clock;
	struct watermark watermark;
	struct store open;
	struct queue queue;
	bool queues;        /* records may wait */
	struct store late;  /* --late emit: what came late, of this batch */
	struct aside aside; /* --late FILE */
	bool keeps_late;    /* into `late` */
	bool new_records;   /* since the last end of a batch */
	struct checkpoint checkpoint;
	/* --merge */
	struct records *compiled; /* what the query was compiled for */
	int merge_slots[2];       /* of .query and .state */
	void *merge_block;        /* of the group that is being read */
	struct counts count;
	struct first_fault first_fault[FAULTS];
};

/*
 * Compile OPTS and the metrics in front of OPERANDS, up to LAST.  Returns how many metrics there were; -EINVAL with the
 * reason in ERR (a usage error), or another -errno.  A is to be released whatever it returns.
 */
int aggregate_init(struct aggregate *a, const struct aggregate_opts *opts, char **operands, char **last,
	struct strbuf *err) MUST_CHECK;

/* Open the state.  0, or the exit status after a message. */
int aggregate_open(struct aggregate *a) MUST_CHECK;

/* Free everything; what is left to be written goes to files.  Returns STATUS, or a worse one after a message. */
int aggregate_release(struct aggregate *a, int status) MUST_CHECK;

/* The callbacks of filter.h. */
int aggregate_take_span(struct aggregate *a, const char *s, size_t len, struct flow *flow) MUST_CHECK;
int aggregate_take(struct aggregate *a, struct flow *flow) MUST_CHECK; /* the records that a->records has */
int aggregate_batch(struct aggregate *a, struct flow *flow) MUST_CHECK;
int aggregate_end(struct aggregate *a, struct flow *flow) MUST_CHECK;
int aggregate_state(struct aggregate *a, enum filter_moment when, const struct mark *mark) MUST_CHECK;

/* Say at the end what could not be used. */
void aggregate_report(const struct aggregate *a);

#endif
