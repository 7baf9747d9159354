/* The source driver: see source.h. */
#include "common/stream/source.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

#include "common/base/clock.h"
#include "common/base/killpoint.h"

void source_init(struct source *s)
{
	s->sinks.acks.fd = -1;
	strbuf_init(&s->text);
	strbuf_init(&s->detail);
	strbuf_init(&s->failure);
	output_open(&s->output);
}

void source_release(struct source *s)
{
	ackd_close(&s->sinks.acks);
	session_release(&s->session);
	strbuf_release(&s->text);
	strbuf_release(&s->detail);
	strbuf_release(&s->failure);
}

int source_open(struct source *s, const char *by, uint64_t want, struct strbuf *err)
{
	if (!s->policy.marked)
		return 0;
	snprintf(s->hop.by, sizeof s->hop.by, "%s", by);
	s->hop.start_ms = clock_epoch_ms();
	if (getrandom(&s->hop.run, sizeof s->hop.run, 0) != sizeof s->hop.run) {
		int code = errno;
		strbuf_addf(err, "cannot get random bytes: %s", diag_strerror(code));
		return -code;
	}
	s->policy.run = s->hop.run;
	int r = ackd_open(&s->sinks.acks, s->hop.run, want, err);
	s->start.socket = s->sinks.acks.path;
	return r;
}

int source_close(struct source *s)
{
	return output_close(&s->output);
}

static void kill_point_of(char kind, bool before)
{
	switch (kind) {
	case 'S':
		before ? KILL_POINT("source-before-S") : KILL_POINT("source-after-S");
		break;
	case 'B':
		before ? KILL_POINT("source-before-B") : KILL_POINT("source-after-B");
		break;
	case 'Q':
		before ? KILL_POINT("source-before-Q") : KILL_POINT("source-after-Q");
		break;
	case 'R':
		before ? KILL_POINT("source-before-R") : KILL_POINT("source-after-R");
		break;
	default:
		before ? KILL_POINT("source-before-F") : (void)0;
		break;
	}
}

static void write_mark(struct source *s, const struct session_mark *m)
{
	if (m->kind == 'Q')
		s->sinks.asked = m->number;
	if (m->kind == 'F')
		ackd_final(&s->sinks.acks, s->session.batch);
	strbuf_clear(&s->text);
	source_mark_write(&s->text, &s->hop, m, &s->start, clock_epoch_ms(), s->delim);
	kill_point_of(m->kind, true);
	output_add(&s->output, s->text.s, s->text.len);
	if (output_push(&s->output) == 0)
		kill_point_of(m->kind, false);
}

bool source_act(struct source *s, const struct session_action *a)
{
	if (a->kind == ACTION_MARK)
		write_mark(s, a->mark);
	else if (a->kind == ACTION_FLUSH)
		s->flush_asked = true;
	else if (a->kind == ACTION_CLOSE)
		s->closing = true;
	return a->kind == ACTION_MARK || a->kind == ACTION_FLUSH || a->kind == ACTION_CLOSE;
}

/* Turn the answers of all sinks to the last Q into an event. */
static void take_answers(struct source *s, struct session_event *ret, struct session_part *ret_about)
{
	KILL_POINT("source-answered");
	*ret_about = (struct session_part){0};
	strbuf_clear(&s->detail);
	*ret = (struct session_event){.kind = EVENT_ANSWERED, .number = s->session.question};
	if (source_sinks_read_answers(&s->sinks, &s->session, &ret_about->cursor, &s->detail) < 0)
		*ret = (struct session_event){
			.kind = EVENT_DISAGREED, .parts = ret_about, .count = ret_about->cursor != NULL};
}

int source_hear_sinks(struct source *s, struct session_event *ret, struct session_part *ret_about, struct strbuf *err)
{
	const struct ackd *acks = &s->sinks.acks;
	if (!s->policy.marked || acks->fd < 0 || s->session.state == SESSION_ENDED)
		return 0;
	if (!s->failed)
		s->failed = ackd_serve(&s->sinks.acks, &s->failure);
	uint64_t seen = ackd_seen(acks), told = s->sinks.seen_told, done = ackd_done(acks);
	if (done > s->session.batch) /* of all batches of the run */
		done = s->session.batch;
	s->sinks.seen_told = seen;
	if (s->session.state == SESSION_GREETING && ackd_ready(acks)) {
		*ret = (struct session_event){.kind = EVENT_SINKS_READY};
		return 1;
	}
	if (done > s->session.progress.done) {
		*ret = (struct session_event){.kind = EVENT_ACKED, .number = done};
		return 1;
	}
	if (seen != told) {
		*ret = (struct session_event){.kind = EVENT_SEEN};
		return 1;
	}
	if (s->session.state == SESSION_ASKING && ackd_answered(acks, s->sinks.asked)) {
		take_answers(s, ret, ret_about);
		return 1;
	}
	if (s->failed)
		strbuf_addstr(err, s->failure.s);
	return s->failed;
}

int source_hear_output(struct source *s, struct session_event *ret)
{
	if (s->session.closed)
		return 0;
	int r = output_push(&s->output);
	if (r == 0 && (s->flush_asked || (s->unflushed && !s->policy.marked))) {
		s->flush_asked = s->unflushed = false;
		*ret = (struct session_event){.kind = EVENT_FLUSHED};
		return 1;
	}
	if (r == 0 && s->closing) {
		r = output_close(&s->output);
		if (r < 0)
			return r;
		s->closing = false;
		*ret = (struct session_event){.kind = EVENT_CLOSED};
		return 1;
	}
	return r < 0 ? r : 0;
}

size_t source_poll(const struct source *s, struct pollfd *fds)
{
	/*
	 * With nothing left to write, ask for no events of the output. poll(2) reports a pipe without a reader by
	 * POLLERR in any case.
	 */
	fds[0] = (struct pollfd){.fd = s->output.out.fd, .events = s->output.out.len ? POLLOUT : 0};
	return 1 + (s->policy.marked && s->sinks.acks.fd >= 0 ? ackd_poll(&s->sinks.acks, fds + 1) : 0);
}

void source_polled(struct source *s, const struct pollfd *fds)
{
	if (fds[0].revents & POLLERR)
		s->output.out.err = -EPIPE;
}
