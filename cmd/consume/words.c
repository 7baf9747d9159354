/* The messages of a session: see words.h. */
#include "words.h"

#include <inttypes.h>

#include "common/stream/source_words.h"
#include "partition.h"

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
		strbuf_addstr(out, "none of the offsets that exist");
	strbuf_addf(out, "; beginning at %" PRId64, a->b);
}

/* Where a run begins that does not begin at the sink's position. */
static void add_start(struct strbuf *out, const char *group, const struct session_action *a)
{
	switch (a->reason) {
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
			a->a, a->parts[0].cursor->lo, a->b);
		break;
	default:
		add_lost(out, a);
		break;
	}
}

/* Whether the record that ACTION found to be another one is what a sink has, not what this run has read. */
static bool by_sink(const struct message_facts *w, const struct session_action *a)
{
	const struct identity *anchor = &a->parts[0].cursor->anchor;
	return w->opt->batch.on && (!anchor->known || anchor->offset != a->a);
}

/* What is wrong with a position, or with whose it is. */
static void add_position(struct strbuf *out, const struct message_facts *w, const struct session_action *a)
{
	const char *group = w->opt->group;
	switch (a->reason) {
	case REASON_DISAGREE:
		strbuf_addf(out, "the sinks disagree: %s", w->detail);
		break;
	case REASON_OTHER_TABLE:
		strbuf_addf(out,
			"the group '%s' belongs to table %s, not to %s: read into this one with a new group (-g), or "
			"take that one over (--adopt)",
			group, partition_of(a->parts[0].cursor)->table, w->table_ours ? w->table_ours : "the new one");
		break;
	case REASON_NO_POSITION:
		strbuf_addf(out, "the group '%s' has no position", group);
		break;
	case REASON_BACKWARDS:
		strbuf_addf(out,
			"the sink holds %" PRId64 ", but this run has read up to %" PRId64
			"; a new run continues from the sink's position",
			a->a, a->b);
		break;
	case REASON_RECREATED:
		strbuf_addf(out,
			"the record at offset %" PRId64 " is not the one that %s: the topic was recreated or truncated",
			a->a, by_sink(w, a) ? "the sink has" : "was read before");
		break;
	case REASON_GROUP_DIFFERS:
		strbuf_addf(out, "the sink holds %" PRId64 ", the group %" PRId64 "; the sink's position is used", a->a,
			a->b);
		break;
	default:
		add_start(out, group, a);
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
		source_words_add(out, &w->opt->source, w->sinks, w->detail, a);
	}
}
