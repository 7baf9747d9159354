/*
 * run: runs a pipeline as a service, in a container or from cron.  It passes signals on to the sources, so that nothing
 * is lost, judges the statuses of all programs, starts the pipeline again when that may help, and never runs it twice
 * at the same time.
 *
 *     main      the options, the text of the pipeline, the lock
 *     loop      one poll: signals, ends of processes, time; does what the core asks for
 *     core decides (no descriptor, clock or message in it); judge: what the statuses mean together
 *     pipeline  the bash that runs it, and the statuses of its programs that bash reports
 *     procs     our descendants, and which of them are sources
 *     lock, health, words   the files and the messages
 *     serve, view, metrics   --metrics: the server, its pages, and what the programs have written for them
 *     check     --check; script: the commands of the text, as far as they are known before it runs
 *
 * The signal goes only to the sources, because everything that they have read is then still processed: the stream ends,
 * and each program after them ends at the end of its input.  A foreign program, such as gzip, would be killed by the
 * signal.  This process is the subreaper of all the others, so it knows when nothing of a pipeline is left, even as PID
 * 1 of a container.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/run/check.h"
#include "cmd/run/lock.h"
#include "cmd/run/loop.h"
#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/opt.h"
#include "common/base/strbuf.h"
#include "common/base/whole.h"
#include "common/io/file.h"
#include "cmd/run/health.h"

enum {
	TEXT_MAX = 100 << 10, /* one argument of a program may have 128 KiB */
	NO_GRACE = -1,
	EXIT_NO_BASH = 127,
};

static struct core core = {.grace_ms = NO_GRACE};
static const char *command, *lock, *health, *metrics;
static bool check;

static const struct opt options[] = {
	{.key = 'c',
		.name = "command",
		.type = OPT_STRING,
		.dest = &command,
		.arg = "PIPELINE",
		.help = "run this text instead of FILE"},
	{.name = "check", .dest = &check, .help = "only check all programs of the pipeline, and change nothing"},
	{.name = "restart",
		.dest = &core.restart,
		.help = "restart the pipeline when that may help (75, or death by a signal)"},
	{.name = "lock",
		.type = OPT_STRING,
		.dest = &lock,
		.arg = "FILE",
		.help = "end with 75 when another run holds the lock on FILE"},
	{.name = "health",
		.type = OPT_STRING,
		.dest = &health,
		.arg = "FILE",
		.help = "keep the state of the pipeline in FILE"},
	{.name = "metrics",
		.type = OPT_STRING,
		.dest = &metrics,
		.arg = "[ADDR:]PORT",
		.help = "serve /metrics for Prometheus, and /healthz"},
	{.name = "grace",
		.type = OPT_DURATION,
		.dest = &core.grace_ms,
		.arg = "DURATION",
		.help = "kill programs that still run this long after a signal; by default never"},
	{0},
};

static const struct opt_spec spec = {
	.program = "run",
	.operands = "[FILE]",
	.summary = "Run a pipeline as a service: pass on signals, check all statuses, restart it.",
	.example = "weir run -c 'weir consume -g logs logs | gzip >>logs.gz'",
	.options = options,
	.max_operands = 1,
};

/* Set NAME and TEXT of the pipeline.  EXIT_OK, or a status after a message. */
static int find_text(struct pipeline *p, char *const *operands, struct strbuf *text)
{
	const char *file = *operands;
	if (!command && !file)
		return opt_usage_error(&spec, "a pipeline is missing: FILE, or -c with its text");
	if (command && file)
		return opt_usage_error(
			&spec, "unexpected operand '%s': with -c the pipeline is one word, in quotes", file);
	if (file_is_input(health, operands))
		return opt_usage_error(&spec, "the file of --health is also that of the pipeline");
	p->name = command ? "weir run" : file;
	if (command) {
		strbuf_addstr(text, command);
	} else {
		int r = whole_read_text(file, TEXT_MAX, text);
		bool blank = r == -ENOENT && strpbrk(file, " |");
		if (r < 0) {
			warn("cannot read '%s': %s%s", file, whole_strerror(r),
				blank ? " (the text of a pipeline needs -c)" : "");
			return r == -EFBIG || r == -EILSEQ || r == -ETIMEDOUT ? EXIT_CONFIG : (int)diag_status(r);
		}
	}
	p->text = text->s;
	if (text->len > TEXT_MAX)
		return opt_usage_error(
			&spec, "the pipeline is longer than %d bytes: put it into a FILE of its own", TEXT_MAX);
	if (!text->s[strspn(text->s, " \t\n")])
		return opt_usage_error(&spec, "the pipeline is empty");
	return EXIT_OK;
}

/* Check the text; bash prints what is wrong with it. */
static int check_text(const struct pipeline *p)
{
	int r = pipeline_check(p);
	if (r == -EINVAL) {
		warn("the pipeline is not text that bash understands; nothing of it has run");
		return command ? EXIT_USAGE : EXIT_CONFIG;
	}
	if (r < 0)
		warn("cannot run bash: %s", diag_strerror(r));
	return r == -ENOENT ? EXIT_NO_BASH : (int)diag_status(r);
}

static int take_lock(struct pipeline *p)
{
	struct strbuf holder = STRBUF_INIT;
	int r = lock ? lock_acquire(lock, &p->lock, &holder) : 0;
	if (r == -EWOULDBLOCK)
		warn("'%s' is locked by another run%s", lock, holder.s);
	else if (r < 0)
		warn("cannot lock '%s': %s", lock, r == -EINVAL ? "it is not a regular file" : diag_strerror(r));
	strbuf_release(&holder);
	return r == -EWOULDBLOCK ? EXIT_TEMP : r == -EINVAL ? EXIT_CONFIG : (int)diag_status(r);
}

/* Report a file that cannot be written before anything runs. */
static int try_health(void)
{
	const struct outcome none = {.shell = -1};
	int64_t now = clock_ms();
	core.since = now;
	int r = health ? health_write(health, &core, &none, now) : 0;
	if (r < 0)
		warn("cannot write '%s': %s", health, file_strerror(r));
	return (int)diag_status(r);
}

/* Let a `weir` in the pipeline be found even if PATH, like that of cron, lacks its directory. */
static void extend_path(void)
{
	const char *self = getenv("WEIR_SELF"), *path = getenv("PATH");
	const char *slash = self ? strrchr(self, '/') : NULL;
	struct strbuf longer = STRBUF_INIT;
	if (slash && slash > self) {
		strbuf_addf(&longer, "%s:%.*s", path && *path ? path : "/usr/bin:/bin", (int)(slash - self), self);
		setenv("PATH", longer.s, 1);
	}
	strbuf_release(&longer);
}

int main(int argc, char **argv)
{
	struct pipeline pipeline = {.lock = -1, .words = -1, .null = -1};
	struct strbuf text = STRBUF_INIT;
	char **operands;
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	status = find_text(&pipeline, operands, &text);
	if (!status)
		status = check_text(&pipeline);
	if (!status && check) {
		extend_path();
		status = check_run(command ? "pipeline" : operands[0], text.s);
		strbuf_release(&text);
		return status;
	}
	if (!status)
		status = take_lock(&pipeline);
	if (!status)
		status = try_health();
	if (!status) {
		extend_path();
		status = loop_run(&core, &pipeline, health, metrics);
	}
	pipeline_release(&pipeline);
	strbuf_release(&text);
	return status;
}
