/*
 * Preloaded by tests: system calls that a file system, or a kernel, does not have.
 *
 * WEIR_REFUSE is a list like "linkat=EOPNOTSUPP fsyncdir=EINVAL openat2=ENOSYS flock=ENOSYS unlink=EIO:1 fsync=EINVAL";
 * with :N only the first N calls are refused.  unlink concerns only names with ".new-" in them.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	const char *name;
	int code;
} codes[] = {{"EINVAL", EINVAL}, {"EIO", EIO}, {"ENOSYS", ENOSYS}, {"EOPNOTSUPP", EOPNOTSUPP}, {"EPERM", EPERM},
	{"EXDEV", EXDEV}, {"EMLINK", EMLINK}, {"ENOLCK", ENOLCK}};

/* The error for CALL, which is counted in *COUNT; 0: let it through. */
static int refused(const char *call, int *count)
{
	const char *list = getenv("WEIR_REFUSE"), *at = list ? strstr(list, call) : NULL;
	size_t n = strlen(call);
	if (!at || at[n] != '=')
		return 0;
	const char *code = at + n + 1, *colon = code + strcspn(code, ": ");
	if (*colon == ':' && (*count)++ >= atoi(colon + 1))
		return 0;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strncmp(code, codes[i].name, (size_t)(colon - code)) == 0)
			return codes[i].code;
	return EIO;
}

#define REFUSE(call)                              \
	do {                                      \
		static int count;                 \
		int code = refused(call, &count); \
		if (code) {                       \
			errno = code;             \
			return -1;                \
		}                                 \
	} while (0)

int linkat(int from, const char *name, int to, const char *new_name, int flags)
{
	REFUSE("linkat");
	return (int)syscall(SYS_linkat, from, name, to, new_name, flags);
}

/* flock=NONE: everybody gets the lock, as if each machine, or mount, had its own. */
int flock(int fd, int how)
{
	const char *list = getenv("WEIR_REFUSE");
	if (list && strstr(list, "flock=NONE"))
		return 0;
	REFUSE("flock");
	return (int)syscall(SYS_flock, fd, how);
}

int fsync(int fd)
{
	struct stat st;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		REFUSE("fsyncdir");
	else
		REFUSE("fsync");
	return (int)syscall(SYS_fsync, fd);
}

int unlinkat(int dir, const char *name, int flags)
{
	if (strstr(name, ".new-"))
		REFUSE("unlink");
	return (int)syscall(SYS_unlinkat, dir, name, flags);
}

long syscall(long number, ...)
{
	static long (*real)(long, ...);
	long a[6];
	va_list args;
	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_openat2)
		REFUSE("openat2");
	if (!real)
		real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
