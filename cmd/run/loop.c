/* The loop of `run`: see loop.h. */
#include "cmd/run/loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cmd/run/health.h"
#include "cmd/run/metrics_dir.h"
#include "cmd/run/procs.h"
#include "cmd/run/serve.h"
#include "cmd/run/view.h"
#include "cmd/run/words.h"
#include "common/base/clock.h"
#include "common/io/file.h"

enum {
	TOLD_MAX = 256, /* how many sources are remembered as having had the signal; further ones get it again */
	LOOK_SOON_MS =
		200, /* when the names of the programs are looked up: after a start, and each time that HEALTH is due */
};

struct loop {
	struct core *core;
	struct pipeline *pipeline;
	const char *health;
	int signals; /* a signalfd */
	/* processes that were our descendants before the pipeline, and are not part of it */
	struct procs others;
	struct procs now;           /* the last snapshot */
	struct program_names names; /* of the programs of the pipeline */
	struct outcome last;        /* of the last try */
	struct proc told[TOLD_MAX];
	size_t told_count;
	int64_t look, renew; /* when to look at the processes next, and to renew the health file */
	bool health_failed;  /* which was reported */
	bool killed;         /* the rest of this try was killed, which was reported */
	struct serve *serve; /* of --metrics, NULL: none */
	char *metrics_dir;   /* owned; NULL: none */
	int failed;          /* -errno the error of a call that should never fail */
};

static void look(struct loop *l)
{
	int r = procs_read(&l->now, &l->others);
	if (r < 0 && !l->failed)
		l->failed = r;
}

/*
 * A process that has executed another program since (the shell's child, before it becomes a source) gets the signal
 * again.
 */
static bool was_told(const struct loop *l, const struct proc *item)
{
	for (size_t i = 0; i < l->told_count; i++)
		if (l->told[i].number == item->number && l->told[i].start == item->start &&
			strcmp(l->told[i].name, item->name) == 0)
			return true;
	return false;
}

static void tell_one(struct loop *l, const struct proc *item, int signal)
{
	if (was_told(l, item))
		return;
	(void)kill(item->pid, signal); /* it may have ended, or belong to another user */
	if (l->told_count < TOLD_MAX)
		l->told[l->told_count++] = *item;
}

/*
 * Send SIGNAL to the sources or, if there are none, to all; and to the shell, which ends when the pipeline has ended.
 */
static void tell_sources(struct loop *l, int signal)
{
	size_t sources = 0;
	look(l);
	const struct proc *shell = procs_find(&l->now, l->pipeline->shell);
	if (shell)
		tell_one(l, shell, signal);
	for (size_t i = 0; i < l->now.count; i++)
		if (procs_is_source(&l->now, &l->now.items[i], l->pipeline->shell)) {
			tell_one(l, &l->now.items[i], signal);
			sources++;
		}
	for (size_t i = 0; i < l->now.count && !sources && !l->told_count; i++)
		tell_one(l, &l->now.items[i], signal);
}

static void signal_all(struct loop *l, int signal)
{
	look(l);
	for (size_t i = 0; i < l->now.count; i++)
		(void)kill(l->now.items[i].pid, signal); /* it may have ended */
}

static void write_health(struct loop *l, int64_t now)
{
	if (!l->health)
		return;
	l->renew = now + HEALTH_EVERY_MS;
	int r = health_write(l->health, l->core, &l->last, now);
	if (r < 0 && !l->health_failed)
		warn("cannot write '%s': %s", l->health, file_strerror(r));
	l->health_failed = r < 0;
}

static void start(struct loop *l, int64_t now)
{
	names_clear(&l->names);
	l->told_count = 0;
	l->killed = false;
	if (l->metrics_dir)
		metrics_dir_clear(l->metrics_dir);
	l->look = now + LOOK_SOON_MS;
	int r = pipeline_start(l->pipeline);
	if (r < 0 && !l->failed)
		l->failed = r;
}

static void act(struct loop *l, const struct core_actions *a, int64_t now)
{
	if (a->start)
		start(l, now);
	if (a->tell) { /* first, because they may end because of the signal */
		look(l);
		words_report(&l->now, l->pipeline->shell, l->core);
	}
	if (a->sources)
		tell_sources(l, a->sources);
	if (a->all)
		signal_all(l, a->all);
	if (a->kill)
		signal_all(l, SIGKILL);
	if (a->kill && !l->killed)
		words_kill(&l->now, l->pipeline->shell);
	l->killed = l->killed || a->kill;
	if (a->again || (a->end && l->core->verdict.kind != VERDICT_WELL && !l->core->killing))
		words_ended(&l->last, &l->names, l->core);
	if (a->start || a->again || a->end || a->sources)
		write_health(l, now);
}

/* Reap what has ended; then check whether anything is left of a pipeline whose shell has ended. */
static void reap(struct loop *l, int64_t now)
{
	struct core_actions a = {0};
	struct outcome outcome;
	if (pipeline_reap(l->pipeline, &outcome)) {
		l->last = outcome;
		core_ended(l->core, &outcome, now);
	}
	if (l->core->state != CORE_REST)
		return;
	look(l);
	core_rest(l->core, l->now.count > 0, now, &a);
	act(l, &a, now);
}

