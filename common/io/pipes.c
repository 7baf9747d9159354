/* Operands that are pipes: see pipes.h. */
#include "common/io/pipes.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/sig.h"

bool pipes_no_pipe(const char *path)
{
	struct stat st;
	int r = strcmp(path, "-") == 0 ? fstat(0, &st) : stat(path, &st);
	return r < 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode); /* the filter driver reports directories */
}

void pipes_drain(char **files)
{
	size_t i = 0;
	do {
		const char *path = files[i] ? files[i] : "-";
		bool own = strcmp(path, "-") == 0;
		int fd = pipes_no_pipe(path) ? -1 : own ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
		char buf[16384];
		while (fd >= 0 && !sig_stop() && read(fd, buf, sizeof buf) > 0)
			;
		if (fd >= 0 && !own)
			close(fd);
	} while (files[i] && files[++i]);
}
