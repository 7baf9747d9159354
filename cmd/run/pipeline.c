/*
 * The bash of a pipeline: see pipeline.h.
 *
 * Traps are set before the text, on its first line so that bash's line numbers are right.  The trap for EXIT first of
 * all writes the shell's status and those of its last pipeline to a file without a name.  Then it waits for the
 * commands that the text has put into the background, which the shell by itself would not do, and writes their
 * statuses.  The traps for signals let the shell survive a signal that goes to all processes of a service; they end the
 * shell when the pipeline has ended, so that nothing is started after it.  A trapped signal has its default action
 * again in the programs that the shell starts; an ignored one would not, so signals are ignored only at the very end.
 */
#include "cmd/run/pipeline.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/strbuf.h"

extern char **environ;

static const char traps[] = "trap 'echo $? ${PIPESTATUS[*]} >&%d; trap \"\" TERM INT HUP; "
			    "while weir_run=0; wait -n || weir_run=$?; [ $weir_run != 127 ]; do "
			    "[ $weir_run = 0 ] || echo $weir_run >&%d; done' EXIT; "
			    "trap exit TERM INT HUP; ";

/* Set signals as after a login, except that a signal that nohup(1) has set to be ignored stays ignored. */
static void set_signals(posix_spawnattr_t *attr)
{
	sigset_t defaults, none;
	struct sigaction hup;
	sigemptyset(&none);
	sigfillset(&defaults);
	if (sigaction(SIGHUP, NULL, &hup) == 0 && hup.sa_handler == SIG_IGN)
		sigdelset(&defaults, SIGHUP);
	posix_spawnattr_setsigdefault(attr, &defaults);
	posix_spawnattr_setsigmask(attr, &none);
	posix_spawnattr_setpgroup(attr, 0);
	posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
}

/* Start bash with ARGV and the descriptors of P.  0 or -errno. */
static int spawn(const struct pipeline *p, char *const *argv, pid_t *ret)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	if (posix_spawn_file_actions_init(&files))
		return -ENOMEM;
	if (posix_spawnattr_init(&attr)) {
		posix_spawn_file_actions_destroy(&files);
		return -ENOMEM;
	}
	int r = posix_spawn_file_actions_adddup2(&files, p->null, STDIN_FILENO);
	if (!r && p->lock >= 0) /* the same number, so that the descriptor is inherited */
		r = posix_spawn_file_actions_adddup2(&files, p->lock, p->lock);
	if (!r && p->words >= 0)
		r = posix_spawn_file_actions_adddup2(&files, p->words, p->words);
	set_signals(&attr);
	if (!r)
		r = posix_spawnp(ret, argv[0], &files, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return -r;
}

/* Run `bash OPTIONS -c TEXT NAME`. */
static int start(struct pipeline *p, bool check, const char *text, pid_t *ret)
{
	char bash[] = "bash", flags[] = "-eo", pipefail[] = "pipefail", parse[] = "-n", command[] = "-c";
	char *copy = strdup(text), *name = strdup(p->name);
	char *run_argv[] = {bash, flags, pipefail, command, copy, name, NULL};
	char *check_argv[] = {bash, parse, command, copy, name, NULL};
	int r = copy && name ? 0 : -ENOMEM;
	if (!r && p->null < 0 && (p->null = open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0)
		r = -errno;
	if (!r)
		r = spawn(p, check ? check_argv : run_argv, ret);
	free(copy);
	free(name);
	return r;
}

int pipeline_check(const struct pipeline *p)
{
	struct pipeline trial = {.name = p->name, .text = p->text, .lock = -1, .words = -1, .null = -1};
	pid_t pid;
	int status, r = start(&trial, true, p->text, &pid);
	pipeline_release(&trial);
	if (r < 0)
		return r;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EINVAL;
}

/* Create the file for the shell's statuses.  0 or -errno. */
static int open_words(struct pipeline *p)
{
	int fd = memfd_create("weir-run", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	p->words = fcntl(fd, F_DUPFD_CLOEXEC, PIPELINE_FD);
	int r = p->words < 0 ? -errno : 0;
	close(fd);
	return r;
}

int pipeline_start(struct pipeline *p)
{
	struct strbuf text = STRBUF_INIT;
	char begin[sizeof traps + 16];
	int r = open_words(p);
	if (r < 0)
		return r;
	snprintf(begin, sizeof begin, traps, p->words, p->words);
	strbuf_addf(&text, "%s%s", begin, p->text);
	r = start(p, false, text.s, &p->shell);
	strbuf_release(&text);
	return r;
}

/*
 * Read what the shell has written: its status and those of its pipeline; a second line has the first failure of its
 * background commands, which counts if the shell's status is 0.  False: it has written nothing.
 */
static bool read_words(int fd, struct outcome *ret)
{
	char text[8 * JUDGE_MAX];
	ssize_t n = pread(fd, text, sizeof text - 1, 0);
	if (n <= 0)
		return false;
	text[n] = '\0';
	char *at = text, *line = strchr(text, '\n');
	if (!line)
		return false;
	ret->shell = (int)strtol(at, &at, 10);
	while (ret->count < JUDGE_MAX && at < line)
		ret->statuses[ret->count++] = (int)strtol(at, &at, 10);
	if (!ret->shell && line[1])
		ret->shell = (int)strtol(line + 1, NULL, 10);
	return true;
}

bool pipeline_reap(struct pipeline *p, struct outcome *ret)
{
	bool ended = false;
	int status;
	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
		if (pid != p->shell)
			continue;
		*ret = (struct outcome){0};
		if (!read_words(p->words, ret))
			ret->shell = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		outcome_reduce(ret);
		close(p->words);
		p->words = -1;
		p->shell = 0;
		ended = true;
	}
	return ended;
}

void pipeline_release(struct pipeline *p)
{
	if (p->words >= 0)
		close(p->words);
	if (p->null >= 0)
		close(p->null);
	p->words = p->null = -1;
}
