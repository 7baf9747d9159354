/* Where the running program lies: see self.h. */
#include "common/base/self.h"

#include <string.h>
#include <unistd.h>

size_t self_path(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX);
	size_t len = n > 0 && n < PATH_MAX ? (size_t)n : 0;
	path[len] = '\0';
	return len;
}

size_t self_directory(char path[PATH_MAX])
{
	(void)self_path(path);
	char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;
	path[len] = '\0';
	return len;
}
