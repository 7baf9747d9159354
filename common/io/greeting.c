/* Whether sinks have said hello: see greeting.h. */
#include "common/io/greeting.h"

#include <sys/mman.h>
#include <unistd.h>

#define WAITING 'w'
#define DONE    'd'

static int put(int fd, char byte)
{
	return pwrite(fd, &byte, 1, 0) == 1 ? 0 : -1;
}

int greeting_new(void)
{
	int fd = memfd_create("weir-greeting", MFD_CLOEXEC);
	if (fd >= 0 && put(fd, WAITING) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

void greeting_done(int fd)
{
	if (fd >= 0)
		(void)put(fd, DONE); /* overwrites one byte that is allocated already */
}

bool greeting_waits(int fd)
{
	char byte;
	return pread(fd, &byte, 1, 0) == 1 && byte == WAITING;
}
