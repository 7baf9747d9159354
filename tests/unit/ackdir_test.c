/* common/io/ackdir: sockets that dead processes have left, and other users at both ends. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/stream/ack.h"
#include "common/stream/ackd.h"
#include "common/io/ackdir.h"
#include "tests/unit/check.h"

#define NOBODY 65534

static struct strbuf err = STRBUF_INIT;
static char base[] = "/tmp/ackdir-test-XXXXXX";

static char *directory_of(const char *path)
{
	char *dir = strdup(path);
	*strrchr(dir, '/') = '\0';
	return dir;
}

static bool there(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0;
}

/* A child that listens, reports its path, and lives until it is killed. */
static pid_t listen_in_child(char *ret_path, size_t size)
{
	int p[2];
	CHECK_INT(pipe(p), 0);
	pid_t pid = fork();
	if (pid == 0) {
		struct ackd d;
		if (ackd_open(&d, 1, 1, &err) < 0 || write(p[1], d.path, strlen(d.path) + 1) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	close(p[1]);
	CHECK(read(p[0], ret_path, size) > 0);
	close(p[0]);
	return pid;
}

static void kill_child(pid_t pid)
{
	kill(pid, SIGKILL);
	CHECK_INT(waitpid(pid, NULL, 0), pid);
}

static void test_stale_sockets(void)
{
	char dead[128], alive[128];
	struct ackd d;
	pid_t first = listen_in_child(dead, sizeof dead), second = listen_in_child(alive, sizeof alive);
	kill_child(first);
	CHECK(there(dead));
	CHECK_INT(ackd_open(&d, 2, 1, &err), 0);
	char *dir = directory_of(dead);
	CHECK(!there(dead));
	CHECK(!there(dir));
	CHECK(there(alive)); /* its process lives */
	free(dir);
	ackd_close(&d);
	kill_child(second);
	CHECK_INT(ackd_open(&d, 3, 1, &err), 0);
	CHECK(!there(alive));
	ackd_close(&d);
}

static void touch(const char *path)
{
	FILE *f = fopen(path, "w");
	CHECK(f != NULL);
	if (f)
		fclose(f);
}

static void test_what_is_not_ours_stays(void)
{
	char dir[160], file[200], plain[160];
	struct ackd d;
	snprintf(dir, sizeof dir, "%s/weir-things", base);
	snprintf(file, sizeof file, "%s/ack", dir);
	snprintf(plain, sizeof plain, "%s/weir-file", base);
	CHECK_INT(mkdir(dir, 0700), 0);
	touch(file); /* not a socket */
	touch(plain);
	CHECK_INT(ackd_open(&d, 1, 1, &err), 0);
	ackd_close(&d);
	CHECK(there(file));
	CHECK(there(plain));
	unlink(file);
	unlink(plain);
	rmdir(dir);
}

/* Whether fork() and NOBODY can be used, because only root can change its user. */
static bool other_users(void)
{
	return geteuid() == 0;
}

static void mark_of(struct mark *m, struct strbuf *text, const char *socket)
{
	size_t start;
	strbuf_clear(text);
	*m = (struct mark){.kind = MARK_START, .run = 0xabc};
	mark_begin(text, m, &start);
	strbuf_addf(text, ",\"socket\":\"%s\"", socket);
	mark_end(text, start);
	CHECK_INT(mark_parse(text->s, text->len, m), 0);
}

/* A child as another user: it calls ack_hello(), or connect(2) without any check. */
static int hello_of_another(const struct mark *m, const char *path, bool asks)
{
	pid_t pid = fork();
	if (pid == 0) {
		struct ack a = ACK_INIT;
		struct sockaddr_un addr = {.sun_family = AF_UNIX};
		if (seteuid(NOBODY) < 0)
			_exit(1);
		if (asks)
			_exit(ack_hello(&a, m, &(struct ack_greeting){.program = "test"}) == -EPERM ? 0 : 2);
		snprintf(addr.sun_path, sizeof addr.sun_path, "%s", path);
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);
		_exit(connect(fd, (const struct sockaddr *)&addr, sizeof addr) == 0 ? 0 : errno == EACCES ? 3 : 4);
	}
	int status = -1;
	CHECK_INT(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_a_sink_of_another_user(void)
{
	struct ackd d;
	struct strbuf text = STRBUF_INIT;
	struct mark m;
	if (!other_users())
		return;
	CHECK_INT(ackd_open(&d, 0xabc, 1, &err), 0);
	mark_of(&m, &text, d.path);
	for (int open_door = 0; open_door < 2; open_door++) {
		char *dir = directory_of(d.path);
		CHECK_INT(chmod(base, 0755), 0);
		CHECK_INT(chmod(dir, open_door ? 0755 : 0700), 0);
		CHECK_INT(chmod(d.path, open_door ? 0777 : 0600), 0);
		free(dir);
		CHECK_INT(hello_of_another(&m, d.path, true), 0); /* it notices that the socket is not its user's */
		CHECK_INT(hello_of_another(&m, d.path, false), open_door ? 0 : 3);
		CHECK_INT(ackd_serve(&d, &err), open_door ? -EPERM : 0);
		CHECK(!ackd_ready(&d));
	}
	CHECK_STR(err.s, "another user connects to the acknowledgement socket");
	strbuf_release(&text);
	ackd_close(&d);
}

/* Which sockets a stream may name; BASE and its contents belong to this user. */
static void test_paths(void)
{
	struct ackd d;
	char path[256];
	CHECK_INT(ackd_open(&d, 1, 1, &err), 0);
	char *dir = directory_of(d.path);
	CHECK_INT(ackdir_check(d.path), 0);
	CHECK_INT(ackdir_check(""), -EPERM);
	CHECK_INT(ackdir_check("ack"), -EPERM);
	CHECK_INT(ackdir_check("weir-abcdef/ack"), -EPERM);
	CHECK_INT(ackdir_check("/ack"), -EPERM);
	CHECK_INT(ackdir_check("/weir-abcdef/ack"), -ENOENT);
	snprintf(path, sizeof path, "%s/other", dir);
	CHECK_INT(ackdir_check(path), -EPERM);
	snprintf(path, sizeof path, "%s/./ack", dir);
	CHECK_INT(ackdir_check(path), -EPERM);
	snprintf(path, sizeof path, "%s/weir-abcdef", base);
	CHECK_INT(symlink(dir, path), 0);
	snprintf(path, sizeof path, "%s/weir-abcdef/ack", base);
	CHECK_INT(ackdir_check(path), -EPERM); /* a link to one that would be accepted */
	path[strlen(path) - 4] = '\0';
	CHECK_INT(unlink(path), 0);
	for (int mode = 0; mode < 0777; mode += 0111) {
		CHECK_INT(chmod(dir, 0700 | (mode_t)mode), 0);
		CHECK_INT(ackdir_check(d.path), mode & 077 ? -EPERM : 0);
	}
	CHECK_INT(chmod(dir, 0700), 0);
	free(dir);
	ackd_close(&d);
}

int main(void)
{
	CHECK(mkdtemp(base) != NULL);
	setenv("XDG_RUNTIME_DIR", base, 1);
	TEST(test_stale_sockets);
	TEST(test_what_is_not_ours_stays);
	TEST(test_a_sink_of_another_user);
	TEST(test_paths);
	strbuf_release(&err);
	CHECK_INT(rmdir(base), 0);
	return check_done();
}
