/* Bytes that wait, in memory and in a file: backlog.h. */
#include "common/io/backlog.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/unit/check.h"

enum { BLOCK = 64 << 10 };

static struct strbuf why = STRBUF_INIT;

/* The byte at POS of the backlog number N. */
static char byte_at(int n, uint64_t pos)
{
	return (char)(pos * 7 + pos / 251 + (uint64_t)n * 13);
}

static void add(struct backlog *b, int n, size_t len)
{
	char *s = malloc(len);
	for (size_t i = 0; i < len; i++)
		s[i] = byte_at(n, b->len + i);
	uint64_t before = b->len;
	CHECK_INT(backlog_append(b, s, len, &why), 0);
	CHECK_INT(b->len, before + len);
	free(s);
}

static bool holds(const struct backlog *b, int n, uint64_t pos, size_t len)
{
	char *s = malloc(len + 1);
	bool good = backlog_read(b, pos, s, len) == 0;
	for (size_t i = 0; good && i < len; i++)
		good = s[i] == byte_at(n, pos + i);
	free(s);
	return good;
}

/*
 * Every byte comes back, whatever the pieces in which it is appended and read; the pool keeps MEMORY bytes in memory.
 */
static void come_back(uint64_t memory)
{
	enum { N = 5 };
	static const size_t pieces[] = {1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 17, 100};
	struct backlog_pool *pool = backlog_pool_new(memory);
	struct backlog b[N];
	for (int i = 0; i < N; i++)
		b[i] = (struct backlog){.pool = pool};
	for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++)
		for (int i = 0; i < N; i++) /* in turn, so that blocks are mixed */
			add(&b[i], i, pieces[p]);
	for (int i = 0; i < N; i++) {
		CHECK(holds(&b[i], i, 0, (size_t)b[i].len));
		CHECK(holds(&b[i], i, BLOCK - 3, 7));
		CHECK(holds(&b[i], i, b[i].len, 0));
		CHECK_INT(backlog_read(&b[i], b[i].len - 1, (char[2]){0}, 2), -EINVAL);
		CHECK_INT(backlog_read(&b[i], b[i].len + 1, (char[1]){0}, 0), -EINVAL);
	}
	backlog_release(&b[1]); /* others use its blocks */
	add(&b[1], 1, 2 * BLOCK);
	add(&b[3], 3, BLOCK);
	for (int i = 0; i < N; i++)
		CHECK(holds(&b[i], i, 0, (size_t)b[i].len));
	for (int i = 0; i < N; i++)
		backlog_release(&b[i]);
	backlog_pool_free(pool);
}

static void test_in_memory(void)
{
	come_back(UINT64_C(1) << 30);
}

static void test_in_both(void)
{
	come_back(7 * BLOCK);
}

static void test_in_file(void)
{
	come_back(0);
}

/* A directory for the file that does not exist, and one without room: what was appended before is still there. */
static void test_no_room(void)
{
	struct backlog_pool *pool = backlog_pool_new(BLOCK);
	struct backlog b = {.pool = pool};
	char more[BLOCK] = {0};
	add(&b, 1, BLOCK);
	strbuf_clear(&why);
	setenv("TMPDIR", "/nowhere", 1);
	CHECK_INT(backlog_append(&b, more, 1, &why), -ENOENT);
	CHECK(strstr(why.s, "/nowhere"));
	unsetenv("TMPDIR");
	CHECK_INT(b.len, BLOCK);
	struct rlimit limit, low;
	getrlimit(RLIMIT_FSIZE, &limit);
	low = limit;
	low.rlim_cur = BLOCK;
	setrlimit(RLIMIT_FSIZE, &low);
	add(&b, 1, BLOCK);
	CHECK_INT(backlog_append(&b, more, sizeof more, &why), -EFBIG);
	setrlimit(RLIMIT_FSIZE, &limit);
	CHECK(holds(&b, 1, 0, 2 * BLOCK));
	backlog_release(&b);
	backlog_pool_free(pool);
}

int main(void)
{
	signal(SIGXFSZ, SIG_IGN);
	TEST(test_in_memory);
	TEST(test_in_both);
	TEST(test_in_file);
	TEST(test_no_room);
	strbuf_release(&why);
	return check_done();
}
