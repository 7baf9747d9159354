/* Requests that are on their way while the program goes on: see remote.h. */
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/lake/remote.h"

#define PUMP_MS                                                                                               \
	1000 /* print nothing here: http_pump() reports what it waits for, and calls have limits of their own \
	      */

struct remote_flight *remote_flight_new(struct remote *remote, struct remote_stage *stage, remote_landed *landed)
{
	struct remote_flight *f = xcalloc(1, sizeof *f);
	f->bytes.pool = remote->pool;
	f->stage = stage;
	f->landed = landed;
	return f;
}

void remote_flight_free(struct remote_flight *f)
{
	remote_call_free(f->call);
	backlog_release(&f->bytes);
	free(f->body);
	free(f->path);
	free(f->tag);
	free(f);
}

static void count(struct remote *remote, struct remote_flight *flight)
{
	remote->flying++;
	if (flight->stage)
		flight->stage->flying++;
}

static void uncount(struct remote *remote, struct remote_flight *flight)
{
	remote->flying--;
	if (flight->stage)
		flight->stage->flying--;
}

/* End FLIGHT. */
static void end(struct remote *remote, struct remote_flight *flight)
{
	struct remote_flight **p = &remote->flights;
	while (*p != flight)
		p = &(*p)->next;
	*p = flight->next;
	if (flight == remote->growing)
		remote->growing = NULL;
	else
		uncount(remote, flight);
	remote_flight_free(flight);
}

/* Look at the answer of FLIGHT, whose call has ended; the first error is kept for remote_land(). */
static void look_at(struct remote *remote, struct remote_flight *flight)
{
	struct strbuf why = STRBUF_INIT;
	int r = remote_wait(flight->call, &why);
	if (r == 0)
		r = flight->landed(remote, flight, &why);
	if (r < 0 && !remote->failed) {
		remote->failed = r;
		strbuf_clear(&remote->why);
		strbuf_addstr(&remote->why, why.s);
	}
	strbuf_release(&why);
	if (r <= 0)
		end(remote, flight);
}

static void look_at_ended(struct remote *remote)
{
	struct remote_flight *next;
	for (struct remote_flight *f = remote->flights; f; f = next) {
		next = f->next;
		if (remote_ended(f->call))
			look_at(remote, f);
	}
}

static int failed(const struct remote *remote, struct strbuf *err)
{
	if (remote->failed)
		strbuf_addstr(err, remote->why.s);
	return remote->failed;
}

int remote_move(struct remote *remote, struct strbuf *err)
{
	if (remote->flights) {
		int r = http_pump(remote->http, 0);
		if (r < 0) {
			strbuf_addf(err, "ended while '%s' was written", remote->base.url);
			return r;
		}
		look_at_ended(remote);
	}
	return failed(remote, err);
}

int remote_wait_beside(struct store *store, int fd, int timeout_ms)
{
	struct remote *remote = remote_of(store);
	int r = http_pump_beside(remote->http, fd, timeout_ms);
	look_at_ended(remote);
	return r == 0 ? 0 : 1; /* without memory for requests the next operation fails */
}

int remote_land(struct remote *remote, const struct remote_stage *stage, unsigned left, struct strbuf *err)
{
	look_at_ended(remote);
	while (!remote->failed && (stage ? stage->flying : remote->flying) > left) {
		int r = http_pump(remote->http, PUMP_MS);
		if (r < 0) {
			strbuf_addf(err, "ended while '%s' was written", remote->base.url);
			return r;
		}
		look_at_ended(remote);
	}
	return failed(remote, err);
}

int remote_fly(struct remote *remote, struct remote_flight *flight, struct strbuf *err)
{
	flight->next = remote->flights;
	remote->flights = flight;
	count(remote, flight);
	return remote_land(remote, NULL, remote->options.uploads - 1, err);
}

void remote_fly_growing(struct remote *remote, struct remote_flight *flight)
{
	flight->next = remote->flights;
	remote->flights = remote->growing = flight;
}

int remote_grown(struct remote *remote, struct strbuf *err)
{
	count(remote, remote->growing);
	remote->growing = NULL;
	return remote_land(remote, NULL, remote->options.uploads - 1, err);
}

void remote_ground(struct remote *remote, const struct remote_stage *stage)
{
	struct remote_flight *next;
	for (struct remote_flight *f = remote->flights; f; f = next) {
		next = f->next;
		if (!stage || f->stage == stage)
			end(remote, f);
	}
}
