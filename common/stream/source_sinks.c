/* Messages of sinks: see source_sinks.h. */
#include "common/stream/source_sinks.h"

#include <errno.h>
#include <string.h>

static int take_answer(const struct source_sinks *s, struct cursor *c, struct strbuf *err)
{
	const char *topic = c->topic->name;
	struct mark_range last;
	int r = ackd_position(&s->acks, topic, c->partition, &c->expected, err);
	c->held = ackd_holds(&s->acks, topic, c->partition);
	c->cut = ackd_cut(&s->acks, topic, c->partition);
	c->before = (struct identity){0};
	if (r == 0 && c->expected >= 0 && ackd_last(&s->acks, topic, c->partition, &last))
		c->before = (struct identity){
			.known = true, .offset = last.last_offset, .ms = last.last_ms, .crc = last.last_crc};
	return r;
}

int source_sinks_read_answers(
	struct source_sinks *s, struct session *session, struct cursor **ret_cursor, struct strbuf *err)
{
	session->elsewhere = ackd_began(&s->acks);
	for (size_t i = 0; i < session->asked_count; i++) {
		struct cursor *c = session->asked[i];
		*ret_cursor = c;
		int r = take_answer(s, c, err);
		if (r < 0)
			return r;
		r = ackd_parts(&s->acks, c->topic->name, &c->topic->recorded, err);
		if (r < 0) {
			*ret_cursor = NULL;
			return r;
		}
	}
	return 0;
}

const char *source_sinks_table(const struct source_sinks *s, const char *wanted)
{
	const char *found = NULL;
	for (size_t i = 0; i < s->acks.count; i++) {
		const char *table = s->acks.sinks[i].table;
		if (table && wanted && strcmp(table, wanted) == 0)
			return table;
		if (table && !found)
			found = table;
	}
	return found;
}

bool source_sinks_stalled(struct source_sinks *s, uint64_t batches, uint64_t done, bool taken, int64_t limit_ms,
	int64_t now_ms, uint64_t *ret_batch)
{
	uint64_t seen = ackd_seen(&s->acks);
	if (seen < done)
		seen = done;
	if (seen >= batches || seen != s->unseen)
		s->unseen_since = 0;
	s->unseen = seen;
	if (seen >= batches)
		return false;
	if (!s->unseen_since && taken)
		s->unseen_since = now_ms;
	if (!s->unseen_since || s->warned > seen || now_ms - s->unseen_since < limit_ms)
		return false;
	s->warned = seen + 1;
	*ret_batch = seen;
	return true;
}
