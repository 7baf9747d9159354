/* The progress of a stream: see progress.h. */
#include "cmd/meter/progress.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/alloc.h"

void progress_release(struct progress_bar *p)
{
	ranges_release(&p->parts);
	free(p->ends);
	*p = (struct progress_bar){0};
}

/* END of topic and partition in `end`, or RANGE_NONE. */
static int64_t end_of(const json_t *end, const struct mark_range *part)
{
	char number[16];
	snprintf(number, sizeof number, "%d", (int)part->partition);
	const json_t *value = json_object_get(json_object_get(end, part->topic), number);
	return json_is_integer(value) ? (int64_t)json_integer_value(value) : RANGE_NONE;
}

void progress_begin(struct progress_bar *p, const struct mark *mark)
{
	struct strbuf err = STRBUF_INIT;
	progress_release(p);
	json_t *root = json_loadb(mark->text + 1, mark->len - 1, 0, NULL);
	const json_t *end = json_object_get(root, "end");
	if (end && ranges_read(mark, &p->parts, &err) == 0) {
		p->ends = xcalloc(p->parts.count ? p->parts.count : 1, sizeof *p->ends);
		for (size_t i = 0; i < p->parts.count; i++) {
			struct mark_range *part = &p->parts.items[i];
			part->to = part->start;
			p->ends[i] = end_of(end, part);
		}
	}
	json_decref(root);
	strbuf_release(&err);
}

void progress_batch(struct progress_bar *p, const struct mark *mark)
{
	struct mark_ranges batch;
	struct strbuf err = STRBUF_INIT;
	if (p->ends && ranges_read(mark, &batch, &err) == 0) {
		for (size_t i = 0; i < batch.count; i++) {
			struct mark_range *part =
				ranges_find(&p->parts, batch.items[i].topic, batch.items[i].partition);
			if (part)
				part->to = batch.items[i].to;
		}
		ranges_release(&batch);
	}
	strbuf_release(&err);
}

bool progress_get(const struct progress_bar *p, uint64_t *ret_done, uint64_t *ret_all)
{
	uint64_t done = 0, all = 0;
	for (size_t i = 0; i < p->parts.count; i++) {
		const struct mark_range *part = &p->parts.items[i];
		int64_t end = p->ends[i];
		if (end == RANGE_NONE || part->start == RANGE_NONE)
			return false;
		if (end <= part->start)
			continue;
		int64_t to = part->to < end ? part->to : end;
		done += to > part->start ? (uint64_t)(to - part->start) : 0;
		all += (uint64_t)(end - part->start);
	}
	if (!all)
		return false;
	*ret_done = done;
	*ret_all = all;
	return true;
}
