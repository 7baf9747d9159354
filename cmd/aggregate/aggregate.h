/* A run of aggregate: from records to groups, and from groups to rows. */
#ifndef WEIR_AGGREGATE_AGGREGATE_H
#define WEIR_AGGREGATE_AGGREGATE_H

#include "cmd/aggregate/clock.h"
#include "cmd/aggregate/queue.h"
#include "cmd/aggregate/store.h"
#include "common/data/future.h"
#include "common/data/record_filter.h"
#include "common/stat/window_clock.h"

enum overflow { OVERFLOW_ERROR, OVERFLOW_OTHER };
enum watermark_by { WATERMARK_SOURCE, WATERMARK_EVENT };
enum emit_when { WHEN_FINAL, WHEN_UPDATE, WHEN_BATCH };

struct aggregate_opts {
	struct record_filter_opts common;
	struct emit_opts emit;
	struct checkpoint_opts checkpoint;
	const char *by;
	uint64_t max_groups; /* 0: any number */
	int overflow;        /* enum overflow */
	const char *window, *time, *late;
	int64_t lateness_ms; /* -1: not given, and windows stay open to the end */
	struct future future;
	int watermark; /* enum watermark_by */
	int when;      /* enum emit_when */
	bool strict, merge, batch_time;
};

/* Records that were left out, by reason. */
struct counts {
	uint64_t untimed, beyond, future, late;
};

/* For the message at the end; METRIC is NULL when there was none. */
struct first_fault {
	char *metric, *input; /* owned */
	const char *what;
	uint64_t record;
};

struct aggregate {
	struct record_filter rf;
	const struct aggregate_opts *opts;
	struct query query;
	struct emit emit;
	struct pane_set set;
	struct window window;
	struct window_clock wall; /* of readings; pane_store and what is kept in states have readings as times */
	struct clock clock;
	struct watermark watermark;
	int64_t now_ms;      /* the time of day, as last read */
	uint64_t told_input; /* the last input (flow->inputs) that report_open() was called for */
	bool told_held;      /* it was reported that a partition holds windows open */
	struct pane_store open;
	struct queue queue;
	bool queues; /* records may be queued */
	void *trial; /* for query_fits(), when a refused record must not be counted in any metric; NULL: not needed */
	struct pane_store late; /* --late emit: the late records of this batch */
	bool keeps_late;        /* into `late` */
	bool new_records;       /* records since the last end of a batch */
	/* --merge */
	struct records *compiled; /* the reader for which the query was compiled */
	int merge_slots[2];       /* of .query and .state */
	void *merge_block;        /* of the group that is being read */
	struct counts count;
	struct first_fault first_fault[FAULTS];
};

/* run.c: what aggregate does with records, and with rows of partial results (--merge). */
extern const struct record_filter_ops aggregate_ops, aggregate_merge_ops;

/* The option table, and what it is parsed into. */
extern const struct opt_spec aggregate_spec;
extern struct aggregate_opts aggregate_options;

/*
 * Compile OPTS and the metrics at the front of OPERANDS, up to LAST, with a->rf, which is open.  Returns how many
 * metrics there were; -EINVAL with the reason in ERR (a usage error), or another -errno.  A must be zeroed, and
 * released in any case.
 */
int aggregate_init(struct aggregate *a, const struct aggregate_opts *opts, char **operands, char **last,
	struct strbuf *err) MUST_CHECK;

/* Open the state, and the file of --late; OPERANDS are the inputs.  OPT_GO, or an exit status after a message. */
int aggregate_open(struct aggregate *a, char **operands) MUST_CHECK;

/* Free everything but a->rf. */
void aggregate_release(struct aggregate *a);

/* Report at the end which records could not be used.  EXIT_NO when records were left out, else 0. */
int aggregate_report(const struct aggregate *a) MUST_CHECK;

#endif
