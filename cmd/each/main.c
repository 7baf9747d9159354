/*
 * each: makes any command a batch operator: CMD runs once per batch with the batch as its standard input, and its
 * output is the batch's output.  CMD never sees an incomplete batch; when it fails, nothing is passed on.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cmd/each/run.h"
#include "common/base/checking.h"
#include "common/io/spool.h"
#include "common/base/num.h"
#include "common/base/sig.h"
#include "common/stream/filter.h"

#define OFFSETS_MAX  (100u << 10) /* bytes of WEIR_OFFSETS */
#define INHERITED_FD 20           /* use descriptors from here on; those below may be a shell's own */

struct each {
	char *const *argv;
	bool ok[256];
	bool empty;
	uint64_t memory;
	struct spool spool;
	bool spooling;
};

static struct filter_opts input;
static bool shell, empty;
static uint64_t memory = 64u << 20;
static bool ok[256] = {true};

/* Parse "0,1": the exit statuses that do not mean failure. */
static int parse_ok(const char *value, void *dest, struct strbuf *err)
{
	bool *list = dest;
	memset(list, 0, 256 * sizeof *list);
	do {
		size_t len = strcspn(value, ",");
		char word[8];
		uint64_t n;
		snprintf(word, sizeof word, "%.*s", len < 7 ? (int)len : 7, value);
		if (num_u64(word, &n) < 0 || n > 255) {
			strbuf_addstr(err, "is not a list of statuses from 0 to 255, such as 0,1");
			return -EINVAL;
		}
		list[n] = true;
		value += len + (value[len] == ',');
	} while (*value);
	return 0;
}

static const struct opt options[] = {
	FILTER_OPTIONS(&input),
	{.name = "ok",
		.type = OPT_CALL,
		.dest = ok,
		.arg = "LIST",
		.parse = parse_ok,
		.help = "exit statuses that do not count as failure, 0 by default"},
	{.name = "shell", .dest = &shell, .help = "pass CMD and its arguments, joined with blanks, to sh -c"},
	{.name = "empty", .dest = &empty, .help = "run CMD also for batches without records"},
	{.name = "memory",
		.type = OPT_SIZE,
		.dest = &memory,
		.arg = "SIZE",
		.help = "keep this much of a batch in memory, 64M by default"},
	{0},
};

static const struct opt_spec spec = {
	.program = "each",
	.looks = true,
	.operands = "CMD [ARG ...]",
	.summary = "Run CMD once per batch, with the batch as its standard input.",
	.example = "weir consume -g words --batch 10s lines |\n"
		   "    weir split | weir wordcount | weir each head -10",
	.options = options,
	.stop_at_operand = true,
	.min_operands = 1,
};

static int spool_failed(int err)
{
	warn("cannot spool the batch: %s", diag_strerror(err));
	return diag_status(err);
}

static int take(void *self, const char *s, size_t len, struct flow *flow)
{
	struct each *e = self;
	int r = 0;
	(void)flow;
	if (!e->spooling)
		r = spool_open(&e->spool, e->memory);
	if (r < 0)
		return spool_failed(r);
	e->spooling = true;
	r = spool_write(&e->spool, s, len);
	return r < 0 ? spool_failed(r) : 0;
}

static void set_time(const char *name, int64_t ms)
{
	time_t at = (time_t)(ms / 1000);
	struct tm tm;
	char day[40], text[64];
	if (!gmtime_r(&at, &tm) || !strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm))
		return;
	snprintf(text, sizeof text, "%s.%03dZ", day, (int)(ms % 1000));
	setenv(name, text, 1);
}

/* Put TEXT into a file without a name that CMD inherits.  0 or -errno. */
static int inherited_file(const struct strbuf *text, int *ret_fd)
{
	struct spool file;
	int r = spool_open(&file, UINT64_MAX);
	if (r < 0)
		return r;
	r = spool_write(&file, text->s, text->len);
	if (r == 0)
		r = spool_rewind(&file);
	if (r == 0 && (*ret_fd = fcntl(file.out.fd, F_DUPFD, INHERITED_FD)) < 0)
		r = -errno;
	spool_release(&file);
	return r;
}

/*
 * Set WEIR_OFFSETS or, if that would be too long for the environment (one string may have 128 KiB), WEIR_OFFSETS_FILE,
 * an anonymous file that CMD inherits.  Sets *ret_fd to that file, or to -1.  0 or -errno.
 */
static int set_offsets(const struct mark *mark, int *ret_fd)
{
	size_t len = 2;
	const char *off = mark_object(mark, "off", &len);
	struct strbuf text = STRBUF_INIT;
	int fd = -1, r = 0;
	unsetenv("WEIR_OFFSETS");
	unsetenv("WEIR_OFFSETS_FILE");
	strbuf_add(&text, off ? off : "{}", len);
	if (len <= OFFSETS_MAX) {
		setenv("WEIR_OFFSETS", text.s, 1);
	} else if ((r = inherited_file(&text, &fd)) == 0) {
		strbuf_clear(&text);
		strbuf_addf(&text, "/dev/fd/%d", fd);
		setenv("WEIR_OFFSETS_FILE", text.s, 1);
	}
	strbuf_release(&text);
	*ret_fd = fd;
	return r;
}

