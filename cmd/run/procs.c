/*
 * Processes: see procs.h.
 *
 * The sources of a pipeline are the processes started by its shell (or left without their parent) whose standard input
 * is not a pipe.  If such a process is itself a shell, for example a subshell, the rule is applied to the processes
 * that it has started instead: the signal would kill the shell and leave them behind.  Other programs that start
 * programs, such as timeout(1), handle a signal properly.
 */
#include "cmd/run/procs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"

enum { FILE_MAX = 4096 }; /* limit for /proc/N/stat and for the needed part of /proc/N/status */

/* Read the file NAME of process NUMBER; false: the process has ended, or we may not read it. */
static bool read_file(long number, const char *name, char text[FILE_MAX])
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%ld/%s", number, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t n = read(fd, text, FILE_MAX - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/*
 * Parent, name and start of process NUMBER; false: it has ended or is a zombie.  The name may hold any byte, even ')'.
 */
static bool read_stat(long number, struct proc *ret)
{
	char text[FILE_MAX], state;
	*ret = (struct proc){.number = number};
	if (!read_file(number, "stat", text))
		return false;
	char *open = strchr(text, '('), *close = strrchr(text, ')');
	if (!open || !close || close < open)
		return false;
	snprintf(ret->name, sizeof ret->name, "%.*s", (int)(close - open - 1), open + 1);
	return sscanf(close + 1, " %c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
		       &state, &ret->parent, &ret->start) == 3 &&
	       state != 'Z' && state != 'X';
}

/* The pid of process NUMBER at LEVEL of the pid namespaces that /proc shows (the outermost is 1); 0: it has none. */
static pid_t pid_at(long number, int level)
{
	char text[FILE_MAX];
	char *at = read_file(number, "status", text) ? strstr(text, "\nNSpid:") : NULL;
	if (!at)
		return level == 1 ? (pid_t)number : 0;
	at += strlen("\nNSpid:");
	long pid = 0;
	for (int i = 0; i < level; i++) {
		if (*at == '\n' || !*at)
			return 0;
		pid = strtol(at, &at, 10);
	}
	return (pid_t)pid;
}

/* How many pid namespaces /proc shows of this process. */
static int own_level(long own)
{
	int level = 1;
	while (level < 64 && pid_at(own, level) != getpid())
		level++;
	return level < 64 ? level : 1;
}

static bool is_piped(long number)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof path, "/proc/%ld/fd/0", number);
	return stat(path, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

static int by_start(const void *a, const void *b)
{
	const struct proc *x = a, *y = b;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static int by_number(const void *a, const void *b)
{
	const struct proc *x = a, *y = b;
	return x->number < y->number ? -1 : x->number > y->number;
}

static const struct proc *find_number(const struct procs *p, long number)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].number == number)
			return &p->items[i];
	return NULL;
}

static bool is_among(const struct procs *p, const struct proc *item)
{
	const struct proc *same = find_number(p, item->number);
	return same && same->start == item->start;
}

/* Mark the descendants of ours that are neither among OTHERS nor below one of them; P is sorted by number. */
static void mark_descendants(struct procs *p, const struct procs *others)
{
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < p->count; i++) {
			struct proc *item = &p->items[i];
			if (item->below)
				continue;
			const struct proc key = {.number = item->parent}, *parent;
			parent = bsearch(&key, p->items, p->count, sizeof key, by_number);
			if (item->parent == p->own ? !is_among(others, item) : parent && parent->below)
				item->below = more = true;
		}
	}
}

/* Drop all others, and fill in the members that only descendants have. */
static void keep_descendants(struct procs *p)
{
	size_t kept = 0;
	int level = own_level(p->own);
	for (size_t i = 0; i < p->count; i++) {
		struct proc *item = &p->items[i];
		if (!item->below || (item->pid = pid_at(item->number, level)) <= 0)
			continue;
		item->piped = is_piped(item->number);
		p->items[kept++] = *item;
	}
	p->count = kept;
}

int procs_read(struct procs *p, const struct procs *others)
{
	char own[32] = "";
	size_t cap = 0;
	procs_release(p);
	DIR *dir = opendir("/proc");
	if (!dir)
		return -errno;
	if (readlink("/proc/self", own, sizeof own - 1) < 0 || (p->own = strtol(own, NULL, 10)) <= 0) {
		closedir(dir);
		return -ENOENT;
	}
	for (struct dirent *e; (e = readdir(dir));) {
		struct proc item;
		long number = strtol(e->d_name, NULL, 10);
		if (number <= 0 || !read_stat(number, &item))
			continue;
		if (p->count == cap)
			p->items = xreallocarray(p->items, cap = cap ? 2 * cap : 64, sizeof *p->items);
		p->items[p->count++] = item;
	}
	closedir(dir);
	if (!p->count)
		return -ENOENT; /* not even we are listed */
	qsort(p->items, p->count, sizeof *p->items, by_number);
	mark_descendants(p, others);
	keep_descendants(p);
	qsort(p->items, p->count, sizeof *p->items, by_start);
	return 0;
}

void procs_release(struct procs *p)
{
	free(p->items);
	*p = (struct procs){0};
}

const struct proc *procs_find(const struct procs *p, pid_t pid)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].pid == pid)
			return &p->items[i];
	return NULL;
}

/* Whether the process is a shell; shells do not pass signals on. */
static bool is_shell(const struct proc *item)
{
	static const char *const shells[] = {"bash", "sh", "dash", "ash", "ksh", "zsh", "fish", "busybox"};
	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
		if (strcmp(item->name, shells[i]) == 0)
			return true;
	return false;
}

bool procs_is_source(const struct procs *p, const struct proc *item, pid_t shell)
{
	if (item->piped || item->pid == shell)
		return false;
	for (size_t i = 0; i < p->count && is_shell(item); i++)
		if (p->items[i].parent == item->number && !p->items[i].piped)
			return false; /* the process that it started is judged in its place */
	const struct proc *parent = find_number(p, item->parent);
	for (; parent && parent->pid != shell; parent = find_number(p, parent->parent))
		if (parent->piped || !is_shell(parent))
			return false;
	return true;
}

/* Whether process NUMBER has the file of ST open. */
static bool holds(long number, const struct stat *st)
{
	char path[64];
	bool found = false;
	snprintf(path, sizeof path, "/proc/%ld/fd", number);
	DIR *dir = opendir(path);
	for (struct dirent *e; dir && !found && (e = readdir(dir));) {
		struct stat other;
		found = fstatat(dirfd(dir), e->d_name, &other, 0) == 0 && other.st_dev == st->st_dev &&
			other.st_ino == st->st_ino;
	}
	if (dir)
		closedir(dir);
	return found;
}

void procs_add_holder(int fd, struct strbuf *text)
{
	char own[32] = "";
	struct stat st;
	struct proc item;
	DIR *dir = fstat(fd, &st) == 0 ? opendir("/proc") : NULL;
	if (!dir || readlink("/proc/self", own, sizeof own - 1) < 0)
		own[0] = '\0';
	bool found = false;
	for (struct dirent *e; dir && !found && (e = readdir(dir));) {
		long number = strtol(e->d_name, NULL, 10);
		if (number <= 0 || strcmp(e->d_name, own) == 0 || !holds(number, &st) || !read_stat(number, &item))
			continue;
		strbuf_addf(text, " (%s, process %ld)", item.name, number);
		found = true;
	}
	if (dir)
		closedir(dir);
}
