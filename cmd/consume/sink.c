/*
 * Standard output.  When it is a pipe it is opened anew, and that copy is non-blocking (the flag of the original is
 * shared with whoever else holds it); while the pipe is full, Kafka is served.
 */
#include "consume.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/sig.h"

enum {
	WAIT_MS = 50,          /* how long the group is left alone while the pipe is full */
	LAST_FLUSH_MS = 30000, /* after a signal */
};

/* What goes on while standard output takes nothing. */
static int wait_writable(void *arg)
{
	struct consume *c = arg;
	struct sink *s = &c->sink;
	struct pollfd fd = {.fd = s->out.fd, .events = POLLOUT};
	/* A reader that takes a little now and then must not keep the group from being served. */
	if (poll(&fd, 1, WAIT_MS) > 0 && clock_ms() < s->next_serve)
		return 0;
	consume_serve(c);
	s->next_serve = clock_ms() + WAIT_MS;
	group_overdue(c);
	if (c->status)
		return -ECANCELED;
	if (sig_stop() && !s->deadline && !c->batch.on) /* a sink that lives may take its time */
		s->deadline = clock_ms() + LAST_FLUSH_MS;
	return s->deadline && clock_ms() >= s->deadline ? -ETIMEDOUT : 0;
}

void sink_open(struct consume *c)
{
	struct sink *s = &c->sink;
	struct stat st;
	int fd = -1;
	if (fstat(STDOUT_FILENO, &st) == 0 && S_ISFIFO(st.st_mode))
		fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	c->batch.on = c->opt->batch.on && !isatty(STDOUT_FILENO);
	c->batch.acks.fd = -1;
	s->copied = fd >= 0;
	outbuf_init(&s->out, s->copied ? fd : STDOUT_FILENO, "standard output");
	if (s->copied) {
		s->out.wait = wait_writable;
		s->out.wait_arg = c;
	}
}

void sink_failed(struct consume *c)
{
	int err = c->sink.out.err;
	if (err == -EPIPE)
		c->status = c->status ? c->status : EXIT_TEMP; /* the reader has left; that is no news to anybody */
	else if (err == -ETIMEDOUT)
		consume_fail(c, EXIT_TEMP, "standard output does not take the last %zu bytes", c->sink.out.len);
	else if (err != -ECANCELED)
		consume_fail(c, diag_status(err), "cannot write standard output: %s", diag_strerror(err));
}

bool sink_flush(struct consume *c, int64_t deadline)
{
	struct sink *s = &c->sink;
	s->deadline = deadline;
	if (outbuf_flush(&s->out) < 0) {
		sink_failed(c);
		return false;
	}
	s->deadline = 0;
	if (!c->batch.on)
		positions_written(&c->positions);
	return true;
}

bool sink_close(struct consume *c)
{
	struct sink *s = &c->sink;
	bool failed = s->out.err < 0;
	int r = outbuf_close(&s->out);
	s->out.fd = -1; /* nothing to be polled */
	if (s->copied && close(STDOUT_FILENO) < 0 && !r && errno != EINTR)
		r = -errno;
	if (r == 0 || failed)
		return true;
	s->out.err = r;
	sink_failed(c);
	return false;
}
