/* The output of credential_process: see secret_process.h. */
#include "common/lake/secret_process.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/num.h"
#include "common/base/patience.h"
#include "common/lake/secret.h"

extern char **environ;

enum { SLICE_MS = 20 }; /* how often a command that prints nothing is checked */

struct secret_process {
	pid_t pid;
	int fd; /* its output; -1: it has ended */
	bool ended;
	int status; /* status from waitpid(2) */
};

static int spawn(const char *command, int out, pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t defaults, none;
	char sh[] = "sh", c[] = "-c";
	char *text = strdup(command), *argv[] = {sh, c, text, NULL};
	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGINT);
	sigaddset(&defaults, SIGTERM);
	if (!text || posix_spawn_file_actions_init(&files) || posix_spawnattr_init(&attr)) {
		free(text);
		return -ENOMEM;
	}
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setsigmask(&attr, &none);
	int r = posix_spawn(ret_pid, "/bin/sh", &files, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	free(text);
	return -r;
}

static int start(const char *command, struct secret_process *ret)
{
	int p[2];
	if (pipe2(p, O_CLOEXEC) < 0)
		return -errno;
	int r = fcntl(p[0], F_SETFL, O_NONBLOCK) < 0 ? -errno : spawn(command, p[1], &ret->pid);
	close(p[1]);
	if (r < 0)
		close(p[0]);
	else
		ret->fd = p[0];
	return r;
}

/* Read what the command has printed so far. */
static int take(struct secret_process *p, struct strbuf *ret)
{
	char buf[4096];
	ssize_t n = 0;
	int r = 0;
	while (r == 0 && p->fd >= 0 && (n = read(p->fd, buf, sizeof buf)) > 0) {
		if (ret->len + (size_t)n > SECRET_PROCESS_MAX)
			r = -EMSGSIZE;
		else
			secret_add(ret, buf, (size_t)n);
	}
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		r = -errno;
	if (r == 0 && n == 0 && p->fd >= 0) {
		close(p->fd);
		p->fd = -1;
	}
	OPENSSL_cleanse(buf, sizeof buf);
	return r;
}

/* Wait for more output or for the end, but only for a moment. */
static int look(struct secret_process *p, struct strbuf *ret)
{
	struct pollfd fd = {p->fd, POLLIN, 0};
	if (poll(&fd, p->fd >= 0, SLICE_MS) < 0 && errno != EINTR)
		return -errno;
	pid_t pid = waitpid(p->pid, &p->status, WNOHANG);
	if (pid < 0 && errno != EINTR)
		return -errno;
	p->ended = pid > 0;
	return take(p, ret); /* after waitpid(2), so that no output is left unread when it has ended */
}

static int run(struct secret_process *p, const char *what, const struct http_config *config, int64_t limit_ms,
	struct strbuf *ret)
{
	struct patience patience = {0};
	struct strbuf line = STRBUF_INIT;
	int r = 0;
	while (r == 0 && !p->ended) {
		enum patience_state state = patience_ask(&patience, limit_ms, clock_ms());
		if (state == PATIENCE_TELL && config->tell) {
			strbuf_addf(&line, "waiting for %s", what);
			config->tell(line.s);
		}
		r = state == PATIENCE_OVER ? -ETIMEDOUT : config->stopped && config->stopped() ? -EINTR : look(p, ret);
	}
	if (patience_end(&patience) && config->tell && r == 0) {
		strbuf_clear(&line);
		strbuf_addf(&line, "%s has ended", what);
		config->tell(line.s);
	}
	strbuf_release(&line);
	return r;
}

static int judge(int status, const char *what, struct strbuf *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status))
		strbuf_addf(err, "%s ended with exit status %d", what, WEXITSTATUS(status));
	else
		strbuf_addf(err, "%s was ended by signal %d", what, WTERMSIG(status));
	return -EACCES;
}

int secret_process_run(const char *command, const char *what, const struct http_config *config, int64_t limit_ms,
	struct strbuf *ret, struct strbuf *err)
{
	struct secret_process p = {.fd = -1};
	int r = start(command, &p);
	if (r < 0) {
		strbuf_addf(err, "cannot run %s: %s", what, diag_strerror(r));
		return r;
	}
	r = run(&p, what, config, limit_ms, ret);
	if (p.fd >= 0)
		close(p.fd);
	if (!p.ended) {
		kill(p.pid, SIGKILL);
		while (waitpid(p.pid, &p.status, 0) < 0 && errno == EINTR)
			;
	}
	if (r == 0)
		return judge(p.status, what, err);
	if (r == -EMSGSIZE) {
		strbuf_addf(err, "%s prints more than %d KiB", what, SECRET_PROCESS_MAX >> 10);
	} else if (r == -ETIMEDOUT) {
		strbuf_addf(err, "%s did not end within ", what);
		num_add_duration(err, limit_ms);
	} else {
		strbuf_addf(err, "cannot wait for %s: %s", what, diag_strerror(r));
	}
	return r;
}
