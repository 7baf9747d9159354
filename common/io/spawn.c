/* Starting a program: see spawn.h. */
#include "common/io/spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

extern char **environ;

/* FD of the new program is TO, or nowhere. */
static int direct(posix_spawn_file_actions_t *files, int fd, int to)
{
	return to < 0 ? posix_spawn_file_actions_addopen(files, fd, "/dev/null", O_WRONLY, 0)
		      : posix_spawn_file_actions_adddup2(files, to, fd);
}

int spawn_hushed(char *const *argv, int out, int err, pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	int r = posix_spawn_file_actions_init(&files);
	if (r)
		return -r;
	r = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!r)
		r = direct(&files, STDOUT_FILENO, out);
	if (!r)
		r = direct(&files, STDERR_FILENO, err);
	if (!r)
		r = posix_spawnp(ret_pid, argv[0], &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	return -r;
}
