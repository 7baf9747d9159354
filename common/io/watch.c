/* Watches calls that block: see watch.h. */
#include "common/io/watch.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/patience.h"
#include "common/base/strbuf.h"
#include "common/base/visible.h"

#define LOOK_NS   200000000 /* while a call lasts, it is looked at this often */
#define SHOWN_MAX 80        /* bytes of WHAT in a message */

struct watch {
	pthread_t thread;
	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t changed;
	const char *who;
	void (*tell)(const char *line);
	bool ended;  /* the thread is to end */
	bool asleep; /* it waits to be woken; otherwise it looks again by itself */
	bool recent; /* a call has begun since it looked; so it stays awake, and short calls wake nobody */
	bool calls;  /* a call lasts */
	bool over;   /* its limit was reached */
	const char *what;
	int fd;
	int64_t limit_ms;
	struct patience patience;
};

static void say(const struct watch *w)
{
	struct strbuf line = STRBUF_INIT;
	strbuf_addf(&line, "waiting for %s: ", w->who);
	visible_add_start(&line, w->what, strlen(w->what), SHOWN_MAX);
	if (w->tell)
		w->tell(line.s);
	strbuf_release(&line);
}

static void look(struct watch *w)
{
	switch (patience_ask(&w->patience, w->limit_ms, clock_ms())) {
	case PATIENCE_TELL:
		say(w);
		break;
	case PATIENCE_OVER:
		if (!w->over)
			shutdown(w->fd, SHUT_RDWR);
		w->over = true;
		break;
	case PATIENCE_WAIT:
		break;
	}
}

static void wait_a_little(struct watch *w)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LOOK_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_cond_timedwait(&w->changed, &w->lock, &until);
}

static void *run(void *arg)
{
	struct watch *w = arg;
	pthread_mutex_lock(&w->lock);
	while (!w->ended) {
		if (w->calls || w->recent) {
			w->recent = false;
			wait_a_little(w);
		} else {
			w->asleep = true;
			pthread_cond_wait(&w->changed, &w->lock);
			w->asleep = false;
		}
		if (w->calls)
			look(w);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

static void release(struct watch *w)
{
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

int watch_new(struct watch **ret, const char *who, void (*tell)(const char *line))
{
	struct watch *w = xcalloc(1, sizeof *w);
	sigset_t all, old;
	pthread_condattr_t attr;
	w->who = who;
	w->tell = tell;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->changed, &attr);
	pthread_condattr_destroy(&attr);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old); /* signals must interrupt the thread that works */
	int err = pthread_create(&w->thread, NULL, run, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err) {
		release(w);
		return -err;
	}
	*ret = w;
	return 0;
}

void watch_free(struct watch *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->ended = true;
	pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	release(w);
}

void watch_begin(struct watch *w, const char *what, int fd, int64_t limit_ms)
{
	pthread_mutex_lock(&w->lock);
	w->calls = w->recent = true;
	w->over = false;
	w->what = what;
	w->fd = fd;
	w->limit_ms = limit_ms;
	w->patience = (struct patience){0};
	patience_begin(&w->patience, clock_ms());
	if (w->asleep)
		pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->lock);
}

bool watch_end(struct watch *w)
{
	pthread_mutex_lock(&w->lock);
	w->calls = false;
	bool over = w->over;
	pthread_mutex_unlock(&w->lock);
	return over;
}
