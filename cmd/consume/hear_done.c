/* Events about work that consume itself has finished: look-ups and output.  See loop.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "loop.h"
#include "partition.h"

/* --- look-ups -------------------------------------------------------------------------------------------------------
 */

/* One step of L; true when it is done. */
static bool look(struct consume *c, struct lookup *l)
{
	struct strbuf err = STRBUF_INIT;
	int status = 0;
	l->reader_of = c->broker.member ? NULL : c->opt->group;
	enum lookup_result r = lookup_step(l, &c->broker.client, c->opt->timeout_ms, &status, &err);
	if (r == LOOKUP_FAILED)
		consume_fail(c, status, "%s", err.s);
	else if (r == LOOKUP_TELL)
		warn("%s", err.s);
	strbuf_release(&err);
	return r == LOOKUP_DONE;
}

static void found(struct consume *c)
{
	struct session_event e = {.kind = EVENT_FOUND, .number = c->lookup.number, .count = c->lookup.count};
	if (!in_group_resume(c))
		return;
	struct session_part *parts = xcalloc(e.count + 1, sizeof *parts);
	for (size_t i = 0; i < e.count; i++) {
		struct cursor *cursor = c->lookup.cursors[i];
		const char *theirs = partition_of(cursor)->table, *ours = source_sinks_table(&c->source.sinks, theirs);
		parts[i].cursor = cursor;
		/* A new table has no id yet, and lacks the records before the group's position. */
		parts[i].other_table = theirs && (ours ? strcmp(theirs, ours) != 0 : cursor->held);
	}
	e.parts = parts;
	consume_step(c, &e);
	free(parts);
}

static void hear_others(struct consume *c)
{
	const struct cursor *behind;
	enum others_step step =
		others_decide(&c->others, &c->source.session, c->broker.session_ms, clock_ms(), &behind);
	if (step == OTHERS_DONE)
		consume_step_kind(c, EVENT_OTHERS_DONE);
	else if (step == OTHERS_STUCK)
		consume_fail(c, EXIT_TEMP,
			"other members of the group '%s' hold all partitions and have got no further for %lld s: "
			"topic '%s', partition %d has not reached offset %lld",
			c->opt->group, (long long)c->broker.session_ms / 1000, behind->topic->name,
			(int)behind->partition, (long long)behind->end);
}

void hear_lookups(struct consume *c)
{
	if (c->lookup.on && c->lookup.number != c->source.session.question)
		c->lookup.on = false; /* the session no longer needs the answer */
	if (c->lookup.on && look(c, &c->lookup))
		found(c);
	if (c->others_lookup.on && !c->others.empty_since)
		c->others_lookup.on = false;
	if (c->others_lookup.on && look(c, &c->others_lookup))
		hear_others(c);
}

/* --- standard output ------------------------------------------------------------------------------------------------
 */

static void fail_output(struct consume *c, int err)
{
	if (err == -EPIPE)
		consume_fail(c, EXIT_TEMP, "%s", ""); /* the reader's own exit status explains why it ended */
	else
		consume_fail(c, diag_status(err), "cannot write standard output: %s", diag_strerror(err));
}

void hear_output(struct consume *c)
{
	struct session_event e;
	int r;
	while ((r = source_hear_output(&c->source, &e)) > 0) {
		consume_step(c, &e);
		if (e.kind == EVENT_CLOSED)
			KILL_POINT("source-after-F");
	}
	size_t left = c->source.session.closed ? 0 : c->source.output.out.len;
	if (r == 0 && left && c->close_by && clock_ms() >= c->close_by) {
		consume_fail(c, EXIT_TEMP, "timed out writing the last %zu bytes to standard output", left);
		r = -ETIMEDOUT;
	}
	if (r == 0 || c->source.session.closed)
		return;
	if (r != -ETIMEDOUT)
		fail_output(c, r);
	c->fail_told = true;
	consume_step_kind(c, EVENT_BROKEN);
}
