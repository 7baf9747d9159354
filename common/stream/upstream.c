/* What writes into our standard input: see upstream.h. */
#include "common/stream/upstream.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/self.h"
#include "common/io/greeting.h"
#include "common/io/holders.h"

enum {
	PROCESSES = 64, /* limit for the processes that are followed; a pipeline has few */
	FIRST_MS = 4,   /* until the second search */
	LAST_MS = 10000,
	TICK_MS = 100,
};

/* A process upstream. */
struct process {
	long pid;
	int dir; /* descriptor of /proc/PID; it does not refer to another process when the number is used again */
	bool sink;
	int greeting; /* a source: its greeting, and which of its descriptors that is; else -1 */
	long at;
};

struct upstream {
	int fd;
	struct process items[PROCESSES];
	size_t count;
	bool found; /* one of them is a source */
	int64_t next_ms, step_ms;
};

/* Whether the process runs one of our sinks: then it does not pass on what it reads. */
static bool is_sink(int dir)
{
	static const char *const sinks[] = {"ack", "db-put", "lake-put", "produce"};
	char own[PATH_MAX], exe[PATH_MAX];
	size_t len = self_directory(own);
	ssize_t n = readlinkat(dir, "exe", exe, sizeof exe - 1);
	if (n <= 0)
		return false;
	exe[n] = '\0';
	const char *b = strrchr(exe, '/');
	if (!*own || !b || (size_t)(b - exe) != len || memcmp(own, exe, len) != 0)
		return false;
	for (size_t i = 0; i < sizeof sinks / sizeof *sinks; i++)
		if (strcmp(b + 1, sinks[i]) == 0)
			return true;
	return false;
}

static bool lives(const struct process *p)
{
	return faccessat(p->dir, "fd/0", F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Make room: forget processes that have ended and were not sources. */
static void forget_dead(struct upstream *u)
{
	size_t kept = 0;
	for (size_t i = 0; i < u->count; i++) {
		if (u->items[i].greeting < 0 && !lives(&u->items[i]))
			close(u->items[i].dir);
		else
			u->items[kept++] = u->items[i];
	}
	u->count = kept;
}

static struct process *known(struct upstream *u, long pid)
{
	for (size_t i = 0; i < u->count; i++)
		if (u->items[i].pid == pid)
			return &u->items[i];
	return NULL;
}

/* Remember HOLDER, which is upstream; NULL when it has ended meanwhile, or there are too many. */
static struct process *add(struct upstream *u, const struct holder *holder)
{
	char path[32];
	snprintf(path, sizeof path, "/proc/%ld", holder->pid);
	int dir = u->count < PROCESSES ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (dir < 0)
		return NULL;
	struct process *p = &u->items[u->count++];
	*p = (struct process){.pid = holder->pid, .dir = dir, .greeting = -1};
	return p;
}

/* Examine P, a process upstream, in the snapshot; its standard input is added to *PIPES. */
static void follow(struct upstream *u, struct process *p, struct holder *holder, struct pipe_id *pipes, size_t *count)
{
	p->sink = is_sink(p->dir); /* ask again each time: a shell may have become a sink by exec */
	if (p->sink)
		return;
	if (holder->input.inode)
		pipes[(*count)++] = holder->input;
	if (p->greeting < 0 && holder->greeting >= 0) {
		p->greeting = holder->greeting;
		p->at = holder->greeting_at;
		holder->greeting = -1;
		u->found = true;
	}
}

/* Go upstream from our pipe and from the processes that are already known, until nothing new is found. */
static void climb(struct upstream *u, struct holders *h)
{
	struct pipe_id pipes[PROCESSES + 1] = {holders_own(u->fd)};
	size_t count = pipes[0].inode != 0;
	bool *done = xcalloc(h->count + 1, sizeof *done), more = true;
	while (more) {
		more = false;
		for (size_t i = 0; i < h->count && count <= PROCESSES; i++) {
			struct holder *holder = &h->items[i];
			struct process *p = done[i] ? NULL : known(u, holder->pid);
			if (!done[i] && !p && holders_writes(h, holder, pipes, count))
				p = add(u, holder);
			if (!p)
				continue;
			done[i] = more = true;
			follow(u, p, holder, pipes, &count);
		}
	}
	free(done);
}

void upstream_examine_now(struct upstream *u)
{
	struct holders h;
	if (u->found)
		return;
	forget_dead(u);
	holders_read(&h);
	climb(u, &h);
	holders_release(&h);
}

int upstream_examine(struct upstream *u)
{
	int64_t now = clock_ms();
	if (!u->found && now >= u->next_ms) {
		upstream_examine_now(u);
		u->next_ms = clock_ms() + u->step_ms;
		u->step_ms = u->step_ms * 2 < LAST_MS ? u->step_ms * 2 : LAST_MS;
	}
	int64_t wait = u->found ? TICK_MS : u->next_ms - clock_ms();
	return wait < 1 ? 1 : wait < TICK_MS ? (int)wait : TICK_MS;
}

struct upstream *upstream_new(int fd)
{
	struct stat st;
	if (fstat(fd, &st) < 0 || !S_ISFIFO(st.st_mode))
		return NULL;
	struct upstream *u = xcalloc(1, sizeof *u);
	u->fd = fd;
	u->step_ms = FIRST_MS;
	(void)upstream_examine(u);
	return u;
}

void upstream_free(struct upstream *u)
{
	for (size_t i = 0; u && i < u->count; i++) {
		close(u->items[i].dir);
		if (u->items[i].greeting >= 0)
			close(u->items[i].greeting);
	}
	free(u);
}

enum upstream_state upstream_state(const struct upstream *u, long *ret_pid)
{
	enum upstream_state state = UPSTREAM_NONE;
	for (size_t i = 0; i < u->count; i++) {
		const struct process *p = &u->items[i];
		if (p->greeting < 0 || !greeting_waits(p->greeting))
			continue;
		char at[32];
		*ret_pid = p->pid;
		state = UPSTREAM_WAITS;
		snprintf(at, sizeof at, "fd/%ld", p->at);
		if (faccessat(p->dir, at, F_OK, AT_SYMLINK_NOFOLLOW) < 0) /* a zombie has no descriptors */
			return UPSTREAM_DEAD;
	}
	return state;
}
