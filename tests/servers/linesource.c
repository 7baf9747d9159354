/*
 * linesource: the smallest source.  It writes the lines of FILE as a marked stream: the topic is the file's name, its
 * only partition is 0, and offsets are the numbers of lines, from 0.  Sinks hold the position, so that each line
 * arrives exactly once.
 *
 *     linesource FILE [BATCH_MS [LINE_MS]] | … | lake-put DIR
 *
 * A batch lasts for BATCH_MS (200).  A line is read every LINE_MS (0: as fast as possible), for tests that kill
 * something.  It ends at the end of the file.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/base/clock.h"
#include "common/base/sig.h"
#include "common/stream/source.h"

static struct source source = {.delim = '\n'};
static struct cursor *cursor;
static FILE *file;
static char *line;
static size_t cap;
static int64_t at, lines, line_ms, next_ms; /* at: the number of the next line of FILE; lines: how many it has */
static int status;
static bool joins, looks, stopped;

/* The next line without its LF, or -1. */
static ssize_t next_line(void)
{
	ssize_t n = getline(&line, &cap, file);
	at += n > 0;
	return n > 0 && line[n - 1] == '\n' ? n - 1 : n;
}

/* Read on at the line NUMBER. */
static void go_to(int64_t number)
{
	rewind(file);
	for (at = 0; at < number && next_line() >= 0;)
		;
}

static void act(const struct session_action *a)
{
	static const int statuses[] = {EXIT_DATA, EXIT_TEMP, EXIT_CONFIG}; /* of enum session_outcome */
	if (a->kind == ACTION_JOIN)
		joins = true;
	else if (a->kind == ACTION_LOOK_UP)
		looks = true;
	else if (a->kind == ACTION_ASSIGN && a->count)
		go_to(a->parts[0].offset);
	else if (a->kind == ACTION_TELL || a->kind == ACTION_FAIL)
		warn("reason %d: %" PRId64 ", %" PRId64 " %s", a->reason, a->a, a->b, source.detail.s);
	if (a->kind == ACTION_FAIL)
		status = statuses[a->outcome];
}

static void step(const struct session_event *e)
{
	session_step(&source.session, clock_ms(), e);
	for (size_t i = 0; i < source.session.action_count; i++)
		if (!source_act(&source, &source.session.actions[i]))
			act(&source.session.actions[i]);
}

static void say(enum session_event_kind kind)
{
	struct session_part part = {.cursor = cursor, .offset = cursor->before.offset};
	step(&(struct session_event){.kind = kind, .parts = &part, .count = 1, .number = source.session.question});
}

/* Handle the lines of sinks, and the progress of the output. */
static void hear(void)
{
	struct session_event e;
	struct session_part about;
	struct strbuf err = STRBUF_INIT;
	int sinks, output;
	while ((sinks = source_hear_sinks(&source, &e, &about, &err)) > 0)
		step(&e);
	while ((output = source_hear_output(&source, &e)) > 0)
		step(&e);
	if ((sinks < 0 || output < 0) && !status) {
		warn("%s", sinks < 0 ? err.s : diag_strerror(output));
		status = EXIT_TEMP;
		say(output < 0 ? EVENT_BROKEN : EVENT_FAILED);
	}
	strbuf_release(&err);
}

static void take(const char *s, size_t len, int64_t offset)
{
	struct identity is = {.known = true, .offset = offset, .ms = -1};
	is.crc = (uint32_t)crc32_z(0, (const unsigned char *)s, len);
	enum verdict verdict = cursors_accept(&source.session.cursors, cursor, offset, source.session.cursors.epoch);
	if (verdict == RECORD_COMPARE && is.crc != cursor->before.crc)
		say(EVENT_DIFFERENT);
	if (verdict != RECORD_TAKE)
		return;
	if (len && (*s == MARK_ETB || *s == MARK_DLE))
		output_add(&source.output, (char[]){MARK_DLE}, 1);
	output_add(&source.output, s, len);
	output_add(&source.output, "\n", 1);
	cursor->last = is;
	if (session_took(&source.session, cursor, offset, -1, len))
		say(EVENT_FULL);
}

static void read_lines(void)
{
	for (int n = 0; n < 1000 && source.session.state == SESSION_READING && !output_full(&source.output); n++) {
		int64_t offset = at;
		if (clock_ms() < next_ms)
			return;
		ssize_t len = next_line();
		if (len < 0)
			return;
		next_ms = clock_ms() + line_ms;
		take(line, (size_t)len, offset);
	}
}

static void turn(void)
{
	struct pollfd fds[SOURCE_FDS_MAX];
	hear();
	if (joins) {
		joins = false;
		say(EVENT_ASSIGNED);
	} else if (looks) {
		looks = false;
		cursor->hi = lines;
		say(EVENT_FOUND);
	}
	read_lines();
	if (sig_stop() && !stopped) {
		stopped = true;
		say(EVENT_STOP);
	}
	say(EVENT_TIME);
	int most_ms = source.session.state == SESSION_READING && at < lines ? (int)line_ms : 50;
	size_t n = source_poll(&source, fds);
	/* EINTR: the signal is noticed above */
	(void)!poll(fds, n, session_wait_ms(&source.session, clock_ms(), most_ms));
	source_polled(&source, fds);
}

int main(int argc, char **argv)
{
	struct strbuf err = STRBUF_INIT;
	diag_init("linesource");
	sig_effects();
	if (argc < 2 || !(file = fopen(argv[1], "r")))
		die(EXIT_USAGE, "usage: linesource FILE [BATCH_MS [LINE_MS]]");
	source.policy = (struct session_policy){.marked = true,
		.bounded = true,
		.to.kind = WHERE_END,
		.count = UINT64_MAX,
		.batch_records = UINT64_MAX,
		.batch_bytes = UINT64_MAX,
		.batch_ms = argc > 2 ? atoi(argv[2]) : 200,
		.answer_ms = 30000,
		.last_ack_ms = 30000};
	line_ms = argc > 3 ? atoi(argv[3]) : 0;
	source_init(&source);
	session_init(&source.session, &source.policy);
	cursor = cursors_get(&source.session.cursors, argv[1], 0);
	cursor->topic->at_start = 1;
	go_to(INT64_MAX);
	lines = at;
	source.start = (struct source_start){.group = "lines", .topics = (char *[]){argv[1], NULL}};
	if (source_open(&source, "linesource", 1, &err) < 0)
		die(EXIT_TEMP, "%s", err.s);
	for (say(EVENT_BEGIN); source.session.state != SESSION_ENDED;)
		turn();
	source_release(&source);
	free(line);
	fclose(file);
	return status;
}
