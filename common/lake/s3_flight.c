/* Requests that are on their way while the program goes on: see s3.h. */
#include <stdlib.h>

#include "common/lake/s3.h"

#define PUMP_MS 1000 /* at once; http_pump() says what it waits for, and calls have limits of their own */

void s3_flight_free(struct s3_flight *f)
{
	s3_call_free(f->call);
	backlog_release(&f->bytes);
	free(f->body);
	free(f->path);
	free(f->tag);
	free(f);
}

/* FLIGHT is over. */
static void end(struct store_s3 *s3, struct s3_flight *flight)
{
	struct s3_flight **p = &s3->flights;
	while (*p != flight)
		p = &(*p)->next;
	*p = flight->next;
	s3->flying--;
	if (flight->stage)
		flight->stage->flying--;
	s3_flight_free(flight);
}

/* Look at the answer of FLIGHT, whose call has ended; the first error is kept for s3_land(). */
static void look_at(struct store_s3 *s3, struct s3_flight *flight)
{
	struct strbuf why = STRBUF_INIT;
	int r = s3_wait(flight->call, &why);
	if (r == 0)
		r = flight->landed(s3, flight, &why);
	if (r < 0 && !s3->failed) {
		s3->failed = r;
		strbuf_clear(&s3->why);
		strbuf_addstr(&s3->why, why.s);
	}
	strbuf_release(&why);
	if (r <= 0)
		end(s3, flight);
}

static void look_at_ended(struct store_s3 *s3)
{
	struct s3_flight *next;
	for (struct s3_flight *f = s3->flights; f; f = next) {
		next = f->next;
		if (s3_ended(f->call))
			look_at(s3, f);
	}
}

static int failed(const struct store_s3 *s3, struct strbuf *err)
{
	if (s3->failed)
		strbuf_addstr(err, s3->why.s);
	return s3->failed;
}

int s3_move(struct store_s3 *s3, struct strbuf *err)
{
	if (s3->flights) {
		int r = http_pump(s3->http, 0);
		if (r < 0) {
			strbuf_addf(err, "ended while '%s' was written", s3->base.url);
			return r;
		}
		look_at_ended(s3);
	}
	return failed(s3, err);
}

int s3_land(struct store_s3 *s3, const struct s3_stage *stage, unsigned left, struct strbuf *err)
{
	look_at_ended(s3);
	while (!s3->failed && (stage ? stage->flying : s3->flying) > left) {
		int r = http_pump(s3->http, PUMP_MS);
		if (r < 0) {
			strbuf_addf(err, "ended while '%s' was written", s3->base.url);
			return r;
		}
		look_at_ended(s3);
	}
	return failed(s3, err);
}

int s3_fly(struct store_s3 *s3, struct s3_flight *flight, struct strbuf *err)
{
	flight->next = s3->flights;
	s3->flights = flight;
	s3->flying++;
	if (flight->stage)
		flight->stage->flying++;
	return s3_land(s3, NULL, s3->options.uploads - 1, err);
}

void s3_ground(struct store_s3 *s3, const struct s3_stage *stage)
{
	struct s3_flight *next;
	for (struct s3_flight *f = s3->flights; f; f = next) {
		next = f->next;
		if (!stage || f->stage == stage)
			end(s3, f);
	}
}
