/*
 * What meter counts, and the figures that follow from that.
 *
 * Two threads share it: the one that copies the data counts, the reporting one asks for figures.  Counts of bytes and
 * records are atomic; everything about batches is protected by the lock.
 */
#ifndef WEIR_CMD_METER_STATS_H
#define WEIR_CMD_METER_STATS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/meter/progress.h"
#include "common/stream/mark.h"

/* Median and p99 are exact for this many of the latest batches, which take 16 bytes each. */
#define STATS_BATCHES 8192

/* Delays of the batches, a ring. */
struct delays {
	int64_t ms[STATS_BATCHES];
	size_t count, next;
};

/* Figures of a series of delays, milliseconds. */
struct delay {
	int64_t last, median, p99;
};

struct stats {
	_Atomic uint64_t bytes, records; /* written so far */
	int64_t start_ms;                /* clock_ms() */
	uint64_t expected;               /* total number of bytes, 0: not known */
	bool counts_records;
	bool final; /* the stream has ended: rates are those of the whole run */

	/* Used by the reporter: values of the last report. */
	int64_t told_ms;
	uint64_t told_bytes, told_records;

	pthread_mutex_t lock; /* protects everything that follows */
	uint64_t batches;     /* number of batches so far */
	uint64_t batch;       /* number of the latest */
	uint64_t pending;     /* batches up to it that are not acknowledged */
	int64_t batch_ms, interval_ms;
	struct delays oldest, newest;
	struct progress_bar progress;
};

struct figures {
	bool final, counts_records;
	int64_t elapsed_ms;
	uint64_t bytes, records;
	double bytes_per_s, records_per_s; /* since the last report; of the whole run when final */
	bool has_end;                      /* the next two are valid */
	double done;                       /* the share that is done, 0 to 1 */
	int64_t eta_ms;                    /* -1: not known */
	uint64_t batches;                  /* 0: the next four are not valid */
	uint64_t batch, pending;
	int64_t batch_ms, interval_ms;
	bool has_delay; /* the next two are valid */
	struct delay oldest, newest;
};

void stats_init(struct stats *s, bool counts_records);

/* BYTES, with the ends of RECORDS records, were written. */
static inline void stats_count(struct stats *s, uint64_t bytes, uint64_t records)
{
	atomic_fetch_add_explicit(&s->bytes, bytes, memory_order_relaxed);
	atomic_fetch_add_explicit(&s->records, records, memory_order_relaxed);
}

/* MARK has been read: a B ends a batch, an R tells what will be read. */
void stats_mark(struct stats *s, const struct mark *mark);

/* The current figures; the next rates begin here. */
void stats_figures(struct stats *s, struct figures *ret);

#endif
