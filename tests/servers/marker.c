/*
 * marker: replaces `consume --batch` in tests without Kafka.  It cuts the lines of its input into batches of one
 * partition (offset = line number), writes the marked stream, talks to the sinks and starts at their positions.
 *
 *     marker [-n RECORDS] [-s SINKS] [-g GROUP] [-t TOPIC,...] [-p PARTITION] [-f] [-0] [-k] [-w MS] [-i MS] <lines
 *
 * -t may name several topics, a,b,c: the lines belong to them in turn, and each has its `at TOPIC OFFSET`.  -n records
 * a batch (3), -f flush in every batch, -k die without F after the last record, -0 records end with NUL, -w how long to
 * wait for sinks (60000 ms), -i how long the batches claim to have lasted (ms).  Prints `hello NAME`, `at OFFSET` and
 * `acked BATCH` on standard error.  Exit: 0 all acknowledged, 75 no sink, one that left, no reader, or no ack; 78 sinks
 * disagree.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "common/base/alloc.h"
#include "common/stream/ackd.h"
#include "common/io/inbuf.h"
#include "common/stream/mark_offsets.h"

#define TOPICS_MAX 256

struct marker {
	struct ackd acks;
	struct mark mark;                    /* of the next mark */
	struct mark_range parts[TOPICS_MAX]; /* of the running batch, a topic each */
	size_t count;
	struct strbuf out;
	const char *group;
	uint64_t per_batch, told;
	bool flush, kill, closed; /* closed: standard output */
	char delim;
	int wait_ms;
	int64_t interval_ms; /* 0: by the clock */
};

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void serve(struct marker *m, int timeout_ms)
{
	struct pollfd fds[ACKD_SINKS_MAX + 2];
	struct strbuf err = STRBUF_INIT; /* set before die() only */
	size_t n = ackd_poll(&m->acks, fds);
	fds[n] = (struct pollfd){.fd = m->closed ? -1 : STDOUT_FILENO};
	poll(fds, n + 1, timeout_ms);
	if (ackd_serve(&m->acks, &err) < 0)
		die(EXIT_TEMP, "%s", err.s);
	for (; m->told < ackd_done(&m->acks); m->told++)
		fprintf(stderr, "acked %" PRIu64 "\n", m->told);
	if (fds[n].revents)
		die(EXIT_TEMP, "nobody reads");
}

/* Serve until READY returns true, for at most wait_ms. */
static void wait_until(struct marker *m, bool (*ready)(const struct marker *), const char *what)
{
	int64_t end = now_ms() + m->wait_ms, left;
	for (; !ready(m); serve(m, (int)left))
		if ((left = end - now_ms()) <= 0)
			die(EXIT_TEMP, "no %s within %d ms", what, m->wait_ms);
}

static bool all_there(const struct marker *m)
{
	return ackd_ready(&m->acks);
}

static bool all_answered(const struct marker *m)
{
	return ackd_answered(&m->acks, m->mark.batch);
}

static bool all_acked(const struct marker *m)
{
	return ackd_done(&m->acks) > m->mark.batch;
}

/*
 * Write the buffered bytes.  The sinks' lines are read meanwhile, because otherwise they and this program would wait
 * for each other.
 */
static void write_out(struct marker *m)
{
	size_t done = 0;
	while (done < m->out.len) {
		struct pollfd fds[ACKD_SINKS_MAX + 2] = {{.fd = STDOUT_FILENO, .events = POLLOUT}};
		poll(fds, 1 + ackd_poll(&m->acks, fds + 1), -1);
		serve(m, 0);
		if (!fds[0].revents)
			continue;
		size_t left = m->out.len - done; /* a pipe that is ready takes PIPE_BUF bytes without blocking */
		ssize_t n = write(STDOUT_FILENO, m->out.s + done, left < PIPE_BUF ? left : PIPE_BUF);
		if (n < 0)
			die(EXIT_TEMP, "cannot write: %s", diag_strerror(errno));
		done += (size_t)n;
	}
	strbuf_clear(&m->out);
}

