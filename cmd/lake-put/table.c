/* The table as a sink: see table.h. */
#include "table.h"

#include <inttypes.h>

#include "common/lake/housekeeping.h"
#include "stats.h"

int table_sink_span(struct table_sink *sink, struct sink_place *place, const char *s, size_t len, struct flow *flow,
	struct strbuf *err)
{
	return sink->ops->span(sink->rows, place, s, len, flow, err);
}

static int on_span(
	void *self, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	return table_sink_span(self, place, s, len, flow, err);
}

static int on_end(void *self, struct sink_place *place, struct flow *flow, struct strbuf *err)
{
	struct table_sink *sink = self;
	return sink->ops->end ? sink->ops->end(sink->rows, place, flow, err) : 0;
}

static int on_wait(void *self, int fd, int timeout_ms)
{
	const struct table_sink *sink = self;
	return store_wait(sink->log->store, fd, timeout_ms);
}

static int on_gathered(void *self, const struct mark *mark)
{
	struct table_sink *sink = self;
	return rejects_batch(sink->rejects, mark);
}

static int on_start(void *self, const char *group, bool *ret_began, struct strbuf *err)
{
	const struct table_sink *sink = self;
	(void)err;
	*ret_began = state_knows_group(sink->log->state, group);
	return 0;
}

static const char *table_id(void *self)
{
	const struct table_sink *sink = self;
	return state_table(sink->log->state);
}

/* Find what the log has about one partition, its last record, and its topic. */
static void locate_one(json_t *state, const char *group, struct mark_range *range)
{
	json_t *known = state_last(state, group, range->topic, range->partition);
	json_t *last = json_pack("[O*,O*,O*]", json_object_get(known, "ts"), json_object_get(known, "crc"),
		json_object_get(known, "offset"));
	range->was = state_position(state, group, range->topic, range->partition);
	range->cut = state_cut(state, group, range->topic, range->partition);
	range->topic_parts = state_parts(state, group, range->topic);
	range->has_last = range->was >= 0 && ranges_read_last(range, last);
	json_decref(last);
}

static int on_locate(void *self, const char *group, struct mark_ranges *ranges, struct strbuf *err)
{
	struct table_sink *sink = self;
	int r = log_refresh(sink->log, err);
	if (r == 0)
		r = log_publish(sink->log, err);
	for (size_t i = 0; r == 0 && i < ranges->count; i++) {
		if (!sink->also_group) /* before anything is read; the commit checks again */
			r = log_check_group(sink->log, group, ranges->items[i].topic, err);
		locate_one(sink->log->state, group, &ranges->items[i]);
	}
	return r;
}

static int on_seal(void *self, struct sink_commit *commit, struct strbuf *err)
{
	struct table_sink *sink = self;
	sink->sealed = (struct commit){0};
	int r = commit->records ? sink->ops->seal(sink->rows, &sink->sealed, err) : 0;
	if (r == 0 && sink->ops->say)
		r = sink->ops->say(sink->rows, &sink->sealed, err);
	for (size_t i = 0; r == 0 && i < sink->sealed.nfiles; i++)
		commit->bytes += sink->sealed.files[i]->size;
	return r;
}

static int on_commit(void *self, struct sink_commit *commit, struct strbuf *err)
{
	struct table_sink *sink = self;
	bool all = sink->rejects->count == sink->rejected; /* all records that were read */
	struct commit entry = sink->sealed;
	entry.id = sink->id;
	entry.positions = commit->positions;
	entry.npositions = commit->count;
	entry.nstay = commit->stay;
	entry.marked = commit->marked;
	entry.beside = sink->also_group;
	entry.unchanged = commit->unchanged && all;
	sink->rejected = sink->rejects->count;
	return log_commit(sink->log, &entry, err);
}

static int on_publish(void *self, struct strbuf *err)
{
	struct table_sink *sink = self;
	int r = log_publish(sink->log, err);
	if (r == 0)
		sink->ops->next(sink->rows);
	else
		strbuf_addf(err, ", of version %" PRId64, sink->log->version);
	return r;
}

static int on_discard(void *self, struct strbuf *err)
{
	struct table_sink *sink = self;
	int r = sink->ops->discard(sink->rows, err);
	store_undo(sink->log->store);
	return r;
}

void table_sink_rest(const struct table_sink *sink)
{
	if (sink->ops->rest)
		sink->ops->rest(sink->rows);
}

static int on_figures(void *self, const struct sink_figures *figures, const struct chain *chain, struct strbuf *err)
{
	const struct table_sink *sink = self;
	const struct put_stats all = {.figures = figures,
		.requests = store_counters(sink->log->store),
		.positions = chain->items,
		.npositions = chain->count};
	int r = sink->stats ? stats_write(sink->stats, &all, err) : 0;
	table_sink_rest(sink);
	return r;
}

static void on_describe(void *self, const struct sink_commit *commit, struct strbuf *out)
{
	const struct table_sink *sink = self;
	int64_t version = sink->log->version;
	if (commit)
		strbuf_addf(out, "%zu %s, %" PRIu64 " bytes, version %" PRId64, sink->sealed.nfiles,
			diag_plural(sink->sealed.nfiles, "file", "files"), commit->bytes, version);
	else if (version < 0)
		strbuf_addf(out, "'%s', a new table", sink->log->store->url);
	else
		strbuf_addf(out, "'%s', at version %" PRId64, sink->log->store->url, version);
}

static void on_done(void *self, uint64_t records)
{
	const struct table_sink *sink = self;
	sink->ops->done(sink->rows, records);
	table_sink_rest(sink);
}

const struct sink_ops table_sink_ops = {
	.span = on_span,
	.end = on_end,
	.await_input = on_wait,
	.gathered = on_gathered,
	.start = on_start,
	.table = table_id,
	.locate = on_locate,
	.seal = on_seal,
	.commit = on_commit,
	.publish = on_publish,
	.discard = on_discard,
	.figures = on_figures,
	.describe = on_describe,
	.done = on_done,
};
