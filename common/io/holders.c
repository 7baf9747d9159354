/* Which processes hold which pipes: see holders.h. */
#include "common/io/holders.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/io/greeting.h"

static void add_output(struct holders *h, struct pipe_id pipe)
{
	if (h->output_count == h->output_cap) {
		h->output_cap = h->output_cap ? 2 * h->output_cap : 64;
		h->outputs = xreallocarray(h->outputs, h->output_cap, sizeof *h->outputs);
	}
	h->outputs[h->output_count++] = pipe;
}

/* The descriptor NAME in the directory FDS is a greeting: open it. */
static void take_greeting(struct holder *who, int fds, const char *name)
{
	struct stat st;
	int fd = who->greeting < 0 ? openat(fds, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	if (fd < 0)
		return;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid()) {
		close(fd);
		return;
	}
	who->greeting = fd;
	who->greeting_at = strtol(name, NULL, 10);
}

/* The number after NAME in TEXT, from /proc/PID/fdinfo/N. */
static unsigned long long number(const char *text, const char *name, int base)
{
	const char *s = strstr(text, name);
	return s ? strtoull(s + strlen(name), NULL, base) : 0;
}

/*
 * What the descriptor NAME in the directory FDS of a process refers to, if it may be a FIFO with a name.  Whether it is
 * one cannot be known: stat(2) would block on a file server that does not answer, and fdinfo only has the inode (Linux
 * 5.14), the mount and the position, which is 0.  But where one of our own descriptors is a FIFO, a descriptor with the
 * same identity is that FIFO.
 */
static struct pipe_id named(int fds, const char *name, bool *ret_writes)
{
	char path[64], text[512];
	snprintf(path, sizeof path, "../fdinfo/%s", name);
	int fd = openat(fds, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return (struct pipe_id){0};
	text[n] = '\0';
	*ret_writes = (number(text, "flags:", 8) & O_ACCMODE) != O_RDONLY;
	if (number(text, "pos:", 10))
		return (struct pipe_id){0};
	return (struct pipe_id){number(text, "\nino:", 10), (int)number(text, "\nmnt_id:", 10)};
}

/* Which pipe the descriptor NAME in the directory FDS is, according to LINK, the target of its link. */
static struct pipe_id identify(int fds, const char *name, const char *link, bool *ret_writes)
{
	struct stat st;
	*ret_writes = false;
	if (*link == '/' && strncmp(link, "/dev/", 5) != 0)
		return named(fds, name, ret_writes);
	if (strncmp(link, "pipe:[", 6) != 0 || fstatat(fds, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return (struct pipe_id){0};
	*ret_writes = st.st_mode & S_IWUSR; /* the mode of the link shows how the descriptor was opened */
	return (struct pipe_id){strtoull(link + 6, NULL, 10), 0};
}

/* Examine the descriptor NAME in the directory FDS. */
static void look_at(struct holders *h, struct holder *who, int fds, const char *name)
{
	char link[64];
	bool writes;
	ssize_t n = readlinkat(fds, name, link, sizeof link - 1);
	if (n < 0)
		return;
	link[n] = '\0';
	if (strcmp(link, GREETING_LINK) == 0)
		take_greeting(who, fds, name);
	struct pipe_id pipe = identify(fds, name, link, &writes);
	if (strcmp(name, "0") == 0)
		who->input = pipe;
	if (pipe.inode && writes)
		add_output(h, pipe);
}

struct pipe_id holders_own(int fd)
{
	char name[16], link[64];
	struct pipe_id pipe = {0};
	bool writes;
	int fds = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(name, sizeof name, "%d", fd);
	ssize_t n = fds >= 0 ? readlinkat(fds, name, link, sizeof link - 1) : -1;
	if (n >= 0) {
		link[n] = '\0';
		pipe = identify(fds, name, link, &writes);
	}
	if (fds >= 0)
		close(fds);
	return pipe;
}

/* The process PID, whose descriptors are in the directory D. */
static void add(struct holders *h, long pid, DIR *d)
{
	struct holder who = {.pid = pid, .first = h->output_count, .greeting = -1};
	for (struct dirent *e; (e = readdir(d));)
		if (*e->d_name != '.')
			look_at(h, &who, dirfd(d), e->d_name);
	who.count = h->output_count - who.first;
	if (!who.count && !who.input.inode && who.greeting < 0)
		return;
	if (h->count == h->cap) {
		h->cap = h->cap ? 2 * h->cap : 64;
		h->items = xreallocarray(h->items, h->cap, sizeof *h->items);
	}
	h->items[h->count++] = who;
}

/* The descriptors of the process NAME in /proc if it is another process of this user, else NULL. */
static DIR *open_descriptors(int proc, const char *name, long *ret_pid)
{
	char *end, path[32];
	struct stat st;
	*ret_pid = strtol(name, &end, 10);
	if (*end || *ret_pid <= 0 || *ret_pid == (long)getpid())
		return NULL;
	snprintf(path, sizeof path, "%ld/fd", *ret_pid);
	int fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() ? fdopendir(fd) : NULL;
	if (fd >= 0 && !d)
		close(fd);
	return d;
}

void holders_read(struct holders *h)
{
	*h = (struct holders){0};
	DIR *proc = opendir("/proc");
	for (struct dirent *e; proc && (e = readdir(proc));) {
		long pid;
		DIR *d = open_descriptors(dirfd(proc), e->d_name, &pid);
		if (d) {
			add(h, pid, d);
			closedir(d);
		}
	}
	if (proc)
		closedir(proc);
}

void holders_release(struct holders *h)
{
	for (size_t i = 0; i < h->count; i++)
		if (h->items[i].greeting >= 0)
			close(h->items[i].greeting);
	free(h->items);
	free(h->outputs);
	*h = (struct holders){0};
}

bool holders_writes(const struct holders *h, const struct holder *who, const struct pipe_id *pipes, size_t count)
{
	const struct pipe_id *outputs = h->outputs + who->first;
	for (size_t i = 0; i < who->count; i++)
		for (size_t j = 0; j < count; j++)
			if (outputs[i].inode == pipes[j].inode && outputs[i].mount == pipes[j].mount)
				return true;
	return false;
}
