/* What another program prints: see answer.h. */
#include "common/io/answer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/patience.h"
#include "common/io/spawn.h"

enum { CHUNK = 65536, TICK_MS = 20 };

/* The two ends of the pipes that are read; -1: at its end, or not asked for. */
struct pipe_ends {
	int fds[2];
	struct strbuf *texts[2];
};

/* Read what is there; at the end the descriptor is closed.  0 or -errno. */
static int read_some(struct pipe_ends *e, size_t i, size_t max)
{
	ssize_t n = read(e->fds[i], strbuf_grow(e->texts[i], CHUNK), CHUNK);
	if (n < 0 && errno == EINTR)
		return 0;
	if (n > 0) {
		strbuf_extend(e->texts[i], (size_t)n);
		return e->texts[i]->len > max ? -EFBIG : 0;
	}
	int r = n < 0 ? -errno : 0;
	close(e->fds[i]);
	e->fds[i] = -1;
	return r;
}

/* A moment of waiting has passed.  0, or -ETIMEDOUT. */
static int check_time(struct patience *patience, const struct answer *a)
{
	enum patience_state state = patience_ask(patience, a->limit_ms, clock_ms());
	if (state == PATIENCE_TELL && a->waiting)
		a->waiting(a->self);
	return state == PATIENCE_OVER ? -ETIMEDOUT : 0;
}

/* Read both to their ends. */
static int read_all(struct pipe_ends *e, struct patience *patience, const struct answer *a)
{
	int r = 0;
	while (!r && (e->fds[0] >= 0 || e->fds[1] >= 0)) {
		struct pollfd p[2] = {{.fd = e->fds[0], .events = POLLIN}, {.fd = e->fds[1], .events = POLLIN}};
		r = check_time(patience, a);
		if (!r && poll(p, 2, TICK_MS) < 0 && errno != EINTR)
			r = -errno;
		for (size_t i = 0; i < 2 && !r; i++)
			if (e->fds[i] >= 0 && p[i].revents)
				r = read_some(e, i, a->max);
	}
	return r;
}

/*
 * Wait for the end of the program, which is killed unless all is well and its status matters; it may have closed its
 * output, and go on for long.
 */
static int end(pid_t pid, int r, struct patience *patience, const struct answer *a)
{
	int status = 0;
	pid_t ended = 0;
	while (!r && a->status && (ended = waitpid(pid, &status, WNOHANG)) == 0) {
		r = check_time(patience, a);
		if (!r)
			(void)poll(NULL, 0, TICK_MS);
	}
	if (ended == 0) {
		(void)kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	if (a->status)
		*a->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return r;
}

static void close_all(const int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

int answer_get(char *const *argv, const struct answer *answer)
{
	int out[2], err[2] = {-1, -1};
	pid_t pid;
	if (pipe2(out, O_CLOEXEC) < 0)
		return -errno;
	int r = answer->err && pipe2(err, O_CLOEXEC) < 0 ? -errno : spawn_hushed(argv, out[1], err[1], &pid);
	struct pipe_ends ends = {{out[0], err[0]}, {answer->out, answer->err}};
	close_all((int[]){out[1], err[1]}, 2);
	if (r == 0) {
		struct patience patience = {0};
		patience_begin(&patience, clock_ms());
		r = end(pid, read_all(&ends, &patience, answer), &patience, answer);
	}
	close_all(ends.fds, 2);
	return r;
}
