/* Notes of normal operation: see notes.h. */
#include "notes.h"

#include <inttypes.h>
#include <string.h>

#define PARTS_SHOWN 8

/* Records that were written so far. */
static uint64_t written(const struct session *s)
{
	return s->policy->count - s->left;
}

static const char *records(uint64_t n)
{
	return diag_plural(n, "record", "records");
}

void notes_start(const struct consume_options *opt, const struct session_policy *policy)
{
	struct strbuf text = STRBUF_INIT;
	for (char *const *t = opt->topics; *t; t++)
		strbuf_addf(&text, "%s'%s'", t == opt->topics ? "" : ", ", *t);
	if (opt->group)
		strbuf_addf(&text, " for group '%s'", opt->group);
	if (policy->marked)
		strbuf_addf(&text, ", in batches of %g s", (double)opt->batch.interval_ms / 1000);
	inform("reading %s", text.s);
	strbuf_release(&text);
}

void notes_assigned(const struct session_part *parts, size_t count)
{
	struct strbuf text = STRBUF_INIT;
	const char *topic = "";
	for (size_t i = 0; i < count && i < PARTS_SHOWN; i++) {
		const struct cursor *c = parts[i].cursor;
		if (strcmp(topic, c->topic->name) != 0)
			strbuf_addf(&text, "%s'%s'", i ? "; " : "", c->topic->name);
		strbuf_addf(&text, " [%d] from offset %" PRId64, (int)c->partition, parts[i].offset);
		topic = c->topic->name;
	}
	if (count > PARTS_SHOWN)
		strbuf_addf(&text, " and %zu more", count - PARTS_SHOWN);
	if (count)
		inform("%zu %s: %s", count, diag_plural(count, "partition", "partitions"), text.s);
	strbuf_release(&text);
}

/* The group's lag, in offsets, over the assigned partitions; -1: some partition has no position yet. */
static int64_t lag_of(struct broker *b, const struct session *s)
{
	int64_t sum = 0;
	for (size_t i = 0; i < s->cursors.count; i++) {
		const struct cursor *c = s->cursors.items[i];
		int64_t at = c->committed >= 0 ? c->committed : c->acked;
		int64_t end = c->assigned ? broker_end(b, c) : 0;
		if (c->assigned && at < 0)
			return -1;
		sum += end > at ? end - at : 0;
	}
	return sum;
}

void notes_committed(struct broker *b, const struct session *s)
{
	int64_t lag = lag_of(b, s);
	struct strbuf text = STRBUF_INIT;
	if (lag >= 0 && s->cursors.assigned)
		strbuf_addf(&text, ", lag %" PRId64, lag);
	inform("committed for group '%s'; %" PRIu64 " %s so far%s", b->opt->group, written(s), records(written(s)),
		text.s);
	strbuf_release(&text);
}

void notes_done(const struct session *s)
{
	inform("done: %" PRIu64 " %s", written(s), records(written(s)));
}
