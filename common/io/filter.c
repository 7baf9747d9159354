/* The filter driver: see filter.h. */
#include "common/io/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "common/base/sig.h"

struct run {
	const struct filter *filter;
	void *self;
	const struct filter_opts *opts;
	struct flow flow;
};

char *flow_reserve(struct flow *flow, size_t size)
{
	return outbuf_reserve(&flow->out, size);
}

int flow_commit(struct flow *flow, size_t len)
{
	outbuf_commit(&flow->out, len);
	return 0;
}

int flow_put_span(struct flow *flow, const char *s, size_t len)
{
	return outbuf_write(&flow->out, s, len) < 0 ? FLOW_STOP : 0;
}

int flow_put(struct flow *flow, const char *rec, size_t len)
{
	if (outbuf_write(&flow->out, rec, len) < 0)
		return FLOW_STOP;
	return outbuf_write(&flow->out, &flow->delim, 1) < 0 ? FLOW_STOP : 0;
}

void flow_fail(struct flow *flow, int status)
{
	if (status > flow->status)
		flow->status = status;
}

/* Hand the records of a span to the filter one by one. */
static int each_record(struct run *run, const char *s, size_t len)
{
	const char *end = s + len;
	while (s < end) {
		const char *d = memchr(s, run->flow.delim, (size_t)(end - s));
		int r = run->filter->record(run->self, s, (size_t)(d - s), &run->flow);
		if (r)
			return r;
		run->flow.records++;
		s = d + 1;
	}
	return 0;
}

/* Word what inbuf_span() returned; returns 0 to go on reading, 1 to leave this input, FLOW_STOP to end. */
static int read_failed(struct run *run, struct inbuf *in, int err)
{
	if (err == -EINTR && sig_stop())
		return 1;
	if (run->flow.out.err)
		return FLOW_STOP;
	if (err == -EMSGSIZE)
		warn("%s: record at byte %" PRIu64 " is longer than %" PRIu64 " bytes (--max-record)", in->name,
			in->pos, in->max_record);
	else
		warn("cannot read %s: %s", in->name, diag_strerror(err));
	flow_fail(&run->flow, diag_status(err));
	return err == -EMSGSIZE ? 0 : 1;
}

/* Whether a sink must give up now. */
static bool spoiled(const struct run *run)
{
	return run->filter->all_or_nothing && (run->flow.status || sig_stop());
}

static int read_input(struct run *run, int fd, const char *name)
{
	struct inbuf in;
	uint64_t max = run->opts->max_record ? run->opts->max_record : MAX_RECORD_DEFAULT;
	inbuf_init(&in, fd, name, run->flow.delim, max, &run->flow.out);
	run->flow.input = name;
	run->flow.records = 0;
	int r = 0;
	while (!r && !spoiled(run)) {
		char *s;
		size_t len;
		int n = inbuf_span(&in, &s, &len);
		if (n == 0)
			break;
		if (n < 0)
			r = read_failed(run, &in, n);
		else if (run->filter->span)
			r = run->filter->span(run->self, s, len, &run->flow);
		else
			r = each_record(run, s, len);
		if (n < 0 && r == 1) {
			r = 0;
			break;
		}
	}
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
	if (!*operands)
		return read_operand(run, "-");
	for (; *operands && !r && !sig_stop() && !spoiled(run); operands++)
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
	int r = run->filter->batch ? run->filter->batch(run->self, &run->flow) : 0;
	if (!r && run->filter->end)
		r = run->filter->end(run->self, &run->flow);
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
	int err = outbuf_close(&run.flow.out);
	if (err < 0) {
		warn("cannot write standard output: %s", diag_strerror(err));
		flow_fail(&run.flow, diag_status(err));
	}
	if (r > 0)
		flow_fail(&run.flow, r);
	return run.flow.status;
}
