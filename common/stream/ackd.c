/* The source's side of acknowledgements: see ackd.h. */
#include "common/stream/ackd.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/stream/ack.h"
#include "common/io/ackdir.h"
#include "common/io/greeting.h"

#define READ_BYTES     (64u << 10)
#define LINE_MAX_BYTES (16u << 20) /* an answer to Q with a hundred thousand partitions fits */

int ackd_open(struct ackd *d, uint64_t run, size_t want, struct strbuf *err)
{
	*d = (struct ackd){.fd = -1, .run = run, .want = want};
	int r = ackdir_listen(&d->fd, &d->path, &d->lock);
	if (r < 0)
		strbuf_addf(err, "cannot make the acknowledgement socket: %s", diag_strerror(r));
	else
		d->greeting = greeting_new();
	return r;
}

static void sink_release(struct ackd_sink *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s->name);
	free(s->table);
	json_decref(s->at);
	json_decref(s->last);
	json_decref(s->cut);
	json_decref(s->parts);
	strbuf_release(&s->line);
}

void ackd_close(struct ackd *d)
{
	for (size_t i = 0; i < d->count; i++)
		sink_release(&d->sinks[i]);
	d->count = 0;
	if (d->fd >= 0) {
		close(d->fd);
		ackdir_remove(d->path);
		close(d->lock);
		if (d->greeting >= 0)
			close(d->greeting);
	}
	d->fd = -1;
	free(d->path);
	d->path = NULL;
}

size_t ackd_poll(const struct ackd *d, struct pollfd *fds)
{
	fds[0] = (struct pollfd){.fd = d->fd, .events = POLLIN};
	for (size_t i = 0; i < d->count; i++)
		fds[i + 1] = (struct pollfd){.fd = d->sinks[i].fd, .events = POLLIN};
	return d->count + 1;
}

static int accept_sink(struct ackd *d, struct strbuf *err)
{
	int fd = accept4(d->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED ? 0 : -errno;
	struct ucred peer;
	socklen_t size = sizeof peer;
	int r = 0;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 || peer.uid != geteuid()) {
		strbuf_addstr(err, "another user connects to the acknowledgement socket");
		r = -EPERM;
	} else if (d->count == ACKD_SINKS_MAX) {
		strbuf_addf(err, "more than %d connections to the acknowledgement socket", ACKD_SINKS_MAX);
		r = -EPROTO;
	}
	if (r < 0) {
		close(fd);
		return r;
	}
	d->sinks[d->count++] = (struct ackd_sink){.fd = fd, .line = STRBUF_INIT};
	return 1;
}

static size_t hellos(const struct ackd *d)
{
	size_t n = 0;
	for (size_t i = 0; i < d->count; i++)
		n += d->sinks[i].hello;
	return n;
}

static int on_hello(const struct ackd *d, struct ackd_sink *s, const json_t *line, struct strbuf *err)
{
	const char *run = json_string_value(json_object_get(line, "run"));
	const char *name = json_string_value(json_object_get(line, "sink"));
	char want[17];
	snprintf(want, sizeof want, "%016" PRIx64, d->run);
	if (json_integer_value(json_object_get(line, "v")) != ACK_VERSION) {
		strbuf_addstr(err, "a sink of another version connected");
		return -EPROTO;
	}
	if (!run || strcmp(run, want) != 0 || !name || s->hello) {
		strbuf_addstr(err, "a sink of another run connected");
		return -EPROTO;
	}
	if (hellos(d) == d->want) {
		strbuf_addf(err, "more than %zu %s connected (see --sinks)", d->want,
			diag_plural(d->want, "sink", "sinks"));
		return -EPROTO;
	}
	s->hello = true;
	s->began = json_is_true(json_object_get(line, "began"));
	s->in_group = json_object_get(line, "commits");
	s->name = xstrdup(name);
	s->pid = (long)json_integer_value(json_object_get(line, "pid"));
	if (hellos(d) == d->want)
		greeting_done(d->greeting);
	return 0;
}

/* Note that S has reached batch B in *WHAT. */
static int on_batch(const json_t *line, uint64_t *what)
{
	const json_t *b = json_object_get(line, "b");
	if (!json_is_integer(b) || json_integer_value(b) < 0)
		return -EPROTO;
	uint64_t next = (uint64_t)json_integer_value(b) + 1;
	if (next > *what)
		*what = next;
	return 0;
}

/* A line may name the sink's table, which may have been created after hello. */
static void take_table(struct ackd_sink *s, const json_t *line)
{
	const char *table = json_string_value(json_object_get(line, "table"));
	if (!table || (s->table && strcmp(s->table, table) == 0))
		return;
	free(s->table);
	s->table = xstrdup(table);
}

