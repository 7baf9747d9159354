/* common/io/outbuf: everything is written, and the first error is kept. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/io/outbuf.h"
#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static void test_everything_arrives(void)
{
	char path[SCRATCH_SIZE];
	int fd = mkstemp(scratch(path, "weir-outbuf"));
	struct outbuf out;
	outbuf_init(&out, fd, "file");
	size_t total = 0;
	char block[1000];
	for (size_t i = 0; i < 3000; i++) {
		memset(block, 'a' + (int)(i % 26), sizeof block);
		CHECK_INT(outbuf_write(&out, block, i % sizeof block), 0);
		total += i % sizeof block;
	}
	char *p = outbuf_reserve(&out, 1 << 20);
	CHECK(p != NULL);
	memset(p, 'z', 1 << 20);
	outbuf_commit(&out, 1 << 20);
	total += 1 << 20;
	CHECK_INT(outbuf_flush(&out), 0);
	CHECK_INT(lseek(fd, 0, SEEK_END), (off_t)total);
	CHECK_INT(outbuf_close(&out), 0);
	CHECK_INT(fcntl(fd, F_GETFD), -1);
	unlink(path);
}

/* Long texts are written from where they are, after what was buffered before them. */
static void test_order(void)
{
	static char long_one[100000], got[3 * sizeof long_one];
	char path[SCRATCH_SIZE];
	int fd = mkstemp(scratch(path, "weir-outbuf"));
	struct outbuf out;
	size_t total = 0;
	outbuf_init(&out, fd, "file");
	for (int i = 0; i < 3; i++) {
		size_t len = sizeof long_one >> (2 * i);
		memset(long_one, '1' + i, len);
		CHECK_INT(outbuf_write(&out, "<", 1), 0);
		CHECK_INT(outbuf_write(&out, long_one, len), 0);
		CHECK_INT(outbuf_write(&out, ">", 1), 0);
		total += len + 2;
	}
	CHECK_INT(outbuf_flush(&out), 0);
	CHECK_INT(pread(fd, got, sizeof got, 0), (ssize_t)total);
	const char *p = got;
	for (int i = 0; i < 3; i++) {
		size_t len = sizeof long_one >> (2 * i);
		CHECK_INT(*p, '<');
		for (size_t j = 1; j <= len; j++)
			if (p[j] != '1' + i)
				CHECK_INT(p[j], '1' + i);
		CHECK_INT(p[len + 1], '>');
		p += len + 2;
	}
	CHECK_INT(outbuf_close(&out), 0);
	unlink(path);
}

static void test_full_device(void)
{
	struct outbuf out;
	outbuf_init(&out, open("/dev/full", O_WRONLY), "/dev/full");
	CHECK_INT(outbuf_write(&out, "x", 1), 0);
	CHECK_INT(outbuf_flush(&out), -ENOSPC);
	CHECK_INT(outbuf_write(&out, "x", 1), -ENOSPC);
	CHECK(outbuf_reserve(&out, 1) == NULL);
	CHECK_INT(outbuf_close(&out), -ENOSPC);
}

static void test_closed_pipe(void)
{
	int p[2];
	CHECK_INT(pipe(p), 0);
	close(p[0]);
	signal(SIGPIPE, SIG_IGN);
	struct outbuf out;
	outbuf_init(&out, p[1], "pipe");
	CHECK_INT(outbuf_write(&out, "x", 1), 0);
	CHECK_INT(outbuf_close(&out), -EPIPE);
}

static void test_bad_descriptor(void)
{
	struct outbuf out;
	outbuf_init(&out, -1, "nothing");
	CHECK_INT(outbuf_write(&out, "x", 1), 0);
	CHECK_INT(outbuf_flush(&out), -EBADF);
	CHECK_INT(outbuf_close(&out), -EBADF);
}

static void test_nonblocking_pipe(void)
{
	int p[2];
	CHECK_INT(pipe2(p, O_NONBLOCK), 0);
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		char buf[4096];
		size_t sum = 0;
		close(p[1]);
		fcntl(p[0], F_SETFL, 0);
		usleep(20000);
		for (ssize_t n; (n = read(p[0], buf, sizeof buf)) > 0;)
			sum += (size_t)n;
		_exit(sum != 1 << 20);
	}
	close(p[0]);
	struct outbuf out;
	outbuf_init(&out, p[1], "pipe");
	char *big = calloc(1, 1 << 20);
	CHECK_INT(outbuf_write(&out, big, 1 << 20), 0);
	CHECK_INT(outbuf_close(&out), 0);
	free(big);
	int status = -1;
	waitpid(child, &status, 0);
	CHECK_INT(status, 0);
}

static int drain_or_fail(void *arg)
{
	int *state = arg;
	char buf[1 << 16];
	if (state[1]++ == 3)
		return -ETIMEDOUT;
	return read(state[0], buf, sizeof buf) > 0 ? 0 : -EIO;
}

static void test_wait_hook(void)
{
	int p[2];
	CHECK_INT(pipe2(p, O_NONBLOCK), 0);
	struct outbuf out;
	outbuf_init(&out, p[1], "pipe");
	int state[2] = {p[0], 0};
	out.wait = drain_or_fail;
	out.wait_arg = state;
	char *big = calloc(1, 1 << 20);
	CHECK_INT(outbuf_write(&out, big, 1 << 20), -ETIMEDOUT);
	CHECK_INT(state[1], 4);
	CHECK_INT(outbuf_close(&out), -ETIMEDOUT);
	free(big);
	close(p[0]);
}

int main(void)
{
	TEST(test_everything_arrives);
	TEST(test_order);
	TEST(test_full_device);
	TEST(test_closed_pipe);
	TEST(test_bad_descriptor);
	TEST(test_nonblocking_pipe);
	TEST(test_wait_hook);
	return check_done();
}
