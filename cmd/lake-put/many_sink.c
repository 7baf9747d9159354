/* Many tables as one sink: see many_sink.h. */
#include "many_sink.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "many_commit.h"
#include "stats.h"

static int on_span(
	void *self, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	struct many_sink *sink = self;
	return many_rows_span(&sink->rows, place, s, len, flow, err);
}

/* MARK ends a batch: each table with rows of it must have read something of it. */
static int check_batch(struct many *many, const struct mark *mark, struct strbuf *err)
{
	struct mark_ranges ranges = {0};
	int r = mark->kind == MARK_BATCH ? ranges_read(mark, &ranges, err) : 0;
	for (size_t i = 0; r == 0 && i < many->count; i++) {
		struct many_table *t = many->items[i];
		const struct share share = {.count = share_moves(&ranges, t->name)};
		r = share_check(&share, t->name, t->batch_rows, false, err);
		t->batch_rows = 0;
	}
	ranges_release(&ranges);
	return r;
}

static int on_gathered(void *self, const struct mark *mark)
{
	struct many_sink *sink = self;
	struct strbuf err = STRBUF_INIT;
	int status = rejects_batch(sink->many.common->rejects, mark);
	int r = status || !mark ? 0 : check_batch(&sink->many, mark, &err);
	if (r < 0)
		warn("batch %" PRIu64 ": %s", mark->batch, err.s);
	strbuf_release(&err);
	return r < 0 ? (int)diag_status(r) : status;
}

static int on_start(void *self, const char *group, bool *ret_began, struct strbuf *err)
{
	const struct many_sink *sink = self;
	return many_knows_group(&sink->many, group, ret_began, err);
}

/* --- positions ---------------------------------------------------------------------------------------------------- */

/* How many of the RANGES from FIRST on are of its topic. */
static size_t same_topic(const struct mark_ranges *ranges, size_t first)
{
	size_t n = 1;
	while (first + n < ranges->count && strcmp(ranges->items[first + n].topic, ranges->items[first].topic) == 0)
		n++;
	return n;
}

/* The table of TOPIC, opened if need be. */
static int table_of(struct many *many, const char *topic, struct many_table **ret, struct strbuf *err)
{
	size_t len = strlen(topic);
	struct strbuf why = STRBUF_INIT;
	*ret = many_find(many, topic, len);
	int r = *ret ? 0 : route_check(many->route, topic, len, &why);
	if (r < 0) {
		strbuf_addf(err, "the topic '%s' %s", topic, why.s);
		r = -EINVAL;
	} else if (!*ret) {
		r = many_open(many, topic, ret);
	}
	strbuf_release(&why);
	return r;
}

/* There is a table for each topic: are these too many? */
static int check_count(const struct many *many, const struct mark_ranges *ranges, struct strbuf *err)
{
	uint64_t topics = 0;
	for (size_t i = 0; i < ranges->count; i += same_topic(ranges, i))
		topics++;
	if (topics <= many->max)
		return 0;
	strbuf_addf(err, "%" PRIu64 " topics need as many tables, and --max-tables allows %" PRIu64, topics, many->max);
	return -EINVAL;
}

static int on_locate(void *self, const char *group, struct mark_ranges *ranges, struct strbuf *err)
{
	struct many_sink *sink = self;
	struct many *many = &sink->many;
	int r = check_count(many, ranges, err);
	size_t n;
	if (!many->count) /* the memory is divided by what the first question names */
		many->expected = 0;
	for (size_t i = 0; r == 0 && !many->count && i < ranges->count; i += same_topic(ranges, i))
		many->expected++;
	for (size_t i = 0; r == 0 && i < ranges->count; i += n) {
		struct many_table *t;
		n = same_topic(ranges, i);
		r = table_of(many, ranges->items[i].topic, &t, err);
		struct mark_ranges of_topic = {.items = ranges->items + i, .count = n};
		if (r == 0)
			r = table_sink_ops.locate(&t->opened.sink, group, &of_topic, err);
	}
	return r;
}

/* --- commits ------------------------------------------------------------------------------------------------------ */

static int on_seal(void *self, struct sink_commit *commit, struct strbuf *err)
{
	struct many_sink *sink = self;
	return many_seal(&sink->many, commit, err);
}

static int on_commit(void *self, struct sink_commit *commit, struct strbuf *err)
{
	struct many_sink *sink = self;
	(void)commit;
	return many_commit(&sink->many, err);
}

static int on_publish(void *self, struct strbuf *err)
{
	struct many_sink *sink = self;
	return many_publish(&sink->many, err);
}

static int on_discard(void *self, struct strbuf *err)
{
	struct many_sink *sink = self;
	return many_discard(&sink->many, err);
}

/* --- notes -------------------------------------------------------------------------------------------------------- */

/* Tables do what can wait. */
static void rest(const struct many *many)
{
	for (size_t i = 0; i < many->count; i++)
		table_sink_rest(&many->items[i]->opened.sink);
}

static int on_figures(void *self, const struct sink_figures *figures, const struct chain *chain, struct strbuf *err)
{
	struct many_sink *sink = self;
	struct many *many = &sink->many;
	struct stats_table *tables = sink->stats ? xcalloc(many->count, sizeof *tables) : NULL;
	for (size_t i = 0; tables && i < many->count; i++) {
		const struct many_table *t = many->items[i];
		tables[i] = (struct stats_table){t->name, t->total_rows, t->total_bytes};
	}
	const struct put_stats all = {.figures = figures,
		.requests = many_counters(many),
		.positions = chain->items,
		.npositions = chain->count,
		.tables = tables,
		.ntables = many->count};
	int r = tables ? stats_write(sink->stats, &all, err) : 0;
	free(tables);
	rest(many);
	return r;
}

static void on_describe(void *self, const struct sink_commit *commit, struct strbuf *out)
{
	const struct many_sink *sink = self;
	const struct route *route = sink->many.route;
	if (commit)
		many_describe(&sink->many, commit, out);
	else
		strbuf_addf(out, "'%s{%s}%s', a table for each value", route->before, route->text, route->after);
}

static void on_done(void *self, uint64_t records)
{
	const struct many_sink *sink = self;
	(void)records;
	for (size_t i = 0; i < sink->many.count; i++) {
		struct many_table *t = sink->many.items[i];
		table_sink_ops.done(&t->opened.sink, t->total_rows);
	}
}

const struct sink_ops many_sink_ops = {
	.span = on_span,
	.gathered = on_gathered,
	.start = on_start,
	.locate = on_locate,
	.seal = on_seal,
	.commit = on_commit,
	.publish = on_publish,
	.discard = on_discard,
	.figures = on_figures,
	.describe = on_describe,
	.done = on_done,
};
