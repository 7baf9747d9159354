/* common/stream/checkpoint_file: damage, truncation, full disks; the state before remains usable. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/checkpoints.h"

static char file[128];

/* One file with a full state at 10, a delta at 20 and one at 30. */
static off_t make_file(void)
{
	struct checkpoint_dir s;
	struct stat st = {0};
	struct strbuf notes = STRBUF_INIT;
	new_dir();
	CHECK_INT(open_dir(&s, "me", &notes), 0);
	CHECK_INT(save(&s, CHECKPOINT_FULL, 1, 10, 0, "one"), 0);
	CHECK_INT(save(&s, CHECKPOINT_DELTA, 2, 20, 0, "+two"), 0);
	CHECK_INT(save(&s, CHECKPOINT_DELTA, 3, 30, 0, "+three"), 0);
	checkpoint_dir_release(&s);
	snprintf(file, sizeof file, "%s/state-00000000", dir);
	CHECK_INT(stat(file, &st), 0);
	CHECK_INT(st.st_mode & 0777, 0600);
	return st.st_size;
}

/* Which of the three states can be loaded; those that can must be correct. */
static int states(void)
{
	static const char *const want[] = {"one", "one+two", "one+two+three"};
	int n = 0;
	for (int i = 0; i < 3; i++) {
		const char *is = load((i + 1) * 10, 0);
		if (is) {
			CHECK_STR(is, want[i]);
			CHECK_INT(n, i); /* and no state after a damaged one */
			n++;
		}
	}
	return n;
}

/* Each byte in turn is changed: the states before it can be loaded, later ones cannot. */
static void test_damage(void)
{
	off_t size = make_file();
	int fd = open(file, O_RDWR), before = 0, counts[4] = {0};
	CHECK(fd >= 0);
	for (off_t i = 0; i < size; i++) {
		char c, other;
		CHECK_INT(pread(fd, &c, 1, i), 1);
		other = (char)(c ^ (1 << i % 8));
		CHECK_INT(pwrite(fd, &other, 1, i), 1);
		int n = states();
		CHECK(n >= before && n < 3);
		counts[n]++;
		before = n;
		CHECK_INT(pwrite(fd, &c, 1, i), 1);
	}
	CHECK(counts[0] > 100 && counts[1] > 100 && counts[2] > 100);
	CHECK_INT(states(), 3);
	close(fd);
	remove_dir();
}

static void test_cut(void)
{
	off_t size = make_file();
	int before = 3;
	for (off_t i = size - 1; i >= 0; i--) {
		CHECK_INT(truncate(file, i), 0);
		int n = states();
		CHECK(n <= before);
		before = n;
	}
	CHECK_INT(before, 0);
	remove_dir();
}

/* After a crash a file system may keep the length of an append, but not its contents. */
static void test_hole(void)
{
	off_t size = make_file();
	CHECK_INT(truncate(file, size - 1), 0);
	CHECK_INT(states(), 2);
	CHECK_INT(truncate(file, size + 100), 0);
	CHECK_INT(states(), 2);
	remove_dir();
}

/* With a limit on the size of files, only writing the state fails, and later it succeeds. */
static void test_full(void)
{
	off_t size = make_file();
	struct rlimit old, limit;
	struct checkpoint_dir s;
	struct strbuf notes = STRBUF_INIT;
	char big[8192];
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	CHECK_INT(open_dir(&s, "me", &notes), 0);
	CHECK_INT(save(&s, CHECKPOINT_FULL, 4, 40, 0, "four"), 0);
	signal(SIGXFSZ, SIG_IGN);
	CHECK_INT(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = (rlim_t)size;
	CHECK_INT(setrlimit(RLIMIT_FSIZE, &limit), 0);
	CHECK_INT(save(&s, CHECKPOINT_DELTA, 5, 50, 0, big), -EFBIG);
	CHECK(!checkpoint_dir_takes_delta(&s));
	CHECK_INT(save(&s, CHECKPOINT_FULL, 5, 50, 0, big), -EFBIG);
	CHECK_INT(save(&s, CHECKPOINT_FULL, 6, 60, 0, "six"), 0);
	CHECK_INT(setrlimit(RLIMIT_FSIZE, &old), 0);
	CHECK_INT(save(&s, CHECKPOINT_FULL, 7, 70, 0, big), 0);
	checkpoint_dir_release(&s);
	CHECK_INT(states(), 3);
	CHECK_STR(load(40, 0), "four");
	CHECK(load(50, 0) == NULL);
	CHECK_STR(load(60, 0), "six");
	CHECK_STR(load(70, 0), big);
	CHECK_INT(notes.len, 0);
	remove_dir();
}

/* More data than any buffer holds, in pieces of all sizes. */
static void test_big(void)
{
	struct checkpoint_dir s;
	struct strbuf notes = STRBUF_INIT, want = STRBUF_INIT, text = STRBUF_INIT;
	struct checkpoint_out out;
	char piece[70000];
	new_dir();
	CHECK_INT(open_dir(&s, "me", &notes), 0);
	struct mark mark = make_mark(&text, MARK_BATCH, 1, 1, 1);
	CHECK_INT(checkpoint_dir_save_begin(&s, CHECKPOINT_FULL, &mark, &out), 0);
	for (size_t n = 0; n < sizeof piece; n = n * 3 / 2 + 1) {
		memset(piece, 'a' + (int)(n % 26), n);
		strbuf_add(&want, piece, n);
		checkpoint_put(&out, piece, n);
	}
	for (size_t i = 0; i < 40; i++) {
		strbuf_add(&want, piece, sizeof piece - i);
		checkpoint_put(&out, piece, sizeof piece - i);
	}
	CHECK_INT(checkpoint_dir_save_end(&s, &out), 0);
	checkpoint_dir_release(&s);
	CHECK_STR(load(1, 1), want.s);
	strbuf_release(&want);
	strbuf_release(&text);
	remove_dir();
}

/* Deltas are added to a file until they are as long as the state, but at most a thousand. */
static void test_deltas(void)
{
	struct checkpoint_dir s;
	struct strbuf notes = STRBUF_INIT;
	uint64_t b = 1;
	new_dir();
	CHECK_INT(open_dir(&s, "me", &notes), 0);
	CHECK_INT(save(&s, CHECKPOINT_FULL, b, (int64_t)b, 0, "x"), 0);
	while (checkpoint_dir_takes_delta(&s) && b < 2000) {
		b++;
		CHECK_INT(save(&s, CHECKPOINT_DELTA, b, (int64_t)b, 0, "x"), 0);
	}
	CHECK_INT(b, 1024);
	checkpoint_dir_release(&s);
	const char *is = load(1024, 0);
	CHECK(is && strlen(is) == 1024);
	remove_dir();
}

int main(void)
{
	TEST(test_damage);
	TEST(test_cut);
	TEST(test_hole);
	TEST(test_full);
	TEST(test_big);
	TEST(test_deltas);
	return check_done();
}