static void put_mark(struct marker *m, enum mark_kind kind)
{
	size_t start;
	m->mark.kind = kind;
	m->mark.end_ms = m->interval_ms && kind == MARK_BATCH ? m->mark.start_ms + m->interval_ms : now_ms();
	mark_begin(&m->out, &m->mark, &start);
	if (kind == MARK_START)
		strbuf_addf(&m->out, ",\"group\":\"%s\",\"topics\":[\"%s\"],\"socket\":\"%s\"", m->group,
			m->parts[0].topic, m->acks.path);
	if (kind == MARK_BATCH && m->mark.flush)
		strbuf_addstr(&m->out, ",\"flush\":true");
	if (kind == MARK_BATCH)
		ranges_add_batch(&m->out, m->parts, m->parts[0].from != RANGE_NONE ? m->count : 0);
	if (kind == MARK_QUERY)
		ranges_add_query(&m->out, m->parts, m->count);
	if (kind == MARK_RESUME)
		ranges_add_resume(&m->out, m->parts, m->count);
	mark_end(&m->out, start);
	strbuf_addch(&m->out, m->delim);
	write_out(m);
	m->mark.n = 0;
	m->mark.start_ms = m->mark.end_ms;
}

static void end_batch(struct marker *m, bool flush)
{
	m->mark.flush = flush;
	for (struct mark_range *p = m->parts; p < m->parts + m->count; p++)
		if (p->from != p->to)
			p->cut = (struct cut){.known = true, .run = m->mark.run, .batch = m->mark.batch};
	put_mark(m, MARK_BATCH);
	serve(m, 0);
	for (struct mark_range *p = m->parts; p < m->parts + m->count; p++) {
		p->from = p->to;
		p->records = 0;
	}
	m->mark.batch++;
}

static void put_record(struct marker *m, struct mark_range *p, const char *line, size_t len)
{
	if (len && (*line == MARK_ETB || *line == MARK_DLE))
		strbuf_addch(&m->out, MARK_DLE);
	strbuf_add(&m->out, line, len);
	strbuf_addch(&m->out, m->delim);
	p->last_crc = (uint32_t)crc32_z(0, (const unsigned char *)line, len);
	p->last_ms = 1000000 + p->to;
	p->last_offset = p->to;
	p->has_last = true;
	p->to++;
	p->records++;
	m->mark.n++;
	if (m->out.len > 1 << 16)
		write_out(m);
	if (m->mark.n == m->per_batch)
		end_batch(m, m->flush);
}

/* S, the empty first batch, Q, and R with the sinks' position. */
static void begin(struct marker *m)
{
	struct strbuf err = STRBUF_INIT;
	put_mark(m, MARK_START);
	wait_until(m, all_there, "hello");
	for (size_t i = 0; i < m->acks.count; i++)
		fprintf(stderr, "hello %s%s%s\n", m->acks.sinks[i].name, m->acks.sinks[i].table ? " " : "",
			m->acks.sinks[i].table ? m->acks.sinks[i].table : "");
	m->mark.flush = true;
	put_mark(m, MARK_BATCH);
	put_mark(m, MARK_QUERY);
	wait_until(m, all_answered, "answer to Q");
	for (struct mark_range *p = m->parts; p < m->parts + m->count; p++) {
		if (ackd_position(&m->acks, p->topic, p->partition, &p->was, &err) < 0)
			die(EXIT_CONFIG, "sinks disagree: %s", err.s);
		p->start = p->was == RANGE_NONE ? 0 : p->was;
		p->held = ackd_holds(&m->acks, p->topic, p->partition);
		p->cut = ackd_cut(&m->acks, p->topic, p->partition);
		fprintf(stderr, "at %s%s%" PRId64 "\n", m->count > 1 ? p->topic : "", m->count > 1 ? " " : "", p->was);
	}
	put_mark(m, MARK_RESUME);
	for (struct mark_range *p = m->parts; p < m->parts + m->count; p++) {
		p->cut = cut_resume(&p->cut, p->start != p->was,
			&(struct cut){.known = true, .run = m->mark.run, .batch = m->mark.batch});
		p->from = p->to = p->start;
	}
	m->mark.batch++;
	strbuf_release(&err);
}

