/* common/io/inbuf: spans of whole records, whatever the reads cut. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/strbuf.h"
#include "common/io/inbuf.h"
#include "tests/unit/check.h"

/* A descriptor from which DATA can be read in pieces of STEP bytes (a child writes them into a pipe). */
static int feed(const char *data, size_t len, size_t step, pid_t *ret_child)
{
	int p[2];
	if (pipe(p) < 0)
		abort();
	fflush(stdout);
	*ret_child = fork();
	if (*ret_child < 0)
		abort();
	if (*ret_child == 0) {
		close(p[0]);
		for (size_t i = 0; i < len; i += step) {
			ssize_t n = write(p[1], data + i, len - i < step ? len - i : step);
			if (n < 0)
				_exit(1);
		}
		_exit(0);
	}
	close(p[1]);
	return p[0];
}

/* Read everything with the limit MAX: returns the spans joined, with `!` for each record that was too long. */
static void collect(const char *data, size_t len, size_t step, char delim, uint64_t max, struct strbuf *got)
{
	pid_t child;
	int fd = feed(data, len, step, &child);
	struct inbuf in;
	inbuf_init(&in, fd, "test", delim, max, NULL);
	char *s;
	size_t n;
	int r;
	while ((r = inbuf_span(&in, &s, &n)) != 0) {
		if (r == 1) {
			CHECK(n > 0 && s[n - 1] == delim);
			strbuf_add(got, s, n);
		} else if (r == -EMSGSIZE) {
			strbuf_addch(got, '!');
		} else {
			CHECK_INT(r, 0);
			break;
		}
	}
	inbuf_release(&in);
	close(fd);
	waitpid(child, NULL, 0);
}

static void expect(const char *data, size_t step, uint64_t max, const char *want)
{
	struct strbuf got = STRBUF_INIT;
	collect(data, strlen(data), step, '\n', max, &got);
	CHECK_STR(got.s, want);
	strbuf_release(&got);
}

static void test_plain(void)
{
	for (size_t step = 1; step < 12; step++) {
		expect("one\ntwo\n\nfour\n", step, 100, "one\ntwo\n\nfour\n");
		expect("one\nunterminated", step, 100, "one\nunterminated\n");
		expect("", step, 100, "");
		expect("\n", step, 100, "\n");
	}
}

static void test_too_long(void)
{
	for (size_t step = 1; step < 14; step++) {
		expect("a\ntoolong\nb\n", step, 4, "a\n!b\n");
		expect("toolong\n", step, 4, "!");
		expect("toolong", step, 4, "!");
		expect("four\nfive5\nsix6\n", step, 4, "four\n!six6\n");
		expect("toolong\ntoolong\nb", step, 4, "!!b\n");
	}
}

static void test_position_of_too_long(void)
{
	pid_t child;
	int fd = feed("ab\ntoolong\nc\n", 13, 13, &child);
	struct inbuf in;
	char *s;
	size_t n;
	inbuf_init(&in, fd, "test", '\n', 3, NULL);
	CHECK_INT(inbuf_span(&in, &s, &n), 1);
	CHECK_INT(n, 3);
	CHECK_INT(inbuf_span(&in, &s, &n), -EMSGSIZE);
	CHECK_INT(in.pos, 3);
	CHECK_INT(inbuf_span(&in, &s, &n), 1);
	CHECK_MEM(s, n, "c\n", 2);
	CHECK_INT(inbuf_span(&in, &s, &n), 0);
	CHECK_INT(inbuf_span(&in, &s, &n), 0);
	inbuf_release(&in);
	close(fd);
	waitpid(child, NULL, 0);
}

static void test_nul_delimiter(void)
{
	struct strbuf got = STRBUF_INIT;
	collect("a\nb\0c\0d", 7, 2, '\0', 100, &got);
	CHECK_MEM(got.s, got.len, "a\nb\0c\0d\0", 8);
	strbuf_release(&got);
}

