/* Plain streams: see pump.h. */
#include "cmd/meter/pump.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/count.h"
#include "common/base/sig.h"
#include "common/io/outbuf.h"

static bool is_pipe(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

/* Wait until FD is ready; a signal ends the wait. */
static void wait_for(int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};
	poll(&p, 1, -1);
}

/* It is not possible to look ahead in a pipe, but tee(2) can put its pages into a second pipe. */
static ssize_t peek_pipe(int fd, unsigned char *byte)
{
	int copy[2];
	ssize_t n;
	if (pipe2(copy, O_CLOEXEC) < 0)
		return -1;
	while ((n = tee(fd, copy[1], 1, 0)) < 0 && ((errno == EINTR && !sig_stop()) || errno == EAGAIN))
		wait_for(fd, POLLIN);
	if (n == 1)
		n = read(copy[0], byte, 1);
	close(copy[0]);
	close(copy[1]);
	return n;
}

int pump_peek(int fd)
{
	struct stat st;
	unsigned char byte;
	ssize_t n = -1;
	if (fstat(fd, &st) < 0)
		return -1;
	if (S_ISFIFO(st.st_mode))
		n = peek_pipe(fd, &byte);
	else if (S_ISREG(st.st_mode))
		n = pread(fd, &byte, 1, lseek(fd, 0, SEEK_CUR));
	else if (S_ISSOCK(st.st_mode))
		while ((n = recv(fd, &byte, 1, MSG_PEEK)) < 0 && ((errno == EINTR && !sig_stop()) || errno == EAGAIN))
			wait_for(fd, POLLIN);
	return n == 1 ? byte : -1;
}

static int fail(struct pump_error *ret, int err, bool output)
{
	*ret = (struct pump_error){.err = err, .output = output};
	return -1;
}

/* Wait for the side of a splice that has caused EAGAIN. */
static void wait_splice(int fd)
{
	wait_for(fd, POLLIN);
	wait_for(STDOUT_FILENO, POLLOUT);
}

/* Returns -2 when these descriptors cannot be spliced; then nothing was read. */
static int splice_all(int fd, struct stats *stats, size_t chunk, struct pump_error *ret)
{
	while (!sig_stop()) {
		ssize_t n = splice(fd, NULL, STDOUT_FILENO, NULL, chunk, SPLICE_F_MOVE);
		if (n > 0)
			stats_count(stats, (uint64_t)n, 0);
		else if (n == 0)
			return 0;
		else if (errno == EAGAIN)
			wait_splice(fd);
		else if (errno == EINVAL)
			return -2;
		else if (errno != EINTR)
			return fail(ret, -errno, errno == EPIPE);
	}
	return 0;
}

static int write_all(const char *s, size_t len, size_t chunk, struct stats *stats, char delim, struct pump_error *ret)
{
	while (len) {
		ssize_t n = write(STDOUT_FILENO, s, len < chunk ? len : chunk);
		if (n < 0 && errno == EAGAIN)
			wait_for(STDOUT_FILENO, POLLOUT);
		else if (n < 0 && errno != EINTR)
			return fail(ret, -errno, true);
		if (n <= 0)
			continue;
		stats_count(stats, (uint64_t)n, stats->counts_records ? count_bytes(s, (size_t)n, delim) : 0);
		s += n;
		len -= (size_t)n;
	}
	return 0;
}

static int copy_all(int fd, struct stats *stats, size_t chunk, char delim, struct pump_error *ret)
{
	char *buf = xmalloc(OUTBUF_SIZE), last = delim;
	int r = 0;
	while (!r && !sig_stop()) {
		ssize_t n = read(fd, buf, OUTBUF_SIZE);
		if (n == 0)
			break;
		if (n < 0 && errno == EAGAIN)
			wait_for(fd, POLLIN);
		else if (n < 0 && errno != EINTR)
			r = fail(ret, -errno, false);
		if (n <= 0)
			continue;
		last = buf[n - 1];
		r = write_all(buf, (size_t)n, chunk, stats, delim, ret);
	}
	if (!r && last != delim && stats->counts_records) /* an unterminated last line is a record */
		stats_count(stats, 0, 1);
	free(buf);
	return r;
}

int pump(int fd, struct stats *stats, char delim, struct pump_error *ret)
{
	size_t in = pipe_enlarge(fd), out = pipe_enlarge(STDOUT_FILENO);
	size_t chunk = out ? out / 2 : OUTBUF_SIZE;
	int r = -2;
	if (!stats->counts_records && in && is_pipe(STDOUT_FILENO))
		r = splice_all(fd, stats, chunk, ret);
	return r == -2 ? copy_all(fd, stats, chunk, delim, ret) : r;
}
