/* The filter driver: see filter.h. */
#include "common/io/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/sig.h"
#include "common/io/hop.h"

#define MARK_ROOM (1u << 20) /* the least --max-record of a marked stream */
#define MESSAGES  10         /* records that are too long are named up to this many, then only counted */

struct run {
	const struct filter *filter;
	void *self;
	const struct filter_opts *opts;
	struct flow flow;
	struct hop hop;
	int idle;    /* what filter->idle ended the program with */
	bool only;   /* one input: a marked stream can not be joined with others */
	bool marked; /* the input is a marked stream */
	bool begun;  /* the state of a plain stream was loaded */
	bool whole;  /* all of the plain stream was read */
	uint64_t too_long;
};

int filter_deliver(const struct filter *filter, void *self, const char *s, size_t len, struct flow *flow)
{
	if (filter->span)
		return filter->span(self, s, len, flow);
	const char *end = s + len;
	while (s < end) {
		const char *d = memchr(s, flow->delim, (size_t)(end - s));
		int r = filter->record(self, s, (size_t)(d - s), flow);
		if (r)
			return r;
		flow->records++;
		s = d + 1;
	}
	return 0;
}

/* The first bytes of an input say whether it is a marked stream; a message and a status when it must not be. */
static int look(struct run *run, const char *s, struct inbuf *in)
{
	if (run->opts->plain || *s != MARK_ETB)
		return 0;
	if (run->filter->plain_only)
		warn("%s is a marked stream, which this program can not take", in->name);
	else if (!run->only)
		warn("%s is a marked stream, which must be the only input", in->name);
	if (run->filter->plain_only || !run->only)
		return EXIT_DATA;
	run->marked = run->flow.input_marked = true;
	in->keep_going = true;
	if (in->max_record < MARK_ROOM)
		in->max_record = MARK_ROOM;
	hop_init(&run->hop, run->filter, run->self, &run->flow);
	return 0;
}

static bool is_pipe(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

/*
 * A plain stream whose first record holds a mark: a command has put something before it.  Sinks refuse that; filters
 * do on pipes, or they might take the record apart, and a sink behind them would not know it again.
 */
static bool damaged_start(const struct run *run, const char *s, size_t len, const struct inbuf *in)
{
	const char *end = memchr(s, run->flow.delim, len);
	return !run->opts->plain && memmem(s, (size_t)(end - s), "\x17{", 2) &&
	       (run->filter->all_or_nothing || is_pipe(in->fd));
}

/* A plain stream begins. */
static int begin_plain(struct run *run)
{
	if (run->begun || !run->filter->state)
		return 0;
	run->begun = true;
	return run->filter->state(run->self, FILTER_PLAIN, NULL);
}

/* The first span of an input. */
static int first_span(struct run *run, const char *s, size_t len, struct inbuf *in)
{
	int r = look(run, s, in);
	if (r || run->marked)
		return r;
	if (!damaged_start(run, s, len, in))
		return begin_plain(run);
	warn("%s: the first record holds a damaged mark: a command in between changes the stream; run it with `weir "
	     "each` "
	     "(--plain takes it as data)",
		in->name);
	return EXIT_DATA;
}

static int take(struct run *run, char *s, size_t len, const struct inbuf *in)
{
	if (run->marked && in->unterminated) { /* torn off by a death upstream: not a record, and not a damaged mark */
		const char *before = memrchr(s, run->flow.delim, len - 1);
		len = before ? (size_t)(before - s) + 1 : 0;
	}
	if (run->marked)
		return hop_span(&run->hop, s, len);
	return filter_deliver(run->filter, run->self, s, len, &run->flow);
}

/* Word what inbuf_span() returned; returns 0 to go on reading, 1 to leave this input, FLOW_STOP to end. */
static int read_failed(struct run *run, struct inbuf *in, int err)
{
	if (err == -EINTR && sig_stop())
		return 1;
	if (run->idle) { /* the filter has printed why */
		flow_fail(&run->flow, run->idle);
		return FLOW_STOP;
	}
	if (run->flow.out.err)
		return FLOW_STOP;
	if (err == -EMSGSIZE && run->too_long++ >= MESSAGES)
		return 0; /* a marked stream has ended at the first one */
	if (err == -EMSGSIZE)
		warn("%s: record at byte %" PRIu64 " is longer than %" PRIu64 " bytes (--max-record)", in->name,
			in->pos, in->max_record);
	else
		warn("cannot read %s: %s", in->name, diag_strerror(err));
	flow_fail(&run->flow, diag_status(err));
	if (run->marked) /* going on would commit a batch that lacks a record */
		return FLOW_STOP;
	return err == -EMSGSIZE ? 0 : 1;
}

/* Whether a sink must give up now. */
static bool spoiled(const struct run *run)
{
	return run->filter->all_or_nothing && (run->flow.status || (sig_stop() && !run->marked));
}

/* Read until the input ends or something ends it. */
static int read_spans(struct run *run, struct inbuf *in)
{
	bool first = true;
	while (!spoiled(run)) {
		char *s;
		size_t len;
		int n = inbuf_span(in, &s, &len), r = 0;
		if (n == 0)
			break;
		if (n < 0)
			r = read_failed(run, in, n);
		if (n < 0 && r == 1)
			break;
		if (n > 0 && first)
			r = first_span(run, s, len, in);
		first &= n < 0;
		if (n > 0 && !r)
			r = take(run, s, len, in);
		if (r)
			return r;
	}
	return 0;
}

static int on_idle(void *arg)
{
	struct run *run = arg;
	run->idle = run->filter->idle(run->self, &run->flow);
	return run->idle ? -ECANCELED : 0;
}

static int read_input(struct run *run, int fd, const char *name)
{
	struct inbuf in;
	if (inbuf_feeds_itself(fd)) {
		warn("cannot read %s: it is the output, too", name);
		flow_fail(&run->flow, EXIT_CONFIG);
		return 0;
	}
	uint64_t max = run->opts->max_record ? run->opts->max_record : MAX_RECORD_DEFAULT;
	inbuf_init(&in, fd, name, run->flow.delim, max, &run->flow.out);
	if (run->filter->idle) {
		in.idle = on_idle;
		in.idle_arg = run;
	}
	run->flow.input = name;
	run->flow.inputs++;
	run->flow.records = 0;
	int r = read_spans(run, &in);
	inbuf_release(&in);
	return r;
}

static int read_operand(struct run *run, const char *path)
{
	if (strcmp(path, "-") == 0)
		return read_input(run, STDIN_FILENO, "standard input");
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		warn("cannot open '%s': %s", path, diag_strerror(errno));
		flow_fail(&run->flow, diag_status(errno));
		return 0;
	}
	int r = read_input(run, fd, path);
	close(fd);
	return r;
}

