/* Running CMD on a batch: see run.h. */
#include "cmd/each/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/sig.h"
#include "common/io/inbuf.h"

extern char **environ;

/* Start ARGV with IN and OUT as its standard input and output, and signals as a shell sets them. */
static int start(char *const *argv, int in, int out, pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t defaults, none;
	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGINT);
	sigaddset(&defaults, SIGTERM);
	if (posix_spawn_file_actions_init(&files) || posix_spawnattr_init(&attr))
		return -ENOMEM;
	posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setsigmask(&attr, &none);
	int r = posix_spawnp(ret_pid, argv[0], &files, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return -r;
}

/* Copy what the command PID prints on FD; pass the first signal on to it. */
static int copy_output(int fd, pid_t pid, struct flow *flow)
{
	struct inbuf in;
	char *s;
	size_t len;
	int n, r = 0;
	inbuf_init(&in, fd, "the command's output", flow->delim, UINT64_MAX >> 1, &flow->out);
	in.keep_going = sig_stop();
	while (!r && (n = inbuf_span(&in, &s, &len)) != 0) {
		if (n == -EINTR) {
			kill(pid, sig_stop());
			in.keep_going = true;
		} else {
			r = n < 0 ? n : flow_put_span(flow, s, len);
		}
	}
	inbuf_release(&in);
	return flow->out.err ? FLOW_STOP : r;
}

static int wait_for(pid_t pid, int *ret_status)
{
	bool passed_on = sig_stop();
	while (waitpid(pid, ret_status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
		if (sig_stop() && !passed_on)
			kill(pid, sig_stop());
		passed_on = true;
	}
	return 0;
}

int run_command(char *const *argv, int stdin_fd, struct flow *flow, int *ret_status)
{
	int p[2];
	pid_t pid;
	if (pipe2(p, O_CLOEXEC) < 0)
		return -errno;
	int r = start(argv, stdin_fd, p[1], &pid);
	close(p[1]);
	if (!r) {
		r = copy_output(p[0], pid, flow);
		close(p[0]); /* first, so that a command that still writes does not wait for us */
		int w = wait_for(pid, ret_status);
		return r ? r : w;
	}
	close(p[0]);
	return r;
}
