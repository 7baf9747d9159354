/* The filter driver: see filter.h. */
#include "common/stream/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/checking.h"
#include "common/base/sig.h"
#include "common/base/whole.h"
#include "common/stream/filter_impl.h"

#define MESSAGES 10 /* this many records that are too long are reported one by one; further ones are only counted */

static int take(struct filter_run *run, char *s, size_t len)
{
	/* cut off because a program upstream died: not a record, and not a damaged mark */
	if (run->marked && run->in->unterminated) {
		const char *before = memrchr(s, run->flow.delim, len - 1);
		len = before ? (size_t)(before - s) + 1 : 0;
	}
	if (run->marked)
		return hop_span(&run->hop, s, len);
	int r = first_plain(run, s, len);
	return r ? r : hop_deliver(run->filter, run->self, s, len, &run->flow);
}

/* A record is longer than --max-record. */
static int too_long(struct filter_run *run)
{
	struct inbuf *in = run->in;
	if (hop_refused(&run->hop))
		return 0; /* reading only goes on to the end of a batch that was refused */
	flow_fail(&run->flow, EXIT_DATA);
	if (run->too_long++ < MESSAGES)
		warn("%s: record at byte %" PRIu64 " is longer than %" PRIu64 " bytes (--max-record)", in->name,
			in->pos, in->max_record);
	if (!run->marked)
		return 0;
	flow_refuse(&run->flow, in->buf + in->start, in->end - in->start);
	hop_refuse(&run->hop, EXIT_DATA); /* to go on would commit a batch that lacks a record */
	return 0;
}

/*
 * Print a message for what inbuf_span() returned.  Returns 0 to go on reading, 1 to leave this input, FLOW_STOP to end.
 */
static int read_failed(struct filter_run *run, int err)
{
	if (err == -EINTR && sig_stop())
		return 1;
	if (run->idle) { /* the filter has printed the reason */
		flow_fail(&run->flow, run->idle);
		return FLOW_STOP;
	}
	if (run->flow.out.err)
		return FLOW_STOP;
	if (err == -ETIMEDOUT && hop_refused(&run->hop))
		return 1;
	if (err == -EMSGSIZE)
		return too_long(run);
	if (err == -EBADMSG && run->in->unpack)
		warn("cannot read %s: the %s data in it is damaged: %s", run->in->name, unpack_name(run->packed),
			unpack_why(run->in->unpack));
	else
		warn("cannot read %s: %s", run->in->name, diag_strerror(err));
	flow_fail(&run->flow, diag_status(err));
	return run->marked ? FLOW_STOP : 1;
}

/* Whether a sink must give up now. */
static bool spoiled(const struct filter_run *run)
{
	return run->filter->all_or_nothing && !hop_refused(&run->hop) &&
	       (run->flow.status || (sig_stop() && !run->marked));
}

static bool wants_idle(const struct filter_run *run)
{
	return run->filter->idle || run->upstream || hop_refused(&run->hop);
}

/* Called now and then while there is nothing to read. */
static int on_idle(void *arg)
{
	struct filter_run *run = arg;
	if (run->upstream)
		run->in->idle_ms = upstream_examine(run->upstream);
	if (hop_refused(&run->hop))
		return hop_patience_over(&run->hop) ? -ETIMEDOUT : 0;
	if (!run->filter->idle)
		return 0;
	run->idle = run->filter->idle(run->self, &run->flow);
	return run->idle ? -ECANCELED : 0;
}

static int on_wait(void *arg, int fd, int timeout_ms)
{
	struct filter_run *run = arg;
	return run->filter->wait(run->self, fd, timeout_ms);
}

/* Read until the input ends or something ends it. */
static int read_spans(struct filter_run *run)
{
	bool first = true;
	while (!spoiled(run) && !hop_patience_over(&run->hop)) {
		char *s;
		size_t len;
		run->in->idle = wants_idle(run) ? on_idle : NULL;
		run->in->wait = run->filter->wait ? on_wait : NULL;
		int n = inbuf_span(run->in, &s, &len), r = 0;
		if (n == 0)
			return spoiled(run) ? 0 : first_end(run);
		if (n < 0)
			r = read_failed(run, n);
		if (n < 0 && r == 1)
			break;
		if (n > 0 && first)
			r = first_span(run, s, len);
		first &= n < 0;
		if (n > 0 && !r)
			r = take(run, s, len);
		if (r == EXIT_DATA && run->marked && !run->hop.started)
			first_linger(run);
		if (r)
			return r;
	}
	return 0;
}