static void parse(struct marker *m, int argc, char **argv)
{
	static char one[] = "t", *topics = one;
	int partition = 0;
	for (int c; (c = getopt(argc, argv, "n:s:g:t:p:f0kw:i:")) != -1;) {
		switch (c) {
		case 'n':
			m->per_batch = strtoull(optarg, NULL, 10);
			break;
		case 's':
			m->acks.want = strtoull(optarg, NULL, 10);
			break;
		case 'g':
			m->group = optarg;
			break;
		case 't':
			topics = optarg;
			break;
		case 'p':
			partition = atoi(optarg);
			break;
		case 'f':
			m->flush = true;
			break;
		case '0':
			m->delim = '\0';
			break;
		case 'k':
			m->kill = true;
			break;
		case 'w':
			m->wait_ms = atoi(optarg);
			break;
		case 'i':
			m->interval_ms = atoi(optarg);
			break;
		default:
			die(EXIT_USAGE, "usage: see marker.c");
		}
	}
	for (char *t = strtok(topics, ","); t && m->count < TOPICS_MAX; t = strtok(NULL, ","))
		m->parts[m->count++] = (struct mark_range){.topic = t,
			.partition = partition,
			.from = RANGE_NONE,
			.end = RANGE_NONE,
			.topic_parts = RANGE_NONE};
}

/* Wait for input, and meanwhile print what sinks send. */
static void wait_input(struct marker *m)
{
	struct pollfd fds[ACKD_SINKS_MAX + 2];
	do {
		size_t n = ackd_poll(&m->acks, fds);
		fds[n] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
		poll(fds, n + 1, -1);
		serve(m, 0);
		if (fds[n].revents)
			return;
	} while (true);
}

static void read_input(struct marker *m)
{
	struct inbuf in;
	char *s;
	size_t len, line = 0;
	inbuf_init(&in, STDIN_FILENO, "standard input", m->delim, UINT32_MAX, NULL);
	for (wait_input(m); inbuf_span(&in, &s, &len) == 1; wait_input(m)) {
		for (char *end = s + len, *d; s < end; s = d + 1) {
			d = memchr(s, m->delim, (size_t)(end - s));
			struct mark_range *p = &m->parts[line % m->count];
			if ((int64_t)(line++ / m->count) >= p->start)
				put_record(m, p, s, (size_t)(d - s));
		}
		write_out(m);
	}
	inbuf_release(&in);
}

int main(int argc, char **argv)
{
	struct marker m = {
		.per_batch = 3, .delim = '\n', .wait_ms = 60000, .group = "g", .acks.want = 1, .out = STRBUF_INIT};
	struct strbuf err = STRBUF_INIT;
	diag_init("marker");
	parse(&m, argc, argv);
	m.mark.run = (uint64_t)now_ms() << 20 ^ (uint64_t)getpid();
	m.mark.start_ms = now_ms();
	snprintf(m.mark.by, sizeof m.mark.by, "consume");
	if (ackd_open(&m.acks, m.mark.run, m.acks.want, &err) < 0)
		die(EXIT_TEMP, "%s", err.s);
	begin(&m);
	read_input(&m);
	if (m.kill)
		_exit(137);
	end_batch(&m, true);
	m.mark.batch--;
	ackd_final(&m.acks, m.mark.batch + 1);
	put_mark(&m, MARK_FINAL);
	close(STDOUT_FILENO);
	m.closed = true;
	wait_until(&m, all_acked, "last acknowledgement");
	ackd_close(&m.acks);
	strbuf_release(&m.out);
	return EXIT_OK;
}
