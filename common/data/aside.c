/* Records that are put aside: see aside.h. */
#include "common/data/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/checking.h"
#include "common/base/killpoint.h"
#include "common/data/jsonout.h"

/*
 * A filter ends silently when the reader of its standard output goes away.  Here a record would be lost, which is an
 * error.  So SIGPIPE is blocked while records are written to a file that may have a reader.
 */
static void hold_sigpipe(const struct aside *r, sigset_t *before)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	if (r->read)
		pthread_sigmask(SIG_BLOCK, &set, before);
}

static void drop_sigpipe(const struct aside *r, const sigset_t *before)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	while (r->read && sigtimedwait(&set, NULL, &(struct timespec){0}) > 0)
		;
	if (r->read)
		pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* A run that was killed may have left a line without its end; the next line would be appended to it. */
static int mend_end(const char *path, int fd)
{
	struct stat st;
	char last;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || !st.st_size)
		return 0;
	int in = open(path, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return errno == EACCES ? 0 : -errno; /* we may append, but not read */
	ssize_t n = pread(in, &last, 1, st.st_size - 1);
	int e = n < 0 ? -errno : 0;
	close(in);
	if (n == 1 && last != '\n' && write(fd, "\n", 1) < 0)
		e = -errno;
	return e;
}

int aside_open(struct aside *r, const char *path)
{
	*r = (struct aside){.path = path, .lines = STRBUF_INIT};
	if (!path)
		return 0;
	if (checking())
		return checking_file(path);
	/* The file has records as they were read, unmasked: only its owner may read it, as with state. */
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	struct stat st;
	int e = mend_end(path, fd);
	if (e < 0) {
		close(fd);
		return e;
	}
	outbuf_init(&r->out, fd, path);
	r->open = true;
	bool known = fstat(fd, &st) == 0;
	r->read = known && S_ISFIFO(st.st_mode);
	r->fresh = known && S_ISREG(st.st_mode) && !st.st_size; /* or empty: its creator may have died since */
	return 0;
}

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool aside_same(const struct aside *a, const struct aside *b)
{
	struct stat st, other;
	return a->open && b->open && fstat(a->out.fd, &st) == 0 && fstat(b->out.fd, &other) == 0 &&
	       !S_ISCHR(st.st_mode) && same(&st, &other);
}

const char *aside_clash(const struct aside *r, char **operands)
{
	struct stat st, other;
	if (!r->open || fstat(r->out.fd, &st) < 0 || S_ISCHR(st.st_mode)) /* a terminal may be input and output */
		return NULL;
	if (fstat(STDOUT_FILENO, &other) == 0 && same(&st, &other))
		return "the output";
	if (!*operands && fstat(STDIN_FILENO, &other) == 0 && same(&st, &other))
		return "the input";
	for (char **o = operands; *o; o++)
		if ((strcmp(*o, "-") == 0 ? fstat(STDIN_FILENO, &other) : stat(*o, &other)) == 0 && same(&st, &other))
			return "an input";
	return NULL;
}

static void add_bytes(struct strbuf *b, const char *s, size_t len)
{
	char *p = strbuf_grow(b, jsonout_bytes_size(s, len));
	strbuf_extend(b, (size_t)(jsonout_bytes(p, s, len) - p));
}

/*
 * A line in r->lines that waits for the end of its batch, and what is known about the place where its record was read.
 */
struct aside_waiting {
	size_t end; /* where the line is in r->lines */
	uint64_t nth;
	struct origin named; /* from == to: the record does not say */
	bool sure;           /* it is at the place that the record itself names */
};

static void add_line(struct strbuf *b, const struct aside_record *rec)
{
	strbuf_addstr(b, "{\"reason\":");
	add_bytes(b, rec->reason, strlen(rec->reason));
	strbuf_addstr(b, ",\"input\":");
	add_bytes(b, rec->input, strlen(rec->input));
	strbuf_addf(b, ",\"record\":%" PRIu64 ",\"data\":", rec->number);
	add_bytes(b, rec->rec, rec->len);
}

/* Let the line at the end of r->lines wait for its batch. */
static void wait_for_batch(struct aside *r, const struct aside_record *rec)
{
	if (r->waiting_count == r->waiting_room) {
		r->waiting_room = r->waiting_room ? 2 * r->waiting_room : 16;
		r->waiting = xreallocarray(r->waiting, r->waiting_room, sizeof *r->waiting);
	}
	struct aside_waiting *w = &r->waiting[r->waiting_count++];
	w->end = r->lines.len;
	w->nth = rec->nth;
	w->sure = rec->at;
	if (rec->at)
		w->named = *rec->at;
	else if (!origin_of_record(rec->rec, rec->len, &w->named))
		w->named.from = w->named.to = 0;
}