static int read_input(struct filter_run *run, int fd, const char *name)
{
	struct inbuf in;
	if (inbuf_feeds_itself(fd)) {
		warn("cannot read %s: it is the output, too", name);
		flow_fail(&run->flow, EXIT_CONFIG);
		return 0;
	}
	inbuf_init(&in, fd, name, run->flow.delim, filter_max_record(run->opts), &run->flow.out);
	in.idle_arg = run;
	run->in = &in;
	run->flow.input = name;
	run->flow.inputs++;
	run->flow.records = 0;
	first_open(run);
	int r = first_packed(run), status = 0;
	if (r < 0)
		(void)read_failed(run, r);
	else
		status = read_spans(run);
	unpack_free(in.unpack);
	inbuf_release(&in);
	run->in = NULL;
	return status;
}

static int read_operand(struct filter_run *run, const char *path)
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

static int read_all(struct filter_run *run, char **operands)
{
	int r = 0;
	run->only = !operands[0] || !operands[1];
	if (!*operands)
		return read_operand(run, "-");
	for (; *operands && !r && !spoiled(run) && (run->filter->all_or_nothing || !sig_stop()); operands++)
		r = read_operand(run, *operands);
	return r;
}

/* After the last input, let the filter finish. */
static int finish(struct filter_run *run)
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

/* Flush and close the output. */
static void close_output(struct filter_run *run)
{
	struct flow *flow = &run->flow;
	struct strbuf text = STRBUF_INIT;
	int err = flow_close(flow);
	if (flow->forged.len) {
		flow_forged_text(flow, &text);
		warn("%s: %s (%s allows it)", flow->input, text.s, run->marked ? "--allow-etb" : "--plain");
		flow_fail(flow, EXIT_DATA);
	} else if (err < 0) {
		warn("cannot write standard output: %s", diag_strerror(err));
		flow_fail(flow, diag_status(err));
	}
	run->whole &= !err;
	strbuf_release(&text);
}

/* Only a check: whether the files could be opened. */
static int look_at(char **operands)
{
	int status = EXIT_OK;
	for (; *operands; operands++) {
		if (strcmp(*operands, "-") == 0 || access(*operands, R_OK) == 0)
			continue;
		warn("cannot open '%s': %s", *operands, diag_strerror(errno));
		if (status < (int)diag_status(errno))
			status = (int)diag_status(errno);
	}
	return status;
}

/* Whether records are to come from standard input although an option has read all of it. */
static bool is_taken(char **operands)
{
	bool wanted = !*operands;
	for (; *operands; operands++)
		wanted |= strcmp(*operands, "-") == 0;
	return wanted && whole_took_stdin();
}

int filter_run(const struct filter *filter, void *self, const struct filter_opts *opts, char **operands)
{
	if (is_taken(operands)) {
		warn("standard input cannot have the records, too: an option has read it; name a file for the records");
		return EXIT_USAGE;
	}
	if (checking())
		return look_at(operands);
	struct filter_run run = {.filter = filter, .self = self, .opts = opts, .hop = {.ack = ACK_INIT}};
	flow_init(&run.flow, opts->null ? '\0' : '\n', opts->plain || opts->any_start);
	int r = read_all(&run, operands);
	if (!r)
		r = finish(&run);
	hop_release(&run.hop);
	upstream_free(run.upstream);
	if (run.too_long > MESSAGES)
		warn("%" PRIu64 " records were longer than --max-record and were skipped; the first %d are named above",
			run.too_long, MESSAGES);
	close_output(&run);
	if (run.whole && filter->state)
		r = filter->state(self, FILTER_DONE, NULL);
	if (r > 0)
		flow_fail(&run.flow, r);
	flow_release(&run.flow);
	return run.flow.status;
}
