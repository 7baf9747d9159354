/* Signals: the first one is noted, another one soon after it counts as the same, and a later one kills. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/base/sig.h"
#include "tests/unit/check.h"

static void pause_ms(long ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};
	while (nanosleep(&t, &t))
		;
}

/* A child that notes signals gets FIRST, and SECOND after WAIT_MS; returns its wait status. */
static int two_signals(int first, long wait_ms, int second)
{
	pid_t pid = fork();
	if (!pid) {
		sig_effects();
		kill(getpid(), first);
		if (sig_stop() != first)
			_exit(100);
		pause_ms(wait_ms);
		kill(getpid(), second);
		_exit(sig_stop() == first ? 0 : 101);
	}
	int status = -1;
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
	return status;
}

static void test_soon_is_the_same(void)
{
	CHECK(two_signals(SIGTERM, 0, SIGTERM) == 0);
	CHECK(two_signals(SIGINT, 0, SIGTERM) == 0);
	CHECK(two_signals(SIGTERM, 100, SIGINT) == 0);
}

static void test_later_kills(void)
{
	int status = two_signals(SIGTERM, 1100, SIGINT);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
	status = two_signals(SIGINT, 1100, SIGTERM);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

static void test_others_that_would_kill(void)
{
	static const int others[] = {SIGHUP, SIGXCPU, SIGUSR1, SIGUSR2};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		CHECK(two_signals(others[i], 0, SIGTERM) == 0);
}

static void test_nohup(void)
{
	pid_t pid = fork();
	if (!pid) {
		signal(SIGHUP, SIG_IGN);
		sig_effects();
		kill(getpid(), SIGHUP);
		_exit(sig_stop() ? 1 : 0);
	}
	int status = -1;
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0);
}

int main(void)
{
	TEST(test_soon_is_the_same);
	TEST(test_later_kills);
	TEST(test_others_that_would_kill);
	TEST(test_nohup);
	return check_done();
}
