/*
 * meter: passes its input through unchanged, and shows how much there is, how fast it comes and how late it is.
 *
 * A marked stream goes through the filter driver, because records are counted at every hop; a plain one is copied byte
 * by byte, so it cannot change.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/meter/pump.h"
#include "cmd/meter/report.h"
#include "common/base/count.h"
#include "common/base/sig.h"
#include "common/io/file.h"
#include "common/io/metrics_file.h"
#include "common/stream/filter.h"
#include "common/io/inbuf.h"

static struct {
	struct filter_opts filter;
	const char *name, *output;
	int format;
	int64_t interval_ms;
	bool bytes;
} opts = {.name = "", .interval_ms = 1000};

static const struct opt options[] = {
	{.name = "name",
		.type = OPT_STRING,
		.dest = &opts.name,
		.arg = "NAME",
		.help = "name of this point of the pipeline in reports"},
	{.key = 'i',
		.name = "interval",
		.type = OPT_DURATION,
		.dest = &opts.interval_ms,
		.arg = "DURATION",
		.max = 86400000,
		.help = "how often to report, 1s by default; 0: the totals only"},
	{.name = "format",
		.type = OPT_CHOICE,
		.dest = &opts.format,
		.arg = "line|json|prometheus",
		.help = "format of the reports, line by default"},
	{.name = "output",
		.type = OPT_STRING,
		.dest = &opts.output,
		.arg = "FILE",
		.help = "write reports to FILE, not to standard error"},
	{.name = "bytes", .dest = &opts.bytes, .help = "do not count the records of a plain stream"},
	FILTER_OPTIONS(&opts.filter),
	{0},
};

static const struct opt_spec spec = {
	.program = "meter",
	.operands = "[FILE ...]",
	.summary = "Pass the input through and show its rate and its delay.",
	.example = "weir split book.txt | weir meter --name tokens >tokens",
	.options = options,
};

static struct stats stats;

static int take(void *self, const char *s, size_t len, struct flow *flow)
{
	struct stats *st = self;
	stats_count(st, len, count_bytes(s, len, flow->delim));
	return flow_put_span(flow, s, len);
}

static void see(void *self, const struct mark *mark)
{
	stats_mark(self, mark);
}

/* Open PATH.  Returns the descriptor, or the negative of an exit status after a message. */
static int open_input(const char *path)
{
	if (strcmp(path, "-") == 0)
		return STDIN_FILENO;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	int err = errno;
	warn("cannot open '%s': %s", path, diag_strerror(err));
	return -(int)diag_status(err);
}

/* How many bytes the inputs have together; 0 when that is not known for one of them. */
static uint64_t expect(char *const *inputs)
{
	uint64_t sum = 0;
	for (; *inputs; inputs++) {
		struct stat st;
		bool standard = strcmp(*inputs, "-") == 0;
		if ((standard ? fstat(STDIN_FILENO, &st) : stat(*inputs, &st)) < 0)
			continue;                            /* it will be reported later */
		if (!S_ISREG(st.st_mode) || st.st_size == 0) /* files of /proc have no size */
			return 0;
		off_t at = standard ? lseek(STDIN_FILENO, 0, SEEK_CUR) : 0;
		sum += at < st.st_size ? (uint64_t)(st.st_size - at) : 0;
	}
	return sum;
}

/* Copy FD to the output.  Returns an exit status, -EPIPE for an output without a reader; *ret_stop: stop here. */
static int carry(int fd, const char *name, bool *ret_stop)
{
	struct pump_error error;
	if (inbuf_feeds_itself(fd)) {
		warn("cannot read %s: it is the output, too", name);
		return EXIT_CONFIG;
	}
	if (!opts.filter.plain && pump_peek(fd) == MARK_ETB) {
		warn("%s is a marked stream, which must be the only input", name);
		*ret_stop = true;
		return EXIT_DATA;
	}
	if (!pump(fd, &stats, opts.filter.null ? '\0' : '\n', &error))
		return EXIT_OK;
	*ret_stop = error.output;
	if (error.output && error.err == -EPIPE)
		return -EPIPE;
	if (error.output)
		warn("cannot write standard output: %s", diag_strerror(error.err));
	else
		warn("cannot read %s: %s", name, diag_strerror(error.err));
	return (int)diag_status(error.err);
}

