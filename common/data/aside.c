/* Records that go aside: see aside.h. */
#include "common/data/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/data/jsonout.h"

/*
 * A reader of standard output that goes is the quiet end of a filter; one of these records is an error, so SIGPIPE
 * waits while they are written to what may have a reader.
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

int aside_open(struct aside *r, const char *path)
{
	*r = (struct aside){.path = path, .lines = STRBUF_INIT};
	if (!path)
		return 0;
	/* Records as they were read, also what would have been masked: nobody else's, like state. */
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	struct stat st;
	outbuf_init(&r->out, fd, path);
	r->open = true;
	r->read = fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
	return 0;
}

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

const char *aside_clash(const struct aside *r, char **operands)
{
	struct stat st, other;
	if (!r->open || fstat(r->out.fd, &st) < 0 || S_ISCHR(st.st_mode)) /* a terminal may be everything at once */
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

int aside_add(struct aside *r, bool marked, const char *reason, const char *input, uint64_t number, const char *rec,
	size_t len)
{
	sigset_t before;
	if (!r->open)
		return 0;
	strbuf_addstr(&r->lines, "{\"reason\":");
	add_bytes(&r->lines, reason, strlen(reason));
	strbuf_addstr(&r->lines, ",\"input\":");
	add_bytes(&r->lines, input, strlen(input));
	strbuf_addf(&r->lines, ",\"record\":%" PRIu64 ",\"data\":", number);
	add_bytes(&r->lines, rec, len);
	if (marked) {
		strbuf_addch(&r->lines, '\n');
		r->waits = true;
		return 0;
	}
	strbuf_addstr(&r->lines, ",\"run\":null,\"batch\":null}\n");
	hold_sigpipe(r, &before);
	int e = outbuf_write(&r->out, r->lines.s, r->lines.len);
	drop_sigpipe(r, &before);
	strbuf_clear(&r->lines);
	return e;
}

/* Give the lines that wait their batch.  No line holds a line feed: JSON escapes it. */
static int write_lines(struct aside *r, const struct mark *mark)
{
	struct strbuf tail = STRBUF_INIT;
	int e = 0;
	strbuf_addf(&tail, ",\"run\":\"%016" PRIx64 "\",\"batch\":%" PRIu64 "}\n", mark->run, mark->batch);
	for (const char *s = r->lines.s, *end = s + r->lines.len; s < end && !e;) {
		const char *lf = memchr(s, '\n', (size_t)(end - s));
		e = outbuf_write(&r->out, s, (size_t)(lf - s));
		if (!e)
			e = outbuf_write(&r->out, tail.s, tail.len);
		s = lf + 1;
	}
	strbuf_release(&tail);
	strbuf_clear(&r->lines);
	return e;
}

int aside_batch(struct aside *r, const struct mark *mark)
{
	sigset_t before;
	int e = 0;
	if (!r->open)
		return 0;
	hold_sigpipe(r, &before);
	if (r->waits && mark)
		e = write_lines(r, mark);
	if (!e)
		e = outbuf_flush(&r->out);
	drop_sigpipe(r, &before);
	if (!e && r->waits && fsync(r->out.fd) < 0 && errno != EINVAL && errno != EROFS) /* a pipe, a device */
		e = -errno;
	r->waits = false;
	return e;
}

int aside_close(struct aside *r)
{
	sigset_t before;
	strbuf_release(&r->lines);
	if (!r->open)
		return 0;
	hold_sigpipe(r, &before);
	int e = outbuf_close(&r->out);
	drop_sigpipe(r, &before);
	r->open = false;
	return e;
}