static void add_number(struct strbuf *b, const char *name, int64_t n)
{
	if (n < 0)
		strbuf_addf(b, ",\"%s\":null", name);
	else
		strbuf_addf(b, ",\"%s\":%" PRId64, name, n);
}

/* The end of a line. */
static void add_origin(struct strbuf *b, const struct origin *at)
{
	if (*at->topic)
		strbuf_addf(b, ",\"topic\":\"%s\"", at->topic);
	else
		strbuf_addstr(b, ",\"topic\":null");
	add_number(b, "partition", at->partition);
	add_number(b, "offset", at->from);
	strbuf_addstr(b, "}\n");
}

int aside_add(struct aside *r, bool marked, const struct aside_record *rec)
{
	static const struct origin nowhere = {.partition = -1, .from = -1};
	sigset_t before;
	if (!r->open)
		return 0;
	add_line(&r->lines, rec);
	if (marked) {
		wait_for_batch(r, rec);
		return 0;
	}
	strbuf_addstr(&r->lines, ",\"run\":null,\"batch\":null");
	add_origin(&r->lines, rec->at ? rec->at : &nowhere);
	hold_sigpipe(r, &before);
	int e = outbuf_write(&r->out, r->lines.s, r->lines.len);
	drop_sigpipe(r, &before);
	strbuf_clear(&r->lines);
	return e;
}

/* Complete the line of W, whose batch MARK ends. */
static void add_place(struct strbuf *tail, const struct mark *mark, const struct aside_waiting *w)
{
	struct origin at;
	strbuf_clear(tail);
	strbuf_addf(tail, ",\"run\":\"%016" PRIx64 "\",\"batch\":%" PRIu64, mark->run, mark->batch);
	if (w->sure)
		at = w->named;
	else
		origin_find(mark, &w->named, w->nth, &at);
	add_origin(tail, &at);
}

/* Write the waiting lines, completed with their batch. */
static int write_lines(struct aside *r, const struct mark *mark)
{
	struct strbuf tail = STRBUF_INIT;
	size_t start = 0;
	int e = 0;
	for (size_t i = 0; i < r->waiting_count && !e; i++) {
		const struct aside_waiting *w = &r->waiting[i];
		add_place(&tail, mark, w);
		e = outbuf_write(&r->out, r->lines.s + start, w->end - start);
		if (!e)
			e = outbuf_write(&r->out, tail.s, tail.len);
		start = w->end;
	}
	strbuf_release(&tail);
	strbuf_clear(&r->lines);
	return e;
}

/* fsync(2); a pipe, a device and a read-only file system have nothing to sync. */
static int sync_fd(int fd)
{
	return fsync(fd) < 0 && errno != EINVAL && errno != EROFS ? -errno : 0;
}

/* The name of a new file is durable when its directory is. */
static int sync_name(const char *path)
{
	char *file = realpath(path, NULL);
	if (!file)
		return errno == ENOENT ? 0 : -errno; /* another process has removed or renamed the file */
	strrchr(file, '/')[1] = '\0';
	int fd = open(file, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* we may create files in the directory, but not read it */
	int e = fd >= 0 ? sync_fd(fd) : errno == EACCES ? 0 : -errno;
	free(file);
	if (fd >= 0)
		close(fd); /* nothing has been written */
	return e;
}

/* When this returns 0, everything written is on disk. */
static int sync_all(struct aside *r)
{
	int e = sync_fd(r->out.fd);
	if (!e && r->fresh)
		e = sync_name(r->path);
	r->fresh &= e != 0;
	return e;
}

int aside_batch(struct aside *r, const struct mark *mark)
{
	sigset_t before;
	int e = 0;
	if (!r->open)
		return 0;
	hold_sigpipe(r, &before);
	if (r->waiting_count && mark)
		e = write_lines(r, mark);
	if (!e)
		e = outbuf_flush(&r->out);
	drop_sigpipe(r, &before);
	if (!e && r->waiting_count) {
		KILL_POINT("aside");
		e = sync_all(r);
	}
	r->waiting_count = 0;
	return e;
}

int aside_close(struct aside *r)
{
	sigset_t before;
	strbuf_release(&r->lines);
	free(r->waiting);
	r->waiting = NULL;
	r->waiting_count = r->waiting_room = 0;
	if (!r->open)
		return 0;
	hold_sigpipe(r, &before);
	int e = outbuf_close(&r->out);
	drop_sigpipe(r, &before);
	r->open = false;
	return e;
}
