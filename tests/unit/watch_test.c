/* common/io/watch: calls that last longer than a second are reported, and end at their limit. */
#include "common/io/watch.h"

#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/strbuf.h"
#include "tests/unit/check.h"

static struct strbuf said = STRBUF_INIT; /* by the watch's thread, and read when that is done with it */
static atomic_bool told;

static void tell(const char *line)
{
	strbuf_addf(&said, "%s;", line);
	told = true;
}

static void test_short_calls(void)
{
	struct watch *w;
	CHECK_INT(watch_new(&w, "them", tell), 0);
	for (int i = 0; i < 10000; i++) {
		watch_begin(w, "nothing", -1, 1000000);
		CHECK(!watch_end(w));
	}
	watch_free(w);
	watch_free(NULL);
	CHECK_STR(said.s, "");
}

/* A read from a socket to which nobody writes: it ends at the limit, and was reported once. */
static void test_limit(void)
{
	struct watch *w;
	int fds[2];
	char c;
	CHECK_INT(watch_new(&w, "them", tell), 0);
	for (int i = 0; i < 2; i++) {
		strbuf_clear(&said);
		CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
		int64_t begun = clock_ms();
		watch_begin(w, "a\nanswer", fds[0], 1500);
		CHECK_INT(read(fds[0], &c, 1), 0);
		CHECK(watch_end(w));
		CHECK(clock_ms() - begun >= 1500);
		CHECK_STR(said.s, "waiting for them: a\\x0aanswer;");
		close(fds[0]);
		close(fds[1]);
	}
	watch_free(w);
}

/* Without a limit nothing is shut down. */
static void test_no_limit(void)
{
	struct watch *w;
	int fds[2];
	CHECK_INT(watch_new(&w, "them", tell), 0);
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	strbuf_clear(&said);
	told = false;
	watch_begin(w, "it", fds[0], -1);
	while (!told)
		usleep(50000);
	CHECK(!watch_end(w));
	CHECK_INT(write(fds[0], "x", 1), 1);
	close(fds[0]);
	close(fds[1]);
	watch_free(w);
	CHECK_STR(said.s, "waiting for them: it;");
}

int main(void)
{
	TEST(test_short_calls);
	TEST(test_limit);
	TEST(test_no_limit);
	strbuf_release(&said);
	return check_done();
}
