/* Commits of many tables: see many_commit.h. */
#include "many_commit.h"

#include <errno.h>
#include <inttypes.h>

#include "common/base/killpoint.h"

#define NAMED 5 /* tables in a message */

/* What T has of the commit WHOLE: whether there is anything, and whether that can be. */
static int prepare(struct many_table *t, const struct sink_commit *whole, struct strbuf *err)
{
	const struct table_sink *sink = &t->opened.sink;
	share_release(&t->share);
	share_take(whole, t->name, &t->share);
	bool exact = whole->unchanged && sink->rejects->count == sink->rejected;
	t->commit = (struct sink_commit){.positions = t->share.positions,
		.count = t->share.count,
		.stay = t->share.stay,
		.records = t->rows,
		.marked = whole->marked,
		.unchanged = whole->unchanged};
	t->committed = false;
	t->due = t->rows || t->share.count;
	return whole->marked ? share_check(&t->share, t->name, t->rows, exact, err) : 0;
}

int many_seal(struct many *many, struct sink_commit *commit, struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < many->count; i++)
		r = prepare(many->items[i], commit, err);
	for (size_t i = 0; r == 0 && i < many->count; i++) {
		struct many_table *t = many->items[i];
		if (t->due)
			r = table_sink_ops.seal(&t->opened.sink, &t->commit, err);
		if (r < 0)
			many_name(t, err);
		commit->bytes += t->commit.bytes;
	}
	return r;
}

/* Append the tables that are committed, after a failure. */
static void add_committed(const struct many *many, struct strbuf *err)
{
	size_t n = 0;
	for (size_t i = 0; i < many->count; i++) {
		const struct many_table *t = many->items[i];
		if (t->committed && n++ < NAMED)
			strbuf_addf(
				err, "%s'%s'", n == 1 ? "; committed before that: " : ", ", t->opened.place.store->url);
	}
	if (n > NAMED)
		strbuf_addf(err, " and %zu others", n - NAMED);
}

int many_publish(struct many *many, struct strbuf *err)
{
	int first = 0;
	struct strbuf later = STRBUF_INIT;
	for (size_t i = 0; i < many->count; i++) {
		struct many_table *t = many->items[i];
		int r = t->committed ? table_sink_ops.publish(&t->opened.sink, first ? &later : err) : 0;
		first = first ? first : r;
		if (r < 0 || !t->committed)
			continue;
		t->committed = false;
		t->total_rows += t->rows;
		t->total_bytes += t->commit.bytes;
		t->rows = 0;
	}
	strbuf_release(&later);
	return first;
}

static int discard_but(struct many *many, const struct many_table *but, struct strbuf *err)
{
	int first = 0;
	struct strbuf later = STRBUF_INIT;
	for (size_t i = 0; i < many->count; i++) {
		struct many_table *t = many->items[i];
		int r = t->committed || t == but ? 0 : table_sink_ops.discard(&t->opened.sink, first ? &later : err);
		first = first ? first : r;
	}
	strbuf_release(&later);
	return first;
}

/* The commit of T has returned R, which is not 0: that of others before it stays, and is made visible. */
static int failed(struct many *many, const struct many_table *t, int r, struct strbuf *err)
{
	struct strbuf ignored = STRBUF_INIT;
	many_name(t, err);
	add_committed(many, err);
	int end = many_publish(many, &ignored);
	if (r == SINK_UNKNOWN && end == 0) /* the driver discards nothing then */
		end = discard_but(many, t, &ignored);
	if (end < 0)
		strbuf_addf(err, "; %s", ignored.s);
	strbuf_release(&ignored);
	return r;
}

/* Another process has just committed the id to T, for the reason in ERR. */
static int stored_already(struct many_table *t, struct strbuf *err)
{
	warn("%s: nothing is done for '%s'", err->s, t->opened.place.store->url);
	strbuf_clear(err);
	return table_sink_ops.discard(&t->opened.sink, err);
}

int many_commit(struct many *many, struct strbuf *err)
{
	bool one = false;
	for (size_t i = 0; i < many->count; i++) {
		struct many_table *t = many->items[i];
		if (!t->due)
			continue;
		if (one)
			KILL_POINT("between-tables");
		int r = table_sink_ops.commit(&t->opened.sink, &t->commit, err);
		t->committed = r == 0;
		if (r == -EALREADY)
			r = stored_already(t, err);
		if (r < 0)
			return failed(many, t, r, err);
		one = true;
	}
	return 0;
}

int many_discard(struct many *many, struct strbuf *err)
{
	return discard_but(many, NULL, err);
}

void many_describe(const struct many *many, const struct sink_commit *commit, struct strbuf *out)
{
	size_t files = 0, tables = 0;
	for (size_t i = 0; i < many->count; i++) {
		const struct many_table *t = many->items[i];
		files += t->due ? t->opened.sink.sealed.nfiles : 0;
		tables += t->due;
	}
	strbuf_addf(out, "%zu %s, %" PRIu64 " bytes, %zu %s:", files, diag_plural(files, "file", "files"),
		commit->bytes, tables, diag_plural(tables, "table", "tables"));
	tables = 0;
	for (size_t i = 0; i < many->count; i++) {
		const struct many_table *t = many->items[i];
		if (t->due && tables++ < NAMED)
			strbuf_addf(out, "%s'%s' version %" PRId64, tables > 1 ? ", " : " ", t->name,
				t->opened.log.version);
	}
	if (tables > NAMED)
		strbuf_addf(out, " and %zu others", tables - NAMED);
}
