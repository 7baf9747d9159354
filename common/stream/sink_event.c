/* Marks as events: see sink_event.h. */
#include "common/stream/sink_event.h"

#include <jansson.h>
#include <stdlib.h>

#include "common/base/alloc.h"

static enum sink_event_kind kind_of(const struct mark *mark)
{
	switch (mark->kind) {
	case MARK_START:
		return SINK_START;
	case MARK_BATCH:
		return SINK_BATCH;
	case MARK_QUERY:
		return SINK_QUERY;
	case MARK_RESUME:
		return SINK_RESUME;
	case MARK_FINAL:
		break;
	}
	return SINK_FINAL;
}

/* The name of the group, with the escapes of JSON resolved; NULL when S has none. */
static char *group_of(const struct mark *mark)
{
	json_t *json = json_loadb(mark->text + 1, mark->len - 1, 0, NULL);
	const char *group = json_string_value(json_object_get(json, "group"));
	char *copy = group ? xstrdup(group) : NULL;
	json_decref(json);
	return copy;
}

int sink_event_read(const struct mark *mark, struct sink_event *ret, struct strbuf *err)
{
	int64_t newest;
	*ret = (struct sink_event){.kind = kind_of(mark),
		.batch = mark->batch,
		.n = mark->n,
		.start_ms = mark->start_ms,
		.end_ms = mark->end_ms,
		.oldest_ms = -1,
		.flush = mark->flush};
	if (ret->kind == SINK_START)
		ret->group = group_of(mark);
	if (ret->kind == SINK_BATCH)
		(void)!mark_pair(mark, "ts", &ret->oldest_ms, &newest);
	if (ret->kind != SINK_START && ret->kind != SINK_FINAL)
		return ranges_read(mark, &ret->ranges, err);
	return 0;
}

void sink_event_release(struct sink_event *event)
{
	free(event->group);
	ranges_release(&event->ranges);
}
