/* Shared by the tests of common/stream/hop: a stream that grows mark by mark, and a filter that is run on it. */
#ifndef WEIR_TESTS_HOP_H
#define WEIR_TESTS_HOP_H

#include "common/stream/hop.h"
#include "tests/unit/capture.h"

/* A filter that passes records on, and records its calls in `calls`. */
static struct strbuf calls = STRBUF_INIT, out = STRBUF_INIT, err = STRBUF_INIT;

static int on_record(void *self, const char *rec, size_t len, struct flow *flow)
{
	(void)self;
	strbuf_addf(&calls, "%.*s ", (int)len, rec);
	if (len == 3 && memcmp(rec, "bad", 3) == 0)
		return EXIT_DATA;
	return len == 4 && memcmp(rec, "drop", 4) == 0 ? 0 : flow_put(flow, rec, len);
}

static int on_batch(void *self, struct flow *flow)
{
	(void)self;
	strbuf_addf(&calls, "batch(%c) ", flow->mark->kind);
	return flow_put(flow, "sum", 3);
}

static int on_end(void *self, struct flow *flow)
{
	(void)self, (void)flow;
	strbuf_addstr(&calls, "end ");
	return 0;
}

static int on_state(void *self, enum filter_moment when, const struct mark *mark)
{
	(void)self, (void)mark;
	strbuf_addstr(&calls, when == FILTER_BATCH ? "save " : when == FILTER_RESUME ? "load " : "? ");
	return 0;
}

static void on_see(void *self, const struct mark *mark)
{
	(void)self;
	strbuf_addf(&calls, "<%c> ", mark->kind);
}

static const struct filter simple = {.record = on_record};
static const struct filter all = {
	.record = on_record, .batch = on_batch, .end = on_end, .state = on_state, .see = on_see};

static struct strbuf in = STRBUF_INIT;

static const char *off = "[5,9]"; /* of the batches */

static void add_mark_of(enum mark_kind kind, uint64_t batch, uint64_t n, uint64_t run)
{
	struct mark mark = {.kind = kind, .run = run, .batch = batch, .n = n};
	size_t start;
	strcpy(mark.by, "before");
	mark_begin(&in, &mark, &start);
	if (kind == MARK_BATCH)
		strbuf_addf(&in, ",\"off\":{\"t\":{\"0\":%s}}", off);
	mark_end(&in, start);
	strbuf_addch(&in, '\n');
}

static void add_mark(enum mark_kind kind, uint64_t batch, uint64_t n)
{
	add_mark_of(kind, batch, n, 7);
}

static void begin_stream(void)
{
	strbuf_clear(&in);
	add_mark(MARK_START, 0, 0);
}

/* Run FILTER over `in`, in pieces of whole lines when PIECES; the exit status, with `out`, `err` and `calls`. */
static int run(const struct filter *filter, bool pieces)
{
	struct capture capture;
	struct flow flow;
	struct hop hop;
	int r = 0;
	strbuf_clear(&calls);
	capture_pipe(&capture);
	flow_init(&flow, '\n', false);
	hop_init(&hop, filter, NULL, &flow);
	for (size_t at = 0, n; !r && at < in.len; at += n) {
		n = pieces ? (size_t)(strchr(in.s + at, '\n') - in.s) + 1 - at : in.len;
		r = hop_span(&hop, in.s + at, n);
	}
	if (!r)
		r = hop_end(&hop);
	hop_release(&hop);
	if (flow_close(&flow) < 0 && !r)
		r = FLOW_STOP;
	flow_release(&flow);
	capture_end(&capture, &out, &err);
	return r;
}

/* The output, with only the kind and count of each mark. */
static const char *shape(void)
{
	static struct strbuf text = STRBUF_INIT;
	struct mark mark;
	strbuf_clear(&text);
	for (char *s = out.s, *lf; out.len && (lf = strchr(s, '\n')); s = lf + 1) {
		if (*s != MARK_ETB)
			strbuf_addf(&text, "%.*s ", (int)(lf - s), s);
		else if (mark_parse(s, (size_t)(lf - s), &mark) == 0)
			strbuf_addf(&text, "<%c%d %s> ", mark.kind, (int)mark.n, mark.by);
	}
	return text.s;
}

static int hop_test_done(void)
{
	strbuf_release(&in);
	strbuf_release(&out);
	strbuf_release(&err);
	strbuf_release(&calls);
	return check_done();
}

#endif