static void test_large_record(void)
{
	struct strbuf data = STRBUF_INIT, got = STRBUF_INIT;
	memset(strbuf_grow(&data, 3 << 20), 'x', 3 << 20);
	data.len = 3 << 20;
	strbuf_addstr(&data, "\nafter\n");
	collect(data.s, data.len, 100000, '\n', 8 << 20, &got);
	CHECK_MEM(got.s, got.len, data.s, data.len);
	strbuf_clear(&got);
	collect(data.s, data.len, 100000, '\n', 1 << 20, &got);
	CHECK_STR(got.s, "!after\n");
	strbuf_release(&got);
	strbuf_release(&data);
}

static void test_directory(void)
{
	int fd = open(".", O_RDONLY);
	struct inbuf in;
	char *s;
	size_t n;
	inbuf_init(&in, fd, "test", '\n', 100, NULL);
	CHECK_INT(inbuf_span(&in, &s, &n), -EISDIR);
	inbuf_release(&in);
	close(fd);
}

static void test_nonblocking(void)
{
	int p[2];
	CHECK_INT(pipe2(p, O_NONBLOCK), 0);
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		usleep(20000);
		_exit(write(p[1], "late\n", 5) != 5);
	}
	close(p[1]);
	struct inbuf in;
	char *s;
	size_t n;
	inbuf_init(&in, p[0], "test", '\n', 100, NULL);
	CHECK_INT(inbuf_span(&in, &s, &n), 1);
	CHECK_MEM(s, n, "late\n", 5);
	CHECK_INT(inbuf_span(&in, &s, &n), 0);
	inbuf_release(&in);
	close(p[0]);
	waitpid(child, NULL, 0);
}

/* The idle callback: the third call writes a record, and the fifth one fails. */
struct idle {
	int calls, fd;
};

static int on_idle(void *arg)
{
	struct idle *idle = arg;
	if (++idle->calls == 3)
		CHECK_INT(write(idle->fd, "late\n", 5), 5);
	return idle->calls == 5 ? -ECANCELED : 0;
}

static void test_idle(void)
{
	int p[2];
	CHECK_INT(pipe(p), 0);
	struct idle idle = {.fd = p[1]};
	struct inbuf in;
	char *s;
	size_t n;
	inbuf_init(&in, p[0], "test", '\n', 100, NULL);
	in.idle = on_idle;
	in.idle_arg = &idle;
	CHECK_INT(inbuf_span(&in, &s, &n), 1);
	CHECK_MEM(s, n, "late\n", 5);
	CHECK_INT(idle.calls, 3);
	CHECK_INT(inbuf_span(&in, &s, &n), -ECANCELED);
	CHECK_INT(idle.calls, 5);
	inbuf_release(&in);
	close(p[0]);
	close(p[1]);
}

/* Has work for two waits; then there is input. */
static int other_work(void *arg, int fd, int timeout_ms)
{
	struct idle *idle = arg;
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	CHECK_INT(timeout_ms, INBUF_IDLE_MS);
	if (++idle->calls == 3)
		CHECK_INT(write(idle->fd, "late\n", 5), 5);
	return poll(&ready, 1, 0) > 0;
}

static void test_wait(void)
{
	int p[2];
	CHECK_INT(pipe(p), 0);
	struct idle idle = {.fd = p[1]};
	struct inbuf in;
	char *s;
	size_t n;
	inbuf_init(&in, p[0], "test", '\n', 100, NULL);
	in.wait = other_work;
	in.idle_arg = &idle;
	CHECK_INT(inbuf_span(&in, &s, &n), 1);
	CHECK_MEM(s, n, "late\n", 5);
	CHECK_INT(idle.calls, 3);
	close(p[1]);
	CHECK_INT(inbuf_span(&in, &s, &n), 0);
	CHECK_INT(idle.calls, 4);
	inbuf_release(&in);
	close(p[0]);
}

int main(void)
{
	TEST(test_plain);
	TEST(test_too_long);
	TEST(test_position_of_too_long);
	TEST(test_nul_delimiter);
	TEST(test_large_record);
	TEST(test_directory);
	TEST(test_nonblocking);
	TEST(test_idle);
	TEST(test_wait);
	return check_done();
}