/* Set the variables that describe the batch to CMD; *ret_fd is as for set_offsets(). */
static int set_environment(const struct mark *mark, int *ret_fd)
{
	char text[32];
	*ret_fd = -1;
	if (!mark)
		return 0;
	snprintf(text, sizeof text, "%" PRIu64, mark->batch);
	setenv("WEIR_BATCH", text, 1);
	snprintf(text, sizeof text, "%016" PRIx64, mark->run);
	setenv("WEIR_RUN", text, 1);
	set_time("WEIR_START", mark->start_ms);
	set_time("WEIR_END", mark->end_ms);
	return set_offsets(mark, ret_fd);
}

/* The meaning of status 1 for commands for which it is not a failure. */
static const char *meaning_of_1(const char *cmd)
{
	static const char *const finders[] = {"grep", "egrep", "fgrep", "zgrep", "rg"}, *const differs[] = {
												"diff", "cmp"};
	const char *slash = strrchr(cmd, '/'), *name = slash ? slash + 1 : cmd;

	for (size_t i = 0; i < sizeof finders / sizeof *finders; i++)
		if (strcmp(name, finders[i]) == 0)
			return " (1 says that nothing was found: --ok 0,1)";
	for (size_t i = 0; i < sizeof differs / sizeof *differs; i++)
		if (strcmp(name, differs[i]) == 0)
			return " (1 says that there are differences: --ok 0,1)";
	return "";
}

/* Decide on the status of CMD. */
static int judge(const struct each *e, int status)
{
	if (WIFEXITED(status) && e->ok[WEXITSTATUS(status)])
		return 0;
	if (WIFEXITED(status))
		warn("'%s' ended with status %d; its batch is not acknowledged%s", e->argv[0], WEXITSTATUS(status),
			WEXITSTATUS(status) == 1 ? meaning_of_1(e->argv[0]) : "");
	else
		warn("'%s' was killed by signal %d; its batch is not acknowledged", e->argv[0], WTERMSIG(status));
	return EXIT_TEMP;
}

static void tell_cannot_run(const char *cmd, int err)
{
	if (err == -ENOENT && strpbrk(cmd, " |;&<>$*"))
		warn("cannot run '%s': there is no command with this name; a command line needs --shell", cmd);
	else if (err == -ENOENT && !strchr(cmd, '/'))
		warn("cannot run '%s': command not found", cmd);
	else
		warn("cannot run '%s': %s", cmd, diag_strerror(err));
}

/* The exit status for the -errno with which CMD could not be run. */
static int cannot_run(int err)
{
	switch (err) {
	case -ENOENT:
		return 127;
	case -EACCES:
	case -ENOEXEC:
		return 126;
	case -E2BIG: /* arguments and environment are too long, and would be so again */
		return EXIT_CONFIG;
	default:
		return EXIT_TEMP;
	}
}

static int run_batch(void *self, struct flow *flow)
{
	struct each *e = self;
	int status = 0, r = 0, offsets;
	if (!e->spooling && !e->empty)
		return 0;
	if (!e->spooling)
		r = spool_open(&e->spool, e->memory);
	if (!r)
		r = spool_rewind(&e->spool);
	if (r < 0)
		return spool_failed(r);
	r = set_environment(flow->mark, &offsets);
	if (r < 0)
		return spool_failed(r);
	r = run_command(e->argv, e->spool.out.fd, flow, &status);
	if (offsets >= 0)
		close(offsets);
	spool_release(&e->spool);
	e->spooling = false;
	if (r == FLOW_STOP)
		return r;
	if (r < 0) {
		tell_cannot_run(e->argv[0], r);
		return cannot_run(r);
	}
	return judge(e, status);
}

/* ARGV for sh -c with the words of OPERANDS joined; never freed, because the process ends. */
static char **shell_command(char **operands)
{
	static char sh[] = "sh", flag[] = "-c", *argv[] = {sh, flag, NULL, NULL};
	struct strbuf line = STRBUF_INIT;
	for (; *operands; operands++)
		strbuf_addf(&line, "%s%s", line.len ? " " : "", *operands);
	argv[2] = strbuf_detach(&line);
	return argv;
}

/* Only a check: whether CMD is there; when it is a program of weir, it checks itself. */
static int look_at(char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	int r = shell ? 0 : checking_command(argv[0]);
	if (r == 0 && !shell && strcmp(slash ? slash + 1 : argv[0], "weir") == 0) {
		execvp(argv[0], argv);
		r = -errno;
	}
	if (r < 0)
		warn("cannot run '%s': %s", argv[0], diag_strerror(r));
	return r == 0 ? EXIT_OK : r == -ENOENT ? 127 : 126;
}

int main(int argc, char **argv)
{
	static const struct filter filter = {.span = take, .batch = run_batch};
	char **operands, *standard_input[] = {NULL};
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status == OPT_GO && checking())
		return look_at(operands);
	if (status != OPT_GO)
		return status;
	sig_effects();
	struct each each = {.argv = shell ? shell_command(operands) : operands, .empty = empty, .memory = memory};
	memcpy(each.ok, ok, sizeof ok);
	status = filter_run(&filter, &each, &input, standard_input);
	if (each.spooling)
		spool_release(&each.spool);
	return status;
}
