/* Signals: see sig.h. */
#include "common/base/sig.h"

#include <stddef.h>

static volatile sig_atomic_t noted;

static void note(int sig)
{
	if (noted) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
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
