/* The figures of meter: see stats.h. */
#include "cmd/meter/stats.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"

void stats_init(struct stats *s, bool counts_records)
{
	memset(s, 0, sizeof *s);
	s->counts_records = counts_records;
	s->start_ms = s->told_ms = clock_ms();
	pthread_mutex_init(&s->lock, NULL);
}

static void delays_add(struct delays *d, int64_t ms)
{
	d->ms[d->next] = ms;
	d->next = (d->next + 1) % STATS_BATCHES;
	if (d->count < STATS_BATCHES)
		d->count++;
}

static void end_batch(struct stats *s, const struct mark *mark)
{
	int64_t now = clock_epoch_ms(), min, max;
	uint64_t done = 0;
	bool acked = mark_number(mark, "done", &done);
	s->batches++;
	s->batch = mark->batch;
	s->pending = acked ? mark->batch - (done < mark->batch ? done : mark->batch) : mark->batch + 1;
	s->batch_ms = now - mark->start_ms;
	s->interval_ms = mark->end_ms - mark->start_ms;
	if (mark_pair(mark, "ts", &min, &max)) {
		delays_add(&s->oldest, now - min);
		delays_add(&s->newest, now - max);
	}
	progress_batch(&s->progress, mark);
}

void stats_mark(struct stats *s, const struct mark *mark)
{
	pthread_mutex_lock(&s->lock);
	if (mark->kind == MARK_BATCH)
		end_batch(s, mark);
	else if (mark->kind == MARK_RESUME)
		progress_begin(&s->progress, mark);
	pthread_mutex_unlock(&s->lock);
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* By nearest rank: the least delay that at least half (99 %) of the batches do not exceed. */
static struct delay delay_figures(const struct delays *d)
{
	static int64_t sorted[STATS_BATCHES]; /* the lock is held */
	struct delay figures = {.last = d->ms[(d->next + STATS_BATCHES - 1) % STATS_BATCHES]};
	memcpy(sorted, d->ms, d->count * sizeof *sorted);
	qsort(sorted, d->count, sizeof *sorted, compare);
	figures.median = sorted[(d->count + 1) / 2 - 1];
	figures.p99 = sorted[(d->count * 99 + 99) / 100 - 1];
	return figures;
}

static double rate(uint64_t n, int64_t ms)
{
	return (double)n * 1000 / (double)(ms > 0 ? ms : 1);
}

/* The lock is held. */
static void progress(const struct stats *s, struct figures *f)
{
	uint64_t done = f->bytes, all = s->expected;
	f->has_end = progress_get(&s->progress, &done, &all) || all > 0;
	if (!f->has_end)
		return;
	uint64_t left = all > done ? all - done : 0; /* a file may have grown */
	f->done = (double)(all - left) / (double)all;
	f->eta_ms = done ? (int64_t)((double)f->elapsed_ms * (double)left / (double)done) : -1;
}

static void batch_figures(struct stats *s, struct figures *f)
{
	pthread_mutex_lock(&s->lock);
	progress(s, f);
	f->batches = s->batches;
	f->batch = s->batch;
	f->pending = s->pending;
	f->batch_ms = s->batch_ms;
	f->interval_ms = s->interval_ms;
	f->has_delay = s->oldest.count > 0;
	if (f->has_delay) {
		f->oldest = delay_figures(&s->oldest);
		f->newest = delay_figures(&s->newest);
	}
	pthread_mutex_unlock(&s->lock);
}

void stats_figures(struct stats *s, struct figures *f)
{
	int64_t now = clock_ms();
	*f = (struct figures){.final = s->final, .counts_records = s->counts_records, .elapsed_ms = now - s->start_ms};
	f->bytes = atomic_load_explicit(&s->bytes, memory_order_relaxed);
	f->records = atomic_load_explicit(&s->records, memory_order_relaxed);
	int64_t span = s->final ? f->elapsed_ms : now - s->told_ms;
	f->bytes_per_s = rate(f->bytes - (s->final ? 0 : s->told_bytes), span);
	f->records_per_s = rate(f->records - (s->final ? 0 : s->told_records), span);
	s->told_ms = now;
	s->told_bytes = f->bytes;
	s->told_records = f->records;
	batch_figures(s, f);
}