static void take_signals(struct loop *l, int64_t now)
{
	struct signalfd_siginfo info;
	while (read(l->signals, &info, sizeof info) == (ssize_t)sizeof info) {
		struct core_actions a = {0};
		if (info.ssi_signo == SIGCHLD)
			continue; /* reap() is called next in any case */
		core_signal(l->core, info.ssi_signo == SIGINT ? SIGINT : SIGTERM, now, &a);
		act(l, &a, now);
	}
}

static void take_time(struct loop *l, int64_t now)
{
	struct core_actions a = {0};
	core_time(l->core, now, &a);
	act(l, &a, now);
	if (l->core->state != CORE_RUNNING)
		return;
	if (now >= l->look) {
		look(l);
		names_update(&l->names, &l->now, l->pipeline->shell);
		l->look = now + HEALTH_EVERY_MS;
	}
	if (now >= l->renew)
		write_health(l, now);
}

static int timeout_of(const struct loop *l, int64_t now)
{
	int64_t due = core_due(l->core);
	if (l->core->state == CORE_RUNNING && l->look < due)
		due = l->look;
	if (l->core->state == CORE_RUNNING && l->health && l->renew < due)
		due = l->renew;
	int64_t serve = l->serve ? serve_due(l->serve) : INT64_MAX;
	if (serve < INT64_MAX && now + serve < due)
		due = now + serve;
	return due <= now ? 0 : due - now > HEALTH_EVERY_MS ? HEALTH_EVERY_MS : (int)(due - now);
}

/*
 * Receive the signals that ask to end, and the ends of processes, through a descriptor.  Returns the descriptor or
 * -errno.
 */
static int open_signals(void)
{
	static const int asking[] = {SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGXCPU, SIGUSR1, SIGUSR2, SIGCHLD};
	struct sigaction old;
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof asking / sizeof *asking; i++)
		if (asking[i] != SIGHUP || sigaction(SIGHUP, NULL, &old) < 0 || old.sa_handler != SIG_IGN)
			sigaddset(&set, asking[i]);
	signal(SIGCHLD, SIG_DFL); /* if it were ignored, there would be no statuses */
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

/* Run until the core has ended, or a call has failed that should never fail. */
static void run(struct loop *l)
{
	struct core_actions a = {0};
	int64_t now = clock_ms();
	core_begin(l->core, now, &a);
	act(l, &a, now);
	while (l->core->state != CORE_OVER && !l->failed) {
		struct pollfd fds[] = {{.fd = l->signals, .events = POLLIN},
			{.fd = l->serve ? serve_fd(l->serve) : -1, .events = POLLIN}};
		if (poll(fds, 2, timeout_of(l, clock_ms())) < 0 && errno != EINTR)
			l->failed = -errno;
		now = clock_ms();
		take_signals(l, now);
		reap(l, now);
		take_time(l, now);
		if (l->serve)
			serve_run(l->serve);
	}
}

/* Begin to serve at ADDRESS what VIEW shows: an exit status, after a message. */
static int open_metrics(struct loop *l, const char *address, struct view *view)
{
	struct strbuf err = STRBUF_INIT;
	int r = metrics_dir_make(&l->metrics_dir, &err);
	view->dir = l->metrics_dir;
	if (r == 0)
		r = serve_open(&l->serve, address, view_answer, view, &err);
	if (r < 0)
		warn("%s", err.s);
	strbuf_release(&err);
	return r == -EINVAL ? EXIT_USAGE : r < 0 ? EXIT_CONFIG : EXIT_OK;
}

static void close_metrics(struct loop *l)
{
	serve_close(l->serve);
	if (l->metrics_dir)
		metrics_dir_remove(l->metrics_dir);
	free(l->metrics_dir);
}

int loop_run(struct core *core, struct pipeline *pipeline, const char *health, const char *metrics)
{
	struct loop l = {.core = core, .pipeline = pipeline, .health = health, .last.shell = -1};
	struct view view = {.core = core, .last = &l.last};
	int bad = metrics ? open_metrics(&l, metrics, &view) : EXIT_OK;
	if (bad) {
		close_metrics(&l);
		return bad;
	}
	l.signals = open_signals();
	if (l.signals < 0)
		l.failed = l.signals;
	else if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		l.failed = -errno;
	else
		l.failed = procs_read(&l.others, &l.now);
	if (!l.failed)
		run(&l);
	int status = core->verdict.status;
	if (l.failed) {
		warn("cannot run the pipeline: %s", diag_strerror(l.failed));
		signal_all(&l, SIGKILL);
		status = l.failed == -ENOENT ? 127 : (int)diag_status(l.failed);
	}
	close_metrics(&l);
	procs_release(&l.others);
	procs_release(&l.now);
	names_clear(&l.names);
	if (l.signals >= 0)
		close(l.signals);
	return status;
}
