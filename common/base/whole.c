/* Files that are read whole: see whole.h. */
#include "common/base/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/patience.h"
#include "common/base/sig.h"

enum { LOOK_MS = 50 };

static bool took_stdin; /* of the process: there is one standard input */

struct whole_file {
	int fd;
	const char *pipe; /* its name, and the descriptor is non-blocking; NULL: no pipe, or one of another owner */
	struct patience patience;
};

/* Nothing has come; WRITTEN: there is a writer, which may take its time.  0 or -ETIMEDOUT. */
static int wait_more(struct whole_file *w, bool written)
{
	enum patience_state state = patience_ask(&w->patience, written ? -1 : WHOLE_WRITER_S * 1000, clock_ms());
	if (state == PATIENCE_TELL && written)
		warn("waiting for what is written into '%s'", w->pipe);
	else if (state == PATIENCE_TELL)
		warn("waiting for a writer of the FIFO '%s'", w->pipe);
	return state == PATIENCE_OVER ? -ETIMEDOUT : 0;
}

/* Read up to WHOLE_STEP bytes to TO.  Their number; 0: nothing yet; -ENODATA: the end; or as whole_read(). */
static ssize_t read_some(struct whole_file *w, char *to)
{
	struct pollfd p = {.fd = w->fd, .events = POLLIN};
	int ready = poll(&p, 1, w->pipe ? LOOK_MS : -1);
	if (ready < 0)
		return errno == EINTR && !sig_stop() ? 0 : -errno;
	/* Until the first writer comes, Linux does not say that a FIFO which was opened without one has been hung up.
	 */
	ssize_t n = ready || w->pipe ? read(w->fd, to, WHOLE_STEP) : 0;
	if (n < 0 && errno == EAGAIN)
		return w->pipe ? wait_more(w, true) : 0;
	if (n < 0)
		return errno == EINTR && !sig_stop() ? 0 : -errno;
	return n ? n : ready ? -ENODATA : wait_more(w, false);
}

static int read_all(struct whole_file *w, uint64_t max, struct strbuf *ret)
{
	for (uint64_t sum = 0;;) {
		ssize_t n = read_some(w, strbuf_grow(ret, WHOLE_STEP));
		if (n < 0)
			return n == -ENODATA ? 0 : (int)n;
		strbuf_extend(ret, (size_t)n);
		sum += (uint64_t)n;
		if (sum > max)
			return -EFBIG;
	}
}

int whole_read_open(int fd, uint64_t max, struct strbuf *ret)
{
	return read_all(&(struct whole_file){.fd = fd}, max, ret);
}

/* A device may have no end. */
static bool is_device(const struct stat *st, bool terminal)
{
	return S_ISBLK(st->st_mode) || (S_ISCHR(st->st_mode) && !terminal && st->st_rdev != makedev(1, 3));
}

static int open_whole(struct whole_file *w, const char *path)
{
	struct stat st;
	w->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (w->fd < 0)
		return -errno;
	int r = fstat(w->fd, &st) < 0 ? -errno : is_device(&st, isatty(w->fd)) ? -ENXIO : 0;
	if (r < 0)
		close(w->fd);
	else if (S_ISFIFO(st.st_mode))
		w->pipe = path;
	return r;
}

int whole_read(const char *path, uint64_t max, struct strbuf *ret)
{
	struct whole_file w = {0};
	if (strcmp(path, "-") == 0) {
		if (took_stdin)
			return -EALREADY;
		took_stdin = true;
		return whole_read_open(STDIN_FILENO, max, ret);
	}
	int r = open_whole(&w, path);
	if (r < 0)
		return r;
	r = read_all(&w, max, ret);
	close(w.fd); /* it was only read */
	return r;
}

size_t whole_mark(const struct strbuf *text)
{
	return text->len >= 3 && memcmp(text->s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

int whole_read_text(const char *path, uint64_t max, struct strbuf *ret)
{
	int r = whole_read(path, max, ret);
	if (r < 0)
		return r;
	size_t mark = whole_mark(ret);
	if (mark) {
		memmove(ret->s, ret->s + mark, ret->len - mark);
		strbuf_setlen(ret, ret->len - mark);
	}
	return memchr(ret->s, '\0', ret->len) ? -EILSEQ : 0;
}

bool whole_took_stdin(void)
{
	return took_stdin;
}

int whole_check(const char *path)
{
	struct stat st;
	struct statfs fs;
	if (stat(path, &st) < 0)
		return -errno;
	if (S_ISFIFO(st.st_mode)) /* a pipe without a name has a writer, or had one */
		return statfs(path, &fs) == 0 && fs.f_type == PIPEFS_MAGIC ? 0 : -ESPIPE;
	if (S_ISSOCK(st.st_mode))
		return -ENXIO;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	int r = is_device(&st, isatty(fd)) ? -ENXIO : 0;
	close(fd);
	return r;
}

const char *whole_strerror(int err)
{
	switch (err) {
	case -ENXIO:
		return "it is a socket or a device";
	case -ESPIPE:
		return "it is a FIFO, whose writer may never come";
	case -EILSEQ:
		return "it holds a NUL, so it is not text";
	case -EALREADY:
		return "it has been read already";
	case -ETIMEDOUT:
		return "nobody opens this FIFO for writing";
	default:
		return diag_strerror(err);
	}
}
