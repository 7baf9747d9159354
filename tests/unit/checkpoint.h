/* Shared by the tests of common/stream/checkpoint: a program whose state is a string, and its marks. */
#ifndef WEIR_TESTS_CHECKPOINT_H
#define WEIR_TESTS_CHECKPOINT_H

#include <errno.h>

#include "common/stream/checkpoint.h"
#include "tests/unit/capture.h"
#include "tests/unit/checkpoints.h"

/* A program whose state is a string; each save is recorded. */
static struct strbuf state = STRBUF_INIT, said = STRBUF_INIT, printed = STRBUF_INIT, calls = STRBUF_INIT;

static inline void save_text(void *self, bool full, struct checkpoint_out *to)
{
	(void)self;
	strbuf_addf(&calls, "save(%s) ", full ? "full" : "delta");
	checkpoint_put(to, state.s, state.len);
}

static inline int load_text(void *self, bool full, const char *data, size_t len, struct strbuf *why)
{
	(void)self;
	if (len == 3 && memcmp(data, "bad", 3) == 0) {
		strbuf_addstr(why, "this state is bad");
		return -EBADMSG;
	}
	if (full)
		strbuf_clear(&state);
	strbuf_add(&state, data, len);
	strbuf_addf(&calls, "load(%s) ", full ? "full" : "delta");
	return 0;
}

static const struct checkpoint_ops ops = {.version = 1, .save = save_text, .load = load_text};
static const struct checkpoint_ops with_deltas = {.version = 1, .deltas = true, .save = save_text, .load = load_text};

static struct capture capture;

/* A run begins, with an empty state and the states in `dir`; messages are kept until end(). */
static inline int begin_as(struct checkpoint *k, const struct checkpoint_ops *form, bool fresh, const char *query)
{
	struct checkpoint_opts opts = {.dir = dir, .fresh = fresh};
	strbuf_clear(&state);
	strbuf_clear(&calls);
	capture_file(&capture);
	*k = (struct checkpoint){0};
	return checkpoint_open(k, &opts, form, NULL, query);
}

static inline void begin(struct checkpoint *k)
{
	CHECK_INT(begin_as(k, &ops, false, "q"), 0);
}

static inline void end(struct checkpoint *k)
{
	checkpoint_release(k);
	capture_end(&capture, &printed, &said);
}

static inline int step(struct checkpoint *k, enum filter_moment when, uint64_t batch, int64_t p0, int64_t p1)
{
	struct strbuf s = STRBUF_INIT;
	struct mark mark = make_mark(&s, when == FILTER_RESUME ? MARK_RESUME : MARK_BATCH, batch, p0, p1);
	int r = checkpoint_step(k, when, &mark);
	strbuf_release(&s);
	return r;
}

/*
 * R with number BATCH, for partition 0 from START on; the position of the sinks is WAS, with the cut of batch WAS of
 * run 7.
 */
static inline int resume_from(struct checkpoint *k, uint64_t batch, int64_t was, int64_t start)
{
	struct strbuf s = STRBUF_INIT;
	struct mark mark = {.kind = MARK_RESUME, .run = 7, .batch = batch};
	struct mark_range part = {.topic = (char[]){"t"},
		.held = true,
		.was = was,
		.cut = cut_of(was),
		.start = start,
		.end = RANGE_NONE,
		.topic_parts = RANGE_NONE};
	size_t at;
	strcpy(mark.by, "consume");
	mark_begin(&s, &mark, &at);
	ranges_add_resume(&s, &part, 1);
	mark_end(&s, at);
	CHECK_INT(mark_parse(s.s, s.len, &mark), 0);
	int r = checkpoint_step(k, FILTER_RESUME, &mark);
	strbuf_release(&s);
	return r;
}

/* R when the sinks have no positions yet; its number is chosen so that its cut is that of P0. */
static inline int resume_new(struct checkpoint *k, int64_t p0)
{
	struct strbuf s = STRBUF_INIT;
	struct mark mark = {.kind = MARK_RESUME, .run = 7, .batch = (uint64_t)p0};
	struct mark_range part = {.topic = (char[]){"t"},
		.held = true,
		.start = p0,
		.was = RANGE_NONE,
		.end = RANGE_NONE,
		.topic_parts = RANGE_NONE};
	size_t start;
	strcpy(mark.by, "consume");
	mark_begin(&s, &mark, &start);
	ranges_add_resume(&s, &part, 1);
	mark_end(&s, start);
	CHECK_INT(mark_parse(s.s, s.len, &mark), 0);
	int r = checkpoint_step(k, FILTER_RESUME, &mark);
	strbuf_release(&s);
	return r;
}

static inline void set(const char *s)
{
	strbuf_clear(&state);
	strbuf_addstr(&state, s);
}

static inline int checkpoint_done(void)
{
	strbuf_release(&state);
	strbuf_release(&said);
	strbuf_release(&printed);
	strbuf_release(&calls);
	return check_done();
}

#endif
