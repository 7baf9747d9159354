#include "common/lake/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static void test_add(void)
{
	struct strbuf b = STRBUF_INIT, want = STRBUF_INIT;
	for (unsigned i = 0; i < 1000; i++) {
		secret_addstr(&b, "secret");
		strbuf_addstr(&want, "secret");
	}
	secret_add(&b, "\0", 1);
	strbuf_add(&want, "\0", 1);
	CHECK_MEM(b.s, b.len, want.s, want.len);
	strbuf_release(&want);
	secret_release(&b);
	CHECK_STR(b.s, "");
	secret_add(&b, NULL, 0);
	CHECK_STR(b.s, "");
	secret_release(&b);
	secret_free(NULL);
}

/* Freed memory is wiped: after a buffer has grown, its old memory, which the allocator hands out again. */
static void test_wiped(void)
{
	char *s = malloc(1000);
	memset(s, 'S', 999);
	s[999] = '\0';
	secret_free(s);
	struct strbuf b = STRBUF_INIT;
	for (unsigned i = 0; i < 100; i++)
		secret_addstr(&b, "SECRETSECRET");
	secret_release(&b);
	for (size_t size = 16; size < 4096; size += 16) {
		char *block = malloc(size);
		const volatile char *p = block;
		for (size_t i = 16; i + 1 < size; i++) /* the first bytes are the allocator's */
			CHECK(p[i] != 'S' || p[i + 1] != 'S');
		free(block);
	}
}

static void write_file(const char *path, size_t len)
{
	FILE *f = fopen(path, "w");
	for (size_t i = 0; f && i < len; i++)
		fputc('x', f);
	CHECK(f && fclose(f) == 0);
}

static void test_read(void)
{
	char dir[SCRATCH_SIZE];
	struct strbuf b = STRBUF_INIT;
	CHECK(mkdtemp(scratch(dir, "weir-secret")) && chdir(dir) == 0);
	write_file("full", 10000);
	write_file("empty", 0);
	CHECK_INT(secret_read("full", 10000, &b), 0);
	CHECK_INT(b.len, 10000);
	CHECK_INT(secret_read("full", 9999, &b), -EMSGSIZE);
	secret_release(&b);
	CHECK_INT(secret_read("empty", 0, &b), 0);
	CHECK_INT(secret_read("/dev/null", 0, &b), 0);
	CHECK_INT(b.len, 0);
	CHECK_INT(secret_read("none", 9, &b), -ENOENT);
	CHECK_INT(secret_read("full/x", 9, &b), -ENOTDIR);
	CHECK_INT(mkfifo("fifo", 0600), 0);
	CHECK_INT(secret_read("fifo", 9, &b), -EINVAL);
	CHECK_INT(secret_read(".", 9, &b), -EINVAL);
	CHECK_INT(secret_read("/dev/zero", 9, &b), -EINVAL);
	CHECK_INT(symlink("full", "link"), 0);
	CHECK_INT(secret_read("link", 10000, &b), 0);
	secret_release(&b);
	CHECK_INT(unlink("full") + unlink("empty") + unlink("fifo") + unlink("link") + chdir("/") + rmdir(dir), 0);
}

int main(void)
{
	TEST(test_add);
	TEST(test_wiped);
	TEST(test_read);
	return check_done();
}
