/* When and where meter reports: see report.h. */
#include "cmd/meter/report.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "common/base/sig.h"
#include "common/io/file.h"

static void report(struct meter_report *r)
{
	struct figures f;
	struct strbuf b = STRBUF_INIT;
	stats_figures(r->stats, &f);
	report_write(r, &f, &b);
	int err = r->format == REPORT_PROMETHEUS ? file_replace(r->path, b.s, b.len) : file_write(r->fd, b.s, b.len);
	if (err && !r->err && r->path) /* a failure of standard error cannot be reported */
		r->err = err;
	strbuf_release(&b);
}

static void add_ms(struct timespec *t, int64_t ms)
{
	t->tv_sec += (time_t)(ms / 1000);
	t->tv_nsec += (long)(ms % 1000) * 1000000;
	if (t->tv_nsec >= 1000000000) {
		t->tv_sec++;
		t->tv_nsec -= 1000000000;
	}
}

/* Report at multiples of the interval since the start. */
static void *run(void *arg)
{
	struct meter_report *r = arg;
	struct timespec next;
	clock_gettime(CLOCK_MONOTONIC, &next);
	pthread_mutex_lock(&r->lock);
	while (!r->ended) {
		add_ms(&next, r->interval_ms);
		int wait = 0;
		while (!r->ended && wait != ETIMEDOUT)
			wait = pthread_cond_timedwait(&r->end, &r->lock, &next);
		if (!r->ended)
			report(r);
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

/* Block signals in this thread, because they must interrupt the one that reads and writes. */
static int start_thread(struct meter_report *r)
{
	sigset_t all, old;
	pthread_condattr_t attr;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->end, &attr);
	pthread_condattr_destroy(&attr);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	int err = pthread_create(&r->thread, NULL, run, r);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	r->started = !err;
	return -err;
}

int report_start(struct meter_report *r)
{
	r->fd = STDERR_FILENO;
	if (r->path && r->format != REPORT_PROMETHEUS)
		r->fd = open(r->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (r->fd < 0)
		return -errno;
	r->terminal = r->format == REPORT_LINE && isatty(r->fd);
	if (r->format == REPORT_PROMETHEUS) /* to notice at once if the file cannot be written */
		report(r);
	if (r->err)
		return r->err;
	return r->interval_ms ? start_thread(r) : 0;
}

int report_end(struct meter_report *r)
{
	if (r->started) {
		pthread_mutex_lock(&r->lock);
		r->ended = true;
		pthread_cond_signal(&r->end);
		pthread_mutex_unlock(&r->lock);
		pthread_join(r->thread, NULL);
	}
	r->stats->final = true;
	report(r);
	if (r->path && r->format != REPORT_PROMETHEUS && close(r->fd) < 0 && !r->err)
		r->err = -errno;
	return r->err;
}
