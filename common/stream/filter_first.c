/*
 * Finds out from the beginning of an input whether it is marked, plain, or a marked stream that was damaged by a
 * command that does not know marks.  See filter_impl.h.
 */
#include <errno.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/patience.h"
#include "common/base/sig.h"
#include "common/stream/filter_impl.h"
#include "common/stream/look.h"

#define MARK_ROOM (1u << 20) /* the smallest --max-record for a marked stream */

enum {
	SETTLE_MS = 5000,  /* how long to wait for another sink of the source to say hello */
	LINGER_MS = 10000, /* how long to wait for the source of a damaged stream to end */
	ASK_MS = 20,
};

bool first_is_sink(const struct filter *filter)
{
	return filter->mark || filter->last;
}

/* A pipe or a socket: something that another program writes while we read. */
static bool is_pipe(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

void first_open(struct filter_run *run)
{
	run->looked_at = 0;
	run->fresh = true;
	if (!run->upstream && !run->opts->plain && first_is_sink(run->filter) && run->in->fd == STDIN_FILENO)
		run->upstream = upstream_new(STDIN_FILENO);
}

/* A message and a status when this marked stream must not be read. */
static int refuse_marked(const struct filter_run *run)
{
	const struct inbuf *in = run->in;
	if (!run->only)
		warn("%s is a marked stream, which must be the only input", in->name);
	else if (first_is_sink(run->filter) && (in->fd != STDIN_FILENO || !is_pipe(in->fd)))
		warn("%s begins with ETB, as marked streams do, which come only through a pipe on standard input "
		     "(--plain takes it as data)",
			in->name);
	else
		return 0;
	return EXIT_DATA;
}

static ssize_t read_fd(void *arg, void *buf, size_t size)
{
	const struct inbuf *in = arg;
	ssize_t n;
	while ((n = read(in->fd, buf, size)) < 0 && errno == EINTR && !sig_stop())
		;
	return n < 0 ? -errno : n;
}

int first_packed(struct filter_run *run)
{
	char magic[UNPACK_MAGIC];
	struct stat st;
	struct inbuf *in = run->in;
	off_t at = lseek(in->fd, 0, SEEK_CUR);
	run->packed = UNPACK_NONE;
	if (run->opts->plain || run->opts->as_is || at < 0 || fstat(in->fd, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	ssize_t n = pread(in->fd, magic, sizeof magic, at);
	if (n > 0)
		run->packed = unpack_kind(magic, (size_t)n);
	return run->packed == UNPACK_NONE ? 0 : unpack_new(run->packed, read_fd, in, &in->unpack);
}

/* Compressed data from a pipe is read as text; warn, because a decompressor was probably forgotten. */
static void look_packed(const struct filter_run *run, const char *s, size_t len)
{
	enum unpack_kind kind = run->opts->as_is ? UNPACK_NONE : unpack_kind(s, len);
	if (kind != UNPACK_NONE && run->packed == UNPACK_NONE)
		warn("%s looks like %s data, which is decompressed from files only: put %s before it", run->in->name,
			unpack_name(kind), kind == UNPACK_GZIP ? "zcat" : "zstdcat");
}

int first_span(struct filter_run *run, const char *s, size_t len)
{
	if (run->opts->plain)
		return 0;
	if (*s != MARK_ETB) {
		look_packed(run, s, len);
		return 0;
	}
	int r = refuse_marked(run);
	if (r)
		return r;
	run->marked = run->flow.input_marked = true;
	run->in->keep_going = true;
	if (run->in->max_record < MARK_ROOM)
		run->in->max_record = MARK_ROOM;
	upstream_free(run->upstream);
	run->upstream = NULL;
	run->in->idle_ms = INBUF_IDLE_MS;
	hop_init(&run->hop, run->filter, run->self, &run->flow);
	return 0;
}

/* --- plain streams ------------------------------------------------------------------------------------------------ */

static void pause_ms(long ms)
{
	struct timespec t = {.tv_nsec = ms * 1000000};
	nanosleep(&t, NULL);
}

/*
 * The input is plain, or empty, although a source upstream may be waiting for sinks.  Another program may still say
 * hello to that source (in `{ weir consume … | weir lake-put A & seq 9; } | weir lake-put B` lake-put A does), so wait
 * a little for that.
 */
static int wait_for_sink(struct filter_run *run)
{
	long pid = 0;
	struct patience wait = {0};
	enum patience_state p = PATIENCE_WAIT;
	enum upstream_state state;
	while ((state = upstream_state(run->upstream, &pid)) == UPSTREAM_WAITS && p != PATIENCE_OVER && !sig_stop()) {
		p = patience_ask(&wait, SETTLE_MS, clock_ms());
		if (p == PATIENCE_TELL)
			warn("%s is not a marked stream; waiting for a sink of the source before it (process %ld)",
				run->in->name, pid);
		pause_ms(ASK_MS);
	}
	if (state == UPSTREAM_NONE)
		return 0;
	warn("%s is not a marked stream, but the source before it (process %ld) %s: a command in between holds its "
	     "marks "
	     "back or changes them; run it with `weir each` (--plain treats the input as data)",
		run->in->name, pid, state == UPSTREAM_DEAD ? "has ended without a sink" : "waits for its sinks");
	return EXIT_TEMP;
}

static int check_upstream(struct filter_run *run)
{
	if (!run->upstream || run->in->fd != STDIN_FILENO)
		return 0;
	upstream_examine_now(run->upstream);
	return wait_for_sink(run);
}

void first_linger(struct filter_run *run)
{
	char buf[4096];
	struct patience wait = {0};
	struct pollfd in = {.fd = run->in->fd, .events = POLLIN};
	if (first_is_sink(run->filter) || !is_pipe(in.fd) || !is_pipe(STDOUT_FILENO))
		return;
	run->flow.out.len = 0;
	for (enum patience_state p; (p = patience_ask(&wait, LINGER_MS, clock_ms())) != PATIENCE_OVER && !sig_stop();) {
		if (p == PATIENCE_TELL)
			warn("waiting for what is before %s to end", diag_name());
		if (poll(&in, 1, ASK_MS) > 0 && read(in.fd, buf, sizeof buf) == 0)
			return;
	}
}

/*
 * Look for a mark in the first records of a plain stream.  Sinks refuse such a stream from any input.  Filters refuse
 * it from pipes, because a sink downstream might not recognise the mark in the filter's output.
 */
static int check_marks(struct filter_run *run, const char *s, size_t len)
{
	const struct inbuf *in = run->in;
	if (run->opts->plain || run->looked_at >= LOOK_SIZE || (!first_is_sink(run->filter) && !is_pipe(in->fd)))
		return 0;
	size_t n = look_len(s, len, run->looked_at, run->flow.delim);
	run->looked_at += len;
	if (!look_holds_mark(s, n))
		return 0;
	warn("%s: among the first records is a damaged mark: a command in between changes the stream; run it with "
	     "`weir each` (--plain takes it as data)",
		in->name);
	first_linger(run);
	return EXIT_DATA;
}

int first_plain(struct filter_run *run, const char *s, size_t len)
{
	int r = check_marks(run, s, len);
	if (!r && run->fresh)
		r = check_upstream(run);
	run->fresh = false;
	if (r || run->begun || !run->filter->state)
		return r;
	run->begun = true;
	return run->filter->state(run->self, FILTER_PLAIN, NULL);
}

int first_end(struct filter_run *run)
{
	return run->marked ? 0 : check_upstream(run);
}
