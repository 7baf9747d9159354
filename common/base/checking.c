/* Only checking: see checking.h. */
#include "common/base/checking.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/strbuf.h"

bool checking(void)
{
	const char *value = getenv(CHECKING_VARIABLE);
	return value && strcmp(value, "1") == 0;
}

int checking_file(const char *path)
{
	if (access(path, W_OK) == 0)
		return 0;
	if (errno != ENOENT)
		return -errno;
	const char *slash = strrchr(path, '/');
	char *dir = !slash ? xstrdup(".") : xstrndup(path, slash == path ? 1 : (size_t)(slash - path));
	int r = access(dir, W_OK | X_OK) == 0 ? 0 : -errno;
	free(dir);
	return r;
}

static int can_run(const char *path)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) && access(path, X_OK) == 0 ? 0 : -EACCES;
}

int checking_command(const char *name)
{
	if (strchr(name, '/'))
		return can_run(name);
	const char *path = getenv("PATH");
	int r = -ENOENT;
	struct strbuf file = STRBUF_INIT;
	for (path = path && *path ? path : "/usr/bin:/bin"; path && r < 0;) {
		size_t len = strcspn(path, ":");
		strbuf_clear(&file);
		strbuf_addf(&file, "%.*s/%s", len ? (int)len : 1, len ? path : ".", name);
		int e = can_run(file.s);
		r = e == 0 || e == -EACCES ? e : r;
		path = path[len] ? path + len + 1 : NULL;
	}
	strbuf_release(&file);
	return r == 0 || r == -EACCES ? r : -ENOENT;
}
