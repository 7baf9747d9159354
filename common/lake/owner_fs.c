/*
 * Locks of other writers: who the writer is, and whether it lives.  See store_fs.h.
 *
 * For a writer that started on this machine since its last boot, the process decides.  When there is no process with
 * its number, the writer is dead, no matter who holds the flock(2) on its lock (any reader of the lock can take one).
 * When exactly this process exists, the writer lives, even on a file system whose flock(2) does not work across mounts.
 * When the process cannot decide (it is in another container, or its number belongs to another process now), the
 * flock(2) decides.  We request it with LOCK_SH, which only a LOCK_EX prevents.
 *
 * A writer of this machine from before its last boot is dead, unless somebody holds the flock(2) on its lock: a clone
 * of a machine may have the same id.  Nothing is known about writers on other machines.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/uuid.h"
#include "common/base/whole.h"
#include "common/lake/beneath.h"
#include "common/lake/json_in.h"
#include "common/lake/store_fs.h"
#include "common/stat/hash64.h"

#define FILE_MAX 4096 /* limit in bytes for the system's files that are read here */

void fs_host_name(struct strbuf *ret, const char *host)
{
	size_t from = ret->len;
	strbuf_addstr(ret, host);
	for (char *p = ret->s + from; *p; p++)
		if (*p <= ' ' || *p > '~' || strchr("/+\"\\", *p) || (*p == '.' && p == ret->s + from))
			*p = '_';
}

void fs_host(struct strbuf *ret)
{
	struct utsname host;
	fs_host_name(ret, uname(&host) == 0 ? host.nodename : "unknown");
}

const char *fs_lock_uuid(const char *name)
{
	size_t len = strlen(name);
	const char *uuid = name + len - UUID_LEN;
	if (len <= UUID_LEN || uuid[-1] != '-' || !uuid_begins(uuid) || (*name == '.' && !fs_is_temp(name)))
		return NULL;
	return uuid;
}

