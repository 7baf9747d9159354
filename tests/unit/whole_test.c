/* common/base/whole: files of every kind are read whole, waited for, or refused. */
#include "common/base/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static char dir[SCRATCH_SIZE];
static struct strbuf text = STRBUF_INIT;

static void put(const char *path, const char *s)
{
	FILE *f = fopen(path, "w");
	CHECK(f && fputs(s, f) >= 0 && fclose(f) == 0);
}

/* What is appended counts towards the limit, and what was there before does not. */
static void test_regular(void)
{
	put("a", "0123456789");
	strbuf_addstr(&text, "before ");
	CHECK_INT(whole_read("a", 10, &text), 0);
	CHECK_STR(text.s, "before 0123456789");
	CHECK_INT(whole_read("a", 9, &text), -EFBIG);
	CHECK_INT(whole_read("none", 9, &text), -ENOENT);
	CHECK_INT(whole_read(".", 9, &text), -EISDIR);
	CHECK_INT(whole_check("a"), 0);
	CHECK_INT(whole_check("."), 0);
	CHECK_INT(whole_check("none"), -ENOENT);
}

/* With enough room a text stays where it is: no part of a secret is left elsewhere. */
static void test_room(void)
{
	struct strbuf room = STRBUF_INIT;
	char *at = strbuf_grow(&room, 10 + WHOLE_STEP);
	CHECK_INT(whole_read("a", 10, &room), 0);
	CHECK(room.s == at);
	strbuf_release(&room);
}

static void test_other_kinds(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
	CHECK(mkfifo("fifo", 0600) == 0);
	strbuf_clear(&text);
	CHECK_INT(whole_read("socket", 9, &text), -ENXIO);
	CHECK_INT(whole_check("socket"), -ENXIO);
	CHECK_INT(whole_read("/dev/zero", 9, &text), -ENXIO);
	CHECK_INT(whole_check("/dev/zero"), -ENXIO);
	CHECK_INT(whole_check("fifo"), -ESPIPE);
	CHECK_INT(whole_read("/dev/null", 9, &text), 0);
	CHECK_INT(whole_check("/dev/null"), 0);
	CHECK_INT(text.len, 0);
	CHECK_STR(whole_strerror(-ENXIO), "it is a socket or a device");
	CHECK_STR(whole_strerror(-EISDIR), "Is a directory");
	close(fd);
}

/* Start a writer that waits MS before it opens PATH and before each of the two writes of S; 0: it writes nothing. */
static pid_t writer(const char *path, int ms, const char *s)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	usleep((useconds_t)ms * 1000);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	for (int i = 0; s && i < 2; i++) {
		usleep((useconds_t)ms * 1000);
		if (write(fd, s, strlen(s)) < 0)
			_exit(1);
	}
	_exit(fd < 0);
}

static void check_writer(const char *path, int ms, const char *s, const char *want)
{
	int status = -1;
	pid_t pid = writer(path, ms, s);
	strbuf_clear(&text);
	CHECK_INT(whole_read(path, 99, &text), 0);
	CHECK_STR(text.s, want);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

/* A writer may come late, pause, or go without a word. */
static void test_fifo(void)
{
	check_writer("fifo", 0, "a\n", "a\na\n");
	check_writer("fifo", 120, "a\n", "a\na\n");
	check_writer("fifo", 120, NULL, "");
}

/* As of `<(COMMAND)`: also when COMMAND has ended before. */
static void test_pipe(void)
{
	int fds[2];
	char path[40];
	CHECK(pipe2(fds, O_CLOEXEC) == 0 && write(fds[1], "b", 1) == 1);
	(void)snprintf(path, sizeof path, "/dev/fd/%d", fds[0]);
	close(fds[1]);
	strbuf_clear(&text);
	CHECK_INT(whole_check(path), 0);
	CHECK_INT(whole_read(path, 9, &text), 0);
	CHECK_STR(text.s, "b");
	CHECK_INT(whole_read(path, 9, &text), 0);
	CHECK_STR(text.s, "b");
	close(fds[0]);
	CHECK(pipe2(fds, O_CLOEXEC) == 0 && write(fds[1], "b", 1) == 1 && close(fds[1]) == 0);
	CHECK_INT(whole_read_open(fds[0], 9, &text), 0);
	CHECK_STR(text.s, "bb");
	close(fds[0]);
}

int main(void)
{
	if (!mkdtemp(scratch(dir, "whole")) || chdir(dir) < 0)
		return 1;
	TEST(test_regular);
	TEST(test_room);
	TEST(test_other_kinds);
	TEST(test_fifo);
	TEST(test_pipe);
	strbuf_release(&text);
	CHECK(unlink("a") == 0 && unlink("socket") == 0 && unlink("fifo") == 0 && rmdir(dir) == 0);
	return check_done();
}
