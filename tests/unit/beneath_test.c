/* Unit tests of common/lake/beneath: which paths lie beneath a directory, and which do not. */
#include "common/lake/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static char top[SCRATCH_SIZE];
static int root;

static void test_names(void)
{
	static const char *const good[] = {"a", "a/b", ".a", "a..b", "..a/...", "a b/\xc3\xa9", "_weir_log/x"};
	static const char *const bad[] = {"", "/", "/a", "//a", "a/", "a//b", ".", "./a", "a/.", "a/./b", "..", "../a",
		"a/..", "a/../b", "a\nb", "\n", "/etc/passwd"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		CHECK(beneath_ok(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(!beneath_ok(bad[i]));
}

/* Whether FD is a descriptor; if so, it is closed. */
static bool opened(int fd)
{
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void test_links(void)
{
	struct stat st;
	CHECK_INT(beneath_mkdir(root, "dir"), 0);
	CHECK_INT(beneath_mkdir(root, "dir"), -EEXIST);
	CHECK(opened(beneath_open(root, "dir/file", O_WRONLY | O_CREAT | O_EXCL, 0600)));
	CHECK_INT(symlinkat("/etc", root, "out"), 0);
	CHECK_INT(symlinkat("..", root, "up"), 0);
	CHECK_INT(symlinkat("/etc/passwd", root, "dir/secret"), 0);
	CHECK_INT(symlinkat("nowhere", root, "dangling"), 0);
	static const char *const bad[] = {
		"out/passwd", "up/x", "dir/secret", "/etc/passwd", "dir/../../x", "out", "up"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK_INT(beneath_open(root, bad[i], O_RDONLY, 0), -EXDEV);
		CHECK_INT(beneath_stat(root, bad[i], true, &st), -EXDEV);
	}
	CHECK_INT(beneath_open(root, "out/new", O_WRONLY | O_CREAT | O_EXCL, 0600), -EXDEV);
	CHECK_INT(beneath_unlink(root, "out/passwd", 0), -EXDEV);
	CHECK_INT(beneath_unlink(root, "up/x", AT_REMOVEDIR), -EXDEV);
	CHECK_INT(beneath_rename(root, "out/passwd", "x"), -EXDEV);
	CHECK_INT(beneath_rename(root, "dir/file", "up/x"), -EXDEV);
	CHECK_INT(beneath_link(root, "dir/file", "out/x"), -EXDEV);
	CHECK_INT(beneath_mkdir(root, "up/x"), -EXDEV);
	CHECK(opened(beneath_open(root, "dir/file", O_RDONLY, 0)));
	CHECK_INT(beneath_stat(root, "dir/secret", false, &st), 0); /* the link itself */
	CHECK(S_ISLNK(st.st_mode));
	CHECK_INT(beneath_unlink(root, "dir/secret", 0), 0); /* also the link itself */
	CHECK(beneath_open(root, "dangling", O_RDONLY, 0) < 0);
	CHECK_INT(beneath_rename(root, "dir/file", "dir/other"), 0);
	CHECK_INT(beneath_link(root, "dir/other", "third"), 0);
	CHECK_INT(beneath_unlink(root, "dir", AT_REMOVEDIR), -ENOTEMPTY);
}

static void test_nothing_waits(void)
{
	CHECK_INT(mkfifoat(root, "fifo", 0600), 0);
	CHECK(opened(beneath_open(root, "fifo", O_RDONLY, 0)));
	CHECK_INT(beneath_open(root, "fifo", O_WRONLY, 0), -ENXIO);
}

static void test_what_is_shared_stays_shared(void)
{
	struct stat st;
	umask(022);
	CHECK_INT(fchmod(root, 02775), 0);
	CHECK_INT(beneath_mkdir(root, "group"), 0);
	CHECK_INT(beneath_mkdir(root, "group/below"), 0);
	CHECK_INT(beneath_stat(root, "group/below", false, &st), 0);
	CHECK_INT(st.st_mode & 07777, 02775);
	CHECK_INT(fchmod(root, 0755), 0);
	CHECK_INT(beneath_mkdir(root, "own"), 0);
	CHECK_INT(beneath_stat(root, "own", false, &st), 0);
	CHECK_INT(st.st_mode & 0777, 0755);
}

int main(void)
{
	char command[4200];
	root = mkdtemp(scratch(top, "beneath-test")) ? open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (root < 0)
		return 1;
	TEST(test_names);
	TEST(test_links);
	TEST(test_nothing_waits);
	TEST(test_what_is_shared_stays_shared);
	snprintf(command, sizeof command, "rm -rf '%s'", top);
	return system(command) == 0 ? check_done() : 1;
}