/* Copy all inputs; a failure of one does not stop the others. */
static int carry_all(char *const *inputs)
{
	int worst = EXIT_OK;
	bool stop = false;
	for (; *inputs && !stop && !sig_stop(); inputs++) {
		int fd = open_input(*inputs), status = -fd;
		if (fd >= 0)
			status = carry(fd, fd == STDIN_FILENO ? "standard input" : *inputs, &stop);
		if (fd > STDIN_FILENO)
			close(fd);
		if (status == -EPIPE)
			return status;
		if (status > worst)
			worst = status;
	}
	return worst;
}

/*
 * Make the only input standard input, because its first byte tells whether the stream is marked, and an input that
 * cannot be opened twice (a FIFO) must not lose it.  Returns an exit status.
 */
static int carry_one(const char *path)
{
	static const struct filter filter = {.span = take, .see = see};
	char *none[] = {NULL};
	bool stop;
	int fd = open_input(path);
	if (fd < 0)
		return -fd;
	if (fd != STDIN_FILENO) {
		if (dup2(fd, STDIN_FILENO) < 0)
			die(EXIT_TEMP, "cannot open '%s': %s", path, diag_strerror(errno));
		close(fd);
	}
	if (opts.filter.plain || pump_peek(STDIN_FILENO) != MARK_ETB)
		return carry(STDIN_FILENO, fd == STDIN_FILENO ? "standard input" : path, &stop);
	stats.expected = 0;
	stats.counts_records = true;
	return filter_run(&filter, &stats, &opts.filter, none);
}

/* Close the output, which may be where an error shows; for a marked stream the driver has closed it. */
static int close_output(int status)
{
	if (fcntl(STDOUT_FILENO, F_GETFD) < 0 || close(STDOUT_FILENO) == 0 || errno == EINTR)
		return status;
	warn("cannot write standard output: %s", diag_strerror(errno));
	return status > (int)diag_status(errno) ? status : (int)diag_status(errno);
}

static int run(char **operands)
{
	char standard[] = "-", *only[] = {standard, NULL};
	char **inputs = *operands ? operands : only;
	struct meter_report report = {.stats = &stats,
		.name = opts.name,
		.format = (enum report_format)opts.format,
		.path = opts.output,
		.interval_ms = opts.interval_ms};
	if (file_is_input(opts.output, inputs))
		return opt_usage_error(&spec, "the file of --output is also an input");
	stats.expected = expect(inputs);
	int err = report_start(&report);
	if (err < 0)
		die(diag_status(err), "cannot write '%s': %s", opts.output ? opts.output : "standard error",
			file_strerror(err));
	int status = inputs[1] ? carry_all(inputs) : carry_one(inputs[0]);
	err = report_end(&report);
	if (err < 0)
		warn("cannot write '%s': %s", opts.output, file_strerror(err));
	if (status == -EPIPE) { /* die by SIGPIPE like a filter, but only after the totals */
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	status = close_output(status);
	return err < 0 && status < (int)diag_status(err) ? (int)diag_status(err) : status;
}

int main(int argc, char **argv)
{
	char **operands;
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	if (opts.format == REPORT_PROMETHEUS && !opts.output)
		return opt_usage_error(&spec, "--format prometheus needs --output FILE");
	char *metrics = opts.output || opts.format != REPORT_LINE ? NULL : metrics_file();
	if (metrics) {
		opts.output = metrics;
		opts.format = REPORT_PROMETHEUS;
	}
	sig_effects();
	stats_init(&stats, !opts.bytes);
	status = run(operands);
	free(metrics);
	return status;
}
