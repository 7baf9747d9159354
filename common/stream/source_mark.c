/* Marks as text: see source_mark.h. */
#include "common/stream/source_mark.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/stream/mark_offsets.h"

static void add_start(struct strbuf *out, const struct source_start *start)
{
	strbuf_addstr(out, ",\"group\":");
	mark_add_string(out, start->group);
	strbuf_addstr(out, ",\"topics\":[");
	for (char *const *t = start->topics; *t; t++) {
		strbuf_addstr(out, t == start->topics ? "" : ",");
		mark_add_string(out, *t);
	}
	strbuf_addf(out, "],\"socket\":\"%s\"", start->socket);
	if (start->cluster) {
		strbuf_addstr(out, ",\"cluster\":");
		mark_add_string(out, start->cluster);
	}
}

static void add_resume(
	struct strbuf *out, const struct session_mark *m, const struct mark_range *parts, const char *member)
{
	ranges_add_resume(out, parts, m->count);
	if (member)
		strbuf_addf(out, ",\"member\":\"%s\"", member);
}

static struct mark_range *parts_of(const struct session_mark *m)
{
	struct mark_range *parts = xcalloc(m->count + 1, sizeof *parts);
	for (size_t i = 0; i < m->count; i++) {
		const struct session_mark_part *p = &m->parts[i];
		parts[i] = (struct mark_range){
			.topic = p->cursor->topic->name,
			.partition = p->cursor->partition,
			.from = p->from,
			.to = p->to,
			.records = p->records,
			.has_last = p->last.known,
			.last_ms = p->last.ms,
			.last_crc = p->last.crc,
			.last_offset = p->last.offset,
			.was = p->expected,
			.held = p->cursor->held,
			.cut = p->cut,
			.start = p->from,
			.end = p->end == OFFSET_NEVER ? RANGE_NONE : p->end,
			.topic_parts = p->cursor->topic->parts,
		};
	}
	return parts;
}

static void add_batch(struct strbuf *out, const struct session_mark *m, const struct mark_range *parts)
{
	if (m->flush)
		strbuf_addstr(out, ",\"flush\":true");
	ranges_add_batch(out, parts, m->count);
	if (m->ts_min >= 0)
		strbuf_addf(out, ",\"ts\":[%" PRId64 ",%" PRId64 "]", m->ts_min, m->ts_max);
	if (m->slowest) {
		strbuf_addf(out, ",\"wm\":%" PRId64, m->watermark);
		ranges_add_slowest(out, m->slowest->topic->name, m->slowest->partition);
	}
	if (m->done)
		strbuf_addf(out, ",\"done\":%" PRIu64, m->done - 1);
}

void source_mark_write(struct strbuf *out, struct mark *hop, const struct session_mark *m,
	const struct source_start *start, int64_t now_epoch_ms, char delim)
{
	size_t begin;
	struct mark_range *parts = parts_of(m);
	hop->kind = (enum mark_kind)m->kind;
	hop->batch = m->number;
	hop->n = m->records;
	hop->end_ms = now_epoch_ms;
	if (hop->kind != MARK_BATCH)
		hop->start_ms = hop->end_ms;
	mark_begin(out, hop, &begin);
	if (hop->kind == MARK_START)
		add_start(out, start);
	else if (hop->kind == MARK_BATCH)
		add_batch(out, m, parts);
	else if (hop->kind == MARK_QUERY)
		ranges_add_query(out, parts, m->count);
	else if (hop->kind == MARK_RESUME)
		add_resume(out, m, parts, start->member);
	mark_end(out, begin);
	strbuf_addch(out, delim);
	hop->start_ms = hop->end_ms;
	free(parts);
}
