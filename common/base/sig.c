/* Signals: see sig.h. */
#include "common/base/sig.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/clock.h"

enum {
	SAME_MS =
		/*
		 * timeout(1) signals its child and then its whole group; a terminal and a supervisor may both send the
		 * same signal
		 */
	1000,
};

static atomic_int noted; /* threads read it; lock-free, so handlers may use it */
static int64_t noted_ms; /* only the handler uses it, and no further signal of these kinds interrupts the handler */

static void note(int sig)
{
	if (noted && clock_ms() - noted_ms < SAME_MS)
		return;
	if (noted) {
		signal(sig, SIG_DFL);
		raise(sig);
		return;
	}
	noted_ms = clock_ms();
	noted = sig;
}

/* SIGXFSZ is caught, not ignored, so that programs that we start get the default action. */
static void nothing(int sig)
{
	(void)sig;
}

/*
 * Signals that are treated as a request to end: from a closed terminal, from a limit of CPU time, or sent by mistake.
 */
static const int stopping[] = {SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGUSR1, SIGUSR2};
enum { STOPPING = sizeof stopping / sizeof *stopping };

static void stopping_set(sigset_t *ret)
{
	sigemptyset(ret);
	for (int i = 0; i < STOPPING; i++)
		sigaddset(ret, stopping[i]);
}

/* Install the handler for SIG; a signal that nohup(1) has set to be ignored stays ignored. */
static void install_stop(int sig, const struct sigaction *stop)
{
	struct sigaction old;
	if (sig == SIGHUP && sigaction(sig, NULL, &old) == 0 && old.sa_handler == SIG_IGN)
		return;
	sigaction(sig, stop, NULL);
}

static void install(void (*sigpipe)(int))
{
	struct sigaction stop = {.sa_handler = note};
	struct sigaction pipe = {.sa_handler = sigpipe};
	stopping_set(&stop.sa_mask);
	struct sigaction limit = {.sa_handler = nothing};
	sigemptyset(&pipe.sa_mask);
	sigemptyset(&limit.sa_mask);
	sigaction(SIGXFSZ, &limit, NULL);
	for (int i = 0; i < STOPPING; i++)
		install_stop(stopping[i], &stop);
	sigaction(SIGPIPE, &pipe, NULL);
}

void sig_filter(void)
{
	install(SIG_DFL);
}

void sig_effects(void)
{
	install(SIG_IGN);
}

int sig_stop(void)
{
	return noted;
}

bool sig_stopped(void)
{
	return sig_stop() != 0;
}

void sig_block(sigset_t *ret_old)
{
	sigset_t set;
	stopping_set(&set);
	sigprocmask(SIG_BLOCK, &set, ret_old);
}
