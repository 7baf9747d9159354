/*
 * common/io/file: a file is replaced whole or not at all; links, FIFOs and directories are left alone.
 * Reading at a place.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io/file.h"
#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static char dir[SCRATCH_SIZE];

/* How many names the directory has. */
static int names(void)
{
	int n = -2;
	DIR *d = opendir(".");
	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

static void check_contents(const char *path, const char *want)
{
	char text[64] = "";
	FILE *f = fopen(path, "r");
	CHECK(f != NULL);
	if (!f)
		return;
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	fclose(f);
	CHECK_STR(text, want);
}

static void test_replace(void)
{
	struct stat st;
	umask(027);
	CHECK_INT(file_replace("a", "one", 3), 0);
	check_contents("a", "one");
	CHECK(stat("a", &st) == 0 && (st.st_mode & 07777) == 0640);
	CHECK_INT(file_replace("./a", "three", 5), 0);
	check_contents("a", "three");
	CHECK_INT(names(), 1);
}

static void test_drop(void)
{
	struct file f;
	CHECK_INT(file_begin(&f, "a"), 0);
	CHECK_INT(names(), 2);
	CHECK_INT(file_write(f.fd, "x", 1), 0);
	file_drop(&f);
	file_drop(&f);
	check_contents("a", "three");
	CHECK_INT(names(), 1);
}

static void test_what_is_left_alone(void)
{
	CHECK_INT(symlink("a", "link"), 0);
	CHECK_INT(symlink("nowhere", "dangling"), 0);
	CHECK_INT(mkfifo("fifo", 0600), 0);
	CHECK_INT(mkdir("sub", 0700), 0);
	static const char *const odd[] = {"link", "dangling", "fifo", "sub", "/dev/null"};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		CHECK_INT(file_replace(odd[i], "x", 1), -EINVAL);
	CHECK_STR(file_strerror(-EINVAL), "not a regular file");
	CHECK_INT(file_replace("missing/a", "x", 1), -ENOENT);
	check_contents("a", "three");
	CHECK_INT(names(), 5);
}

static void test_commit_fails(void)
{
	struct file f;
	CHECK_INT(file_begin(&f, "b"), 0);
	CHECK_INT(mkdir("b", 0700), 0); /* meanwhile */
	CHECK(file_commit(&f) < 0);
	CHECK_INT(names(), 6);
}

/* At any place: all of the bytes, or an error. */
static void test_at(void)
{
	char got[6] = "";
	int fd = file_unnamed("file-test");
	CHECK(fd >= 0);
	CHECK_INT(file_write_at(fd, "world", 5, 6), 0);
	CHECK_INT(file_write_at(fd, "hello ", 6, 0), 0);
	CHECK_INT(lseek(fd, 0, SEEK_CUR), 0);
	CHECK_INT(file_read_at(fd, got, 5, 6), 0);
	CHECK_STR(got, "world");
	CHECK_INT(file_read_at(fd, got, 5, 7), -ENODATA);
	CHECK_INT(file_read_at(fd, got, 0, 11), 0);
	CHECK_INT(file_read_at(-1, got, 1, 0), -EBADF);
	CHECK_INT(file_write_at(-1, got, 1, 0), -EBADF);
	close(fd);
}

static void test_is_input(void)
{
	char a[] = "a", dot[] = "./a", dash[] = "-", none[] = "none", null[] = "/dev/null";
	CHECK_INT(file_replace("a", "x", 1), 0);
	CHECK(file_is_input("a", (char *[]){none, dot, NULL}));
	CHECK(!file_is_input("a", (char *[]){none, null, dash, NULL}));
	CHECK(!file_is_input("none", (char *[]){none, NULL}));
	CHECK(!file_is_input("/dev/null", (char *[]){null, NULL}));
	CHECK(!file_is_input(NULL, (char *[]){a, NULL}));
}

int main(void)
{
	if (!mkdtemp(scratch(dir, "file-test")) || chdir(dir) < 0)
		return 1;
	TEST(test_replace);
	TEST(test_drop);
	TEST(test_what_is_left_alone);
	TEST(test_commit_fails);
	TEST(test_at);
	TEST(test_is_input);
	unlink("a");
	unlink("link");
	unlink("dangling");
	unlink("fifo");
	rmdir("sub");
	rmdir("b");
	CHECK_INT(rmdir(dir), 0);
	return check_done();
}
