/* Shared by the tests of common/stream/sink_core: a core, events, and the trace of its actions, one word each. */
#ifndef WEIR_TESTS_SINK_CORE_H
#define WEIR_TESTS_SINK_CORE_H

#include "common/base/strbuf.h"
#include "common/stream/sink_core.h"
#include "tests/unit/check.h"

static struct sink_core core;
static struct sink_policy policy;
static struct strbuf trace, err;
static struct mark_range range;
static char topic[] = "t", group[] = "g";

static inline void begin(void)
{
	policy = (struct sink_policy){.every_ms = 1000, .bytes = 100, .records = 10};
	sink_core_init(&core, &policy);
	strbuf_clear(&trace);
}

static inline void end(void)
{
	sink_core_release(&core);
}

/* Pass in an event, and append one word per action to the trace; returns what sink_core_step() returned. */
static inline int say(const struct sink_event *event)
{
	static const char *const words[] = {[SINK_HELLO] = "hello",
		[SINK_SEEN] = "seen",
		[SINK_COMMIT] = "commit",
		[SINK_AGAIN] = "again",
		[SINK_ANSWER] = "answer",
		[SINK_ACK] = "ack",
		[SINK_RESUMED] = "resumed",
		[SINK_FIGURES] = "figures",
		[SINK_DONE] = "done"};
	struct sink_actions actions;
	strbuf_clear(&err);
	int r = sink_core_step(&core, event, &actions, &err);
	for (size_t i = 0; i < actions.count; i++)
		strbuf_addf(&trace, "%s%s", trace.len ? " " : "", words[actions.items[i]]);
	CHECK(actions.count <= SINK_ACTIONS_MAX);
	return r;
}

/* The trace since the last call. */
#define CHECK_TRACE(text)                 \
	do {                              \
		CHECK_STR(trace.s, text); \
		strbuf_clear(&trace);     \
	} while (0)

static inline struct mark_ranges one(int64_t was, int64_t from, int64_t to, uint64_t records)
{
	range = (struct mark_range){.topic = topic,
		.was = was,
		.start = from,
		.from = from,
		.to = to,
		.records = records,
		.topic_parts = RANGE_NONE};
	return (struct mark_ranges){&range, 1};
}

static inline void start(void)
{
	begin();
	CHECK_INT(say(&(struct sink_event){.kind = SINK_START, .group = group}), 0);
	CHECK_TRACE("hello");
}

static inline void resume(int64_t was, int64_t at)
{
	CHECK_INT(say(&(struct sink_event){.kind = SINK_RESUME, .ranges = one(was, at, at, 0)}), 0);
}

/* N records of BYTES from FROM on, read in the second that ends at END_MS. */
static inline int batch(uint64_t number, int64_t from, uint64_t n, uint64_t bytes, int64_t end_ms, bool flush)
{
	sink_core_read(&core, n, bytes);
	return say(&(struct sink_event){.kind = SINK_BATCH,
		.ranges = one(0, from, from + (int64_t)n, n),
		.batch = number,
		.n = n,
		.start_ms = end_ms - 100,
		.end_ms = end_ms,
		.oldest_ms = 1000 - (int64_t)number,
		.flush = flush});
}

static inline int simple(enum sink_event_kind kind)
{
	return say(&(struct sink_event){.kind = kind});
}

static inline void committed(void)
{
	CHECK_INT(say(&(struct sink_event){.kind = SINK_COMMITTED, .bytes = 7}), 0);
}

static inline int finish(void)
{
	strbuf_release(&trace);
	strbuf_release(&err);
	return check_done();
}

#endif