/* Check that each position is null or an offset. */
static int check_at(const struct ackd_sink *s, json_t *at, struct strbuf *err)
{
	const char *topic, *partition;
	json_t *list, *position;
	json_object_foreach(at, topic, list)
	{
		if (!json_is_object(list))
			return -EPROTO;
		json_object_foreach(list, partition, position)
		{
			if (json_is_null(position) || (json_is_integer(position) && json_integer_value(position) >= 0))
				continue;
			char *text = json_dumps(position, JSON_ENCODE_ANY | JSON_COMPACT);
			strbuf_addf(err, "the sink %s reports no position for topic '%s', partition %s: %.40s", s->name,
				topic, partition, text ? text : "");
			free(text);
			return -EPROTO;
		}
	}
	return 0;
}

static int on_at(struct ackd_sink *s, json_t *line, struct strbuf *err)
{
	const json_t *q = json_object_get(line, "q");
	json_t *at = json_object_get(line, "at");
	if (!json_is_integer(q) || json_integer_value(q) < 0 || !json_is_object(at))
		return -EPROTO;
	int r = check_at(s, at, err);
	if (r < 0)
		return r;
	json_decref(s->at);
	json_decref(s->last);
	json_decref(s->cut);
	json_decref(s->parts);
	s->at = json_incref(at);
	s->last = json_incref(json_object_get(line, "last"));
	s->cut = json_incref(json_object_get(line, "cut"));
	s->parts = json_incref(json_object_get(line, "parts"));
	s->answered = (uint64_t)json_integer_value(q) + 1;
	return 0;
}

static int on_line(const struct ackd *d, struct ackd_sink *s, const char *text, size_t len, struct strbuf *err)
{
	json_t *line = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	const char *m = json_string_value(json_object_get(line, "m"));
	int r = -EPROTO;
	if (!m)
		r = -EPROTO;
	else if (strcmp(m, "hello") == 0)
		r = on_hello(d, s, line, err);
	else if (!s->hello)
		r = -EPROTO;
	else if (strcmp(m, "seen") == 0)
		r = on_batch(line, &s->seen);
	else if (strcmp(m, "ack") == 0)
		r = on_batch(line, &s->done);
	else if (strcmp(m, "at") == 0)
		r = on_at(s, line, err);
	if (r == 0 && s->hello)
		take_table(s, line);
	json_decref(line);
	if (r < 0 && !err->len)
		strbuf_addf(err, "a line on the acknowledgement socket is not understood: %.*s",
			len < 200 ? (int)len : 200, text);
	return r;
}

/* Handle the complete lines that have arrived, the last FRESH bytes being new; keep the incomplete rest. */
static int lines(const struct ackd *d, struct ackd_sink *s, size_t fresh, struct strbuf *err)
{
	size_t done = 0, seen = s->line.len - fresh; /* no line ends before this byte */
	int r = 0;
	while (!r) {
		const char *p = s->line.s + done, *end = memchr(s->line.s + seen, '\n', s->line.len - seen);
		if (!end)
			break;
		r = on_line(d, s, p, (size_t)(end - p), err);
		done = seen = (size_t)(end + 1 - s->line.s);
	}
	if (done) {
		memmove(s->line.s, s->line.s + done, s->line.len - done);
		strbuf_setlen(&s->line, s->line.len - done);
	}
	if (!r && s->line.len > LINE_MAX_BYTES) {
		strbuf_addstr(err, "a line on the acknowledgement socket is too long");
		r = -EPROTO;
	}
	return r;
}

/* Returns 0; 1 when a connection was closed without a hello; or an error. */
static int read_sink(const struct ackd *d, struct ackd_sink *s, struct strbuf *err)
{
	while (s->fd >= 0) {
		ssize_t n = read(s->fd, strbuf_grow(&s->line, READ_BYTES), READ_BYTES);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n <= 0 && !s->hello)
			return 1;
		if (n <= 0 && d->last && s->done >= d->last) {
			close(s->fd);
			s->fd = -1;
			return 0;
		}
		if (n <= 0) {
			strbuf_addf(err, "the sink %s has gone", s->name);
			return -EPIPE;
		}
		strbuf_extend(&s->line, (size_t)n);
		int r = lines(d, s, (size_t)n, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* First poll(), 0.2 us: accept4() creates a socket even if no connection is pending, 1.3 us. */
static bool quiet(const struct ackd *d)
{
	struct pollfd fds[ACKD_SINKS_MAX + 1];
	return poll(fds, ackd_poll(d, fds), 0) == 0;
}

int ackd_serve(struct ackd *d, struct strbuf *err)
{
	int r;
	if (quiet(d))
		return 0;
	while ((r = accept_sink(d, err)) > 0)
		;
	for (size_t i = 0; i < d->count && r >= 0; i++) {
		r = read_sink(d, &d->sinks[i], err);
		if (r == 1) {
			sink_release(&d->sinks[i]);
			d->sinks[i--] = d->sinks[--d->count];
		}
	}
	return r < 0 ? r : 0;
}

bool ackd_ready(const struct ackd *d)
{
	return hellos(d) == d->want;
}
