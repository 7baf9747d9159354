#include "common/lake/secret_process.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "common/base/num.h"
#include "common/lake/secret.h"
#include "tests/unit/capture.h"

static struct strbuf told;
static int stops; /* after this many questions */

static void tell(const char *line)
{
	strbuf_addf(&told, "%s\n", line);
}

static bool stopped(void)
{
	return stops > 0 && --stops == 0;
}

static const struct http_config config = {.tell = tell, .stopped = stopped};

/* Run COMMAND; check result, output and message. */
static void check(const char *command, int64_t limit_ms, int want, const char *output, const char *message)
{
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
	CHECK_INT(secret_process_run(command, "the process", &config, limit_ms, &out, &err), want);
	if (output)
		CHECK_STR(out.s, output);
	CHECK_STR(err.s, message);
	secret_release(&out);
	strbuf_release(&err);
}

static void test_output(void)
{
	check("echo 'a  b' \"c\"", 5000, 0, "a  b c\n", "");
	check(":", 5000, 0, "", "");
	check("printf a; exec >&-; sleep 0.1", 5000, 0, "a", "");
}

/* Standard input is the program's, which may be a stream of records. */
static void test_input(void)
{
	int saved = dup(STDIN_FILENO), fd = memfd_create("input", MFD_CLOEXEC);
	CHECK(saved >= 0 && write(fd, "records", 7) == 7 && lseek(fd, 0, SEEK_SET) == 0);
	CHECK_INT(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	check("cat", 5000, 0, "", "");
	CHECK_INT(lseek(fd, 0, SEEK_CUR), 0);
	CHECK_INT(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
	close(fd);
}

/* A command has ended even if it leaves another one behind that holds its output open. */
static void test_left_behind(void)
{
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
	int64_t pid = 0;
	CHECK_INT(secret_process_run("sleep 600 & echo $!", "x", &config, 60000, &out, &err), 0);
	strbuf_setlen(&out, out.len ? out.len - 1 : 0);
	CHECK_INT(num_i64(out.s, &pid), 0);
	CHECK_INT(pid > 1 ? kill((pid_t)pid, SIGKILL) : -1, 0);
	secret_release(&out);
	strbuf_release(&err);
}

static void test_failures(void)
{
	check("echo out; exit 3", 5000, -EACCES, "out\n", "the process ended with exit status 3");
	check("/does/not/exist 2>&-", 5000, -EACCES, "", "the process ended with exit status 127");
	check("kill -9 $$", 5000, -EACCES, "", "the process was ended by signal 9");
	check("exec sleep 60", 100, -ETIMEDOUT, "", "the process did not end within 100ms");
	check("exec >&-; exec sleep 60", 100, -ETIMEDOUT, "", "the process did not end within 100ms");
}

static void test_size(void)
{
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
	CHECK_INT(secret_process_run("head -c 65536 /dev/zero", "x", &config, 5000, &out, &err), 0);
	CHECK_INT(out.len, SECRET_PROCESS_MAX);
	secret_release(&out);
	check("head -c 65537 /dev/zero", 5000, -EMSGSIZE, NULL, "the process prints more than 64 KiB");
	check("exec cat /dev/zero", 5000, -EMSGSIZE, NULL, "the process prints more than 64 KiB");
	strbuf_release(&err);
}

static void test_stderr(void)
{
	struct capture c;
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
	capture_file(&c);
	check("echo keys; echo why >&2", 5000, 0, "keys\n", "");
	capture_end(&c, &out, &err);
	CHECK_STR(out.s, "");
	CHECK_STR(err.s, "why\n");
	strbuf_release(&out);
	strbuf_release(&err);
}

static void test_wait(void)
{
	strbuf_init(&told);
	check("sleep 1.3", 5000, 0, "", "");
	CHECK_STR(told.s, "waiting for the process\nthe process has ended\n");
	strbuf_release(&told);
	stops = 3;
	check("exec sleep 60", 50000, -EINTR, "", "cannot wait for the process: Interrupted system call");
}

int main(void)
{
	TEST(test_output);
	TEST(test_input);
	TEST(test_left_behind);
	TEST(test_failures);
	TEST(test_size);
	TEST(test_stderr);
	TEST(test_wait);
	return check_done();
}