static int read_all(struct run *run, char **operands)
{
	int r = 0;
	run->only = !operands[0] || !operands[1];
	if (!*operands)
		return read_operand(run, "-");
	for (; *operands && !r && !spoiled(run) && (run->filter->all_or_nothing || !sig_stop()); operands++)
		r = read_operand(run, *operands);
	return r;
}

/* After the last input: let the filter finish. */
static int finish(struct run *run)
{
	if (spoiled(run)) {
		if (sig_stop())
			warn("ended by signal %d, nothing is committed", sig_stop());
		return run->flow.status ? run->flow.status : EXIT_TEMP;
	}
	if (run->marked)
		return hop_end(&run->hop);
	int r = run->filter->batch ? run->filter->batch(run->self, &run->flow) : 0;
	if (!r && run->filter->end)
		r = run->filter->end(run->self, &run->flow);
	run->whole = !r && run->begun && !sig_stop() && run->flow.status <= EXIT_NO;
	return r;
}

int filter_run(const struct filter *filter, void *self, const struct filter_opts *opts, char **operands)
{
	struct run run = {.filter = filter, .self = self, .opts = opts};
	run.flow.delim = opts->null ? '\0' : '\n';
	outbuf_init(&run.flow.out, STDOUT_FILENO, "standard output");
	int r = read_all(&run, operands);
	if (!r)
		r = finish(&run);
	hop_release(&run.hop);
	if (run.too_long > MESSAGES)
		warn("%" PRIu64 " records were longer than --max-record and left out; the first %d are named above",
			run.too_long, MESSAGES);
	int err = outbuf_close(&run.flow.out);
	if (err < 0) {
		warn("cannot write standard output: %s", diag_strerror(err));
		flow_fail(&run.flow, diag_status(err));
	} else if (run.whole && filter->state)
		r = filter->state(self, FILTER_DONE, NULL);
	if (r > 0)
		flow_fail(&run.flow, r);
	return run.flow.status;
}
