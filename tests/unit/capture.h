/* For unit tests of code that writes to standard output or standard error: captures both while a call runs. */
#ifndef WEIR_TESTS_CAPTURE_H
#define WEIR_TESTS_CAPTURE_H

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/base/strbuf.h"
#include "tests/unit/check.h"

/* Read everything from FD, and close it. */
static inline void slurp(int fd, struct strbuf *ret)
{
	ssize_t n;
	strbuf_clear(ret);
	while ((n = read(fd, strbuf_grow(ret, 65536), 65536)) > 0)
		strbuf_extend(ret, (size_t)n);
	close(fd);
}

struct capture {
	int saved[2], out, err;
};

static inline void capture_to(struct capture *c, int write_end, int read_end)
{
	fflush(stdout);
	c->saved[0] = dup(STDOUT_FILENO);
	c->saved[1] = dup(STDERR_FILENO);
	c->out = read_end;
	c->err = memfd_create("stderr", 0);
	dup2(write_end, STDOUT_FILENO);
	dup2(c->err, STDERR_FILENO);
}

/* Make standard output a pipe, which takes 64 KiB, so that marks are written. */
static inline void capture_pipe(struct capture *c)
{
	int fds[2];
	CHECK_INT(pipe(fds), 0);
	capture_to(c, fds[1], fds[0]);
	close(fds[1]);
}

/* Make standard output a file. */
static inline void capture_file(struct capture *c)
{
	int fd = memfd_create("stdout", 0);
	capture_to(c, fd, fd);
}

/* Restore both; *ret_out and *ret_err are what was written. */
static inline void capture_end(struct capture *c, struct strbuf *ret_out, struct strbuf *ret_err)
{
	dup2(c->saved[0], STDOUT_FILENO);
	dup2(c->saved[1], STDERR_FILENO);
	close(c->saved[0]);
	close(c->saved[1]);
	lseek(c->err, 0, SEEK_SET);
	lseek(c->out, 0, SEEK_SET); /* fails for a pipe, without effect */
	slurp(c->out, ret_out);
	slurp(c->err, ret_err);
}

#endif
