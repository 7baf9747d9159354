/* The lock: see lock.h. */
#include "cmd/run/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/run/pipeline.h"
#include "cmd/run/procs.h"

static int take(int fd, struct strbuf *holder)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	int r = -errno;
	if (r == -EWOULDBLOCK)
		procs_add_holder(fd, holder);
	return r;
}

int lock_acquire(const char *path, int *ret_fd, struct strbuf *holder)
{
	int fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
	if (fd < 0)
		return -errno;
	int r = take(fd, holder);
	if (r == 0 && (*ret_fd = fcntl(fd, F_DUPFD_CLOEXEC, PIPELINE_FD)) < 0)
		r = -errno;
	close(fd);
	return r;
}