int64_t fs_modified_ms(const struct store_fs *fs, const char *path)
{
	struct stat st;
	if (beneath_stat(fs->root, path, false, &st) < 0)
		return -1;
	return (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
}

/* --- processes ---------------------------------------------------------------------------------------------------- */

/* The first line of the system's file PATH; false when it cannot be read. */
static bool first_line(const char *path, struct strbuf *ret)
{
	strbuf_clear(ret);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int r = fd < 0 ? -errno : whole_read_open(fd, FILE_MAX, ret);
	if (fd >= 0)
		close(fd);
	if (r == 0)
		strbuf_setlen(ret, strcspn(ret->s, "\n"));
	return r == 0 && ret->len;
}

/* Read PATH, the `stat` file of a process; false when that is not possible. */
static bool read_stat(const char *path, int64_t *ret_pid, char *ret_state, uint64_t *ret_start)
{
	struct strbuf line = STRBUF_INIT;
	bool good = first_line(path, &line);
	/* the parenthesis that ends the command; the command may hold any byte */
	const char *end = good ? strrchr(line.s, ')') : NULL;
	good = end && sscanf(line.s, "%" SCNd64, ret_pid) == 1 &&
	       sscanf(end + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %" SCNu64,
		       ret_state, ret_start) == 2;
	strbuf_release(&line);
	return good;
}

static void read_process(struct fs_process *ret)
{
	struct strbuf line = STRBUF_INIT;
	struct stat ns;
	char state;
	*ret = (struct fs_process){0};
	if (first_line("/proc/sys/kernel/random/boot_id", &line) && line.len < sizeof ret->boot)
		memcpy(ret->boot, line.s, line.len);
	/* Hash the id, because readers of the table need not know it. */
	if ((first_line("/etc/machine-id", &line) || first_line("/var/lib/dbus/machine-id", &line)) && line.len == 32)
		snprintf(ret->machine, sizeof ret->machine, "%016" PRIx64, stat_hash64(line.s, line.len));
	if (read_stat("/proc/self/stat", &ret->pid, &state, &ret->start) && ret->pid == getpid() &&
		stat("/proc/self/ns/pid", &ns) == 0)
		ret->pidns = ns.st_ino;
	strbuf_release(&line);
}

void fs_lock_header(struct strbuf *ret)
{
	struct fs_process self;
	struct strbuf host = STRBUF_INIT;
	read_process(&self);
	fs_host(&host);
	strbuf_addf(ret,
		"{\"weir\":1,\"host\":\"%s\",\"machine\":\"%s\",\"boot\":\"%s\",\"pidns\":%" PRIu64 ",\"pid\":%" PRId64
		",\"start\":%" PRIu64 "}\n",
		host.s, self.machine, self.boot, self.pidns, self.pid, self.start);
	strbuf_release(&host);
}

/* Whether the process P runs, as far as its number shows. */
static enum found_owner ask_process(const struct fs_process *p, const struct fs_process *self)
{
	char path[64], state;
	int64_t pid;
	uint64_t start;
	/* If a process has opened the table twice, it cannot be known which of the two writers was closed. */
	if (!p->pidns || p->pidns != self->pidns || p->pid <= 0 || p->pid > INT32_MAX || p->pid == self->pid)
		return OWNER_NONE;
	if (kill((pid_t)p->pid, 0) < 0 && errno == ESRCH)
		return OWNER_DEAD;
	snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", p->pid);
	if (!read_stat(path, &pid, &state, &start) || start != p->start)
		return OWNER_NONE;
	return state == 'Z' || state == 'X' ? OWNER_DEAD : OWNER_ALIVE;
}

/* HELD: some process holds the flock(2). */
static enum found_owner owner_of(const struct fs_process *p, bool held)
{
	struct fs_process self;
	read_process(&self);
	if (*p->boot && strcmp(p->boot, self.boot) == 0) {
		enum found_owner owner = ask_process(p, &self);
		return owner != OWNER_NONE ? owner : held ? OWNER_ALIVE : OWNER_DEAD;
	}
	bool before = *p->boot && *self.boot && *p->machine && strcmp(p->machine, self.machine) == 0;
	return before && !held ? OWNER_DEAD : OWNER_ELSEWHERE;
}

/* --- locks -------------------------------------------------------------------------------------------------------- */

static void copy_text(json_t *header, const char *key, char *ret, size_t size)
{
	const char *s = text_in(header, key);
	snprintf(ret, size, "%s", s ? s : "");
}

/* Parse the first line; one that is not a header is ignored. */
static void parse_header(const char *line, struct fs_process *ret, char **ret_host)
{
	json_t *header = json_loads(line, 0, NULL);
	const char *host = text_in(header, "host");
	*ret = (struct fs_process){0};
	*ret_host = xstrdup(host ? host : "");
	if (json_integer_value(json_object_get(header, "weir")) == 1) {
		copy_text(header, "machine", ret->machine, sizeof ret->machine);
		copy_text(header, "boot", ret->boot, sizeof ret->boot);
		ret->pidns = (uint64_t)json_integer_value(json_object_get(header, "pidns"));
		ret->pid = json_integer_value(json_object_get(header, "pid"));
		ret->start = (uint64_t)json_integer_value(json_object_get(header, "start"));
	}
	json_decref(header);
}

/* Read the identity of the writer from the lock FD; a lock without one is not an error. */
static int read_header(int fd, struct fs_process *ret_process, char **ret_host)
{
	char text[FILE_MAX + 1];
	ssize_t n = pread(fd, text, FILE_MAX, 0);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	parse_header(text, ret_process, ret_host);
	return 0;
}

/* Read the stages of the writer UUID that the lock FD lists; anything else in it is ignored. */
static int read_stages(int fd, const char *uuid, struct names *ret)
{
	struct strbuf text = STRBUF_INIT;
	int r = whole_read_open(fd, FS_LOCK_MAX, &text);
	char *rest = r == 0 ? text.s : NULL, *line;
	strsep(&rest, "\n");                                   /* the header */
	while (rest && (line = strsep(&rest, "\n")) && rest) { /* a line without a line feed is cut off */
		const char *slash = strrchr(line, '/');
		if (beneath_ok(line) && fs_is_stage(slash ? slash + 1 : line, uuid))
			names_add(ret, line);
	}
	strbuf_release(&text);
	return r == -EFBIG ? -EBADMSG : r;
}

int fs_lock_read(struct store_fs *fs, const char *path, struct fs_lock *ret)
{
	struct fs_process process;
	struct stat st;
	*ret = (struct fs_lock){.fd = beneath_open(fs->root, path, O_RDONLY | O_NOFOLLOW, 0)};
	if (ret->fd < 0)
		return ret->fd == -ELOOP || ret->fd == -ENXIO || ret->fd == -EXDEV ? -EBADMSG : ret->fd;
	if (fstat(ret->fd, &st) < 0 || !S_ISREG(st.st_mode))
		return -EBADMSG;
	ret->held = flock(ret->fd, LOCK_SH | LOCK_NB) < 0;
	int r = read_header(ret->fd, &process, &ret->host);
	if (r < 0)
		return r;
	ret->owner = owner_of(&process, ret->held);
	if (fs_is_temp(path + strlen(FS_WRITERS "/"))) /* it need not have any contents yet */
		ret->owner = ret->held ? OWNER_ALIVE : OWNER_DEAD;
	/* Read the stages only now: a writer that died while we were examining it may have added some before. */
	return read_stages(ret->fd, path + strlen(path) - UUID_LEN, &ret->stages);
}

void fs_lock_release(struct fs_lock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd);
	names_release(&lock->stages);
	free(lock->host);
	*lock = (struct fs_lock){.fd = -1};
}
