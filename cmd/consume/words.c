/* The messages of a session: see words.h. */
#include "words.h"

#include <inttypes.h>

#include "partition.h"

/* Messages about the sinks, without a partition. */
static void add_sinks(struct strbuf *out, const struct message_facts *w, const struct session_action *a)
{
	double seconds = (double)w->opt->batch.sink_timeout_ms / 1000;
	switch (a->reason) {
	case REASON_NO_SINKS:
		strbuf_addf(out,
			"%zu of %" PRIu64
			" sinks connected within %g s: the pipeline does not end in one (lake-put, or ack before a "
			"command that is not of weir), or a command in between holds marks back or damages them (run "
			"it with `weir each`)",
			w->sinks, w->opt->batch.sinks, seconds);
		break;
	case REASON_NO_ANSWER:
		strbuf_addf(out, "the sinks did not report their positions within %g s", seconds);
		break;
	case REASON_NOT_SETTLED:
		strbuf_addf(out, "the sinks did not commit within %g s where partitions begin", seconds);
		break;
	case REASON_NOT_ACKNOWLEDGED:
		strbuf_addf(out,
			"the sinks have not acknowledged the last batch within %g s (--drain-timeout); it is not "
			"committed",
			(double)w->opt->batch.drain_timeout_ms / 1000);
		break;
	case REASON_NOT_DRAINED:
		strbuf_addstr(out,
			"not everything that was read from the partitions that go to another member is acknowledged");
		break;
	default:
		strbuf_addstr(out, w->detail);
		break;
	}
}

static void add_group(struct strbuf *out, const struct message_facts *w, const struct session_action *a)
{
	const char *group = w->opt->group;
	switch (a->reason) {
	case REASON_REVOKED:
		strbuf_addf(out, "the group '%s' has revoked the partitions; records may be delivered again", group);
		break;
	case REASON_REFUSED:
		strbuf_addf(out, "cannot commit for the group '%s': %s", group, w->refusal);
		break;
	default:
		strbuf_addf(out, "the last commit failed: %s; records will be delivered again", w->refusal);
		break;
	}
}

static void add_lost(struct strbuf *out, const struct session_action *a)
{
	const char *then = a->reason == REASON_LOST_NEW_RUN ? "; a new run skips them" : "";
	switch (a->reason) {
	case REASON_OUT_OF_RANGE:
		strbuf_addf(out, "offset %" PRId64 " is out of range, its end is %" PRId64, a->a, a->b);
		break;
	case REASON_LOST:
		strbuf_addf(out, "offsets %" PRId64 " to %" PRId64 " are lost, its first is %" PRId64, a->a, a->b - 1,
			a->b);
		break;
	case REASON_LOST_SKIPPED:
		strbuf_addf(
			out, "offsets %" PRId64 " to %" PRId64 " are lost, going on at %" PRId64, a->a, a->b - 1, a->b);
		break;
	default:
		strbuf_addf(out, "offsets %" PRId64 " to %" PRId64 " are lost%s", a->a, a->b - 1, then);
		break;
	}
}

/* The table lacks the records before the group's position, unless these are read again. */
static void add_adopted(struct strbuf *out, const char *group, const struct session_action *a)
{
	struct cursor *c = a->parts[0].cursor;
	strbuf_addf(out, "the group '%s' is taken over from table %s, which has ", group, partition_of(c)->table);
	if (a->a > c->lo)
		strbuf_addf(out, "the offsets %" PRId64 " to %" PRId64, c->lo, a->a - 1);
	else
		strbuf_addstr(out, "none of the offsets that are there");
	strbuf_addf(out, "; beginning at %" PRId64, a->b);
}

static void add_position(struct strbuf *out, const struct message_facts *w, const struct session_action *a)
{
	const char *group = w->opt->group;
	struct cursor *c = a->parts[0].cursor;
	switch (a->reason) {
	case REASON_DISAGREE:
		strbuf_addf(out, "the sinks disagree: %s", w->detail);
		break;
	case REASON_OTHER_TABLE:
		strbuf_addf(out,
			"the group '%s' belongs to table %s, not to %s: read into this one with a new group (-g), or "
			"take "
			"that one over (--adopt)",
			group, partition_of(c)->table, w->table_ours ? w->table_ours : "the new one");
		break;
	case REASON_NO_POSITION:
		strbuf_addf(out, "the group '%s' has no position", group);
		break;
	case REASON_BACKWARDS:
		strbuf_addf(out,
			"the sink holds %" PRId64 ", but this run has read up to %" PRId64
			"; a new run goes on from the sink",
			a->a, a->b);
		break;
	case REASON_RECREATED:
		strbuf_addf(out,
			"the record at offset %" PRId64 " is not the one that %s: the topic was recreated or truncated",
			a->a, w->opt->batch.on ? "the sink has" : "was read before");
		break;
	case REASON_GROUP_DIFFERS:
		strbuf_addf(out, "the sink holds %" PRId64 ", the group %" PRId64 "; the sink counts", a->a, a->b);
		break;
	case REASON_GROUP_IGNORED:
		strbuf_addf(out,
			"the group '%s' is at %" PRId64 ", the sink has none of it; beginning at %" PRId64
			" (--from stored would go on at the group's)",
			group, a->a, a->b);
		break;
	case REASON_ADOPTED:
		add_adopted(out, group, a);
		break;
	case REASON_BEYOND:
		strbuf_addf(out,
			"the table begins at offset %" PRId64 ", and the topic at %" PRId64 ": %" PRId64
			" offsets before it will not be in the table",
			a->a, c->lo, a->b);
		break;
	default:
		add_lost(out, a);
		break;
	}
}

void words_add(struct strbuf *out, const struct message_facts *w, const struct session_action *a)
{
	const struct cursor *c = a->count ? a->parts[0].cursor : NULL;
	if (c) {
		strbuf_addf(out, "topic '%s', partition %d", c->topic->name, (int)c->partition);
		if (a->more)
			strbuf_addf(out, ", and %zu more", a->more);
		strbuf_addstr(out, ": ");
		add_position(out, w, a);
	} else if (a->reason == REASON_REVOKED || a->reason == REASON_REFUSED || a->reason == REASON_LAST_COMMIT) {
		add_group(out, w, a);
	} else {
		add_sinks(out, w, a);
	}
}

const char *words_wait(const struct session *s, int64_t *ret_limit_ms)
{
	const struct session_policy *p = s->policy;
	*ret_limit_ms = p->answer_ms;
	switch (s->state) {
	case SESSION_GREETING:
		return p->marked ? "the sinks to connect" : "";
	case SESSION_ASKING:
		return "the sinks to report their positions";
	case SESSION_SETTLING:
		return "the sinks to commit where partitions begin";
	case SESSION_DRAINING:
		*ret_limit_ms = p->drain_ms;
		return p->marked ? "the sinks to acknowledge what goes to another member" : "";
	case SESSION_FINISHING:
		*ret_limit_ms = p->last_ack_ms;
		return p->marked && s->closed ? "the sinks to acknowledge the last batch" : "";
	default:
		return "";
	}
}
