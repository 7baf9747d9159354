/* Signals: see sig.h. */
#include "common/base/sig.h"

#include <stddef.h>
#include <stdint.h>

#include "common/base/clock.h"

enum {
	SAME_MS =
		1000, /* timeout(1) signals its child and then its whole group; a terminal and a supervisor may both */
};

static volatile sig_atomic_t noted;
static int64_t noted_ms; /* touched by the handler alone, which no other of its kind interrupts */

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

/* SIGXFSZ is caught, not ignored, so that programs that we start get its default back. */
static void nothing(int sig)
{
	(void)sig;
}

static void install(void (*sigpipe)(int))
{
	struct sigaction stop = {.sa_handler = note};
	struct sigaction pipe = {.sa_handler = sigpipe};
	sigemptyset(&stop.sa_mask);
	sigaddset(&stop.sa_mask, SIGINT);
	sigaddset(&stop.sa_mask, SIGTERM);
	struct sigaction limit = {.sa_handler = nothing};
	sigemptyset(&pipe.sa_mask);
	sigemptyset(&limit.sa_mask);
	sigaction(SIGXFSZ, &limit, NULL);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
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

void sig_block(sigset_t *ret_old)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, ret_old);
}
