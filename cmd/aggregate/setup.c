/* A run of aggregate: its beginning and its end.  See aggregate.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/aggregate/merge.h"
#include "cmd/aggregate/saved.h"
#include "cmd/aggregate/state.h"
#include "common/base/alloc.h"
#include "common/stat/hash64.h"

static int refuse(struct strbuf *err, const char *what)
{
	strbuf_addstr(err, what);
	return -EINVAL;
}

static int init_clock(struct aggregate *a, const char *text, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = when_init(&a->clock.when, text, a->rf.records, &why);

	if (r < 0)
		strbuf_addf(err, "--time: %s", why.s);
	strbuf_release(&why);
	return r;
}

/* Without --lateness no window is closed before the end of the input. */
static int check_lateness(struct aggregate *a, struct strbuf *err)
{
	const struct aggregate_opts *o = a->opts;

	if (o->lateness_ms >= 0 || o->merge)
		return 0;
	a->rf.no_marks = "--window in a marked stream, which has no end, needs --lateness DURATION, such as 10s: how "
			 "far records "
			 "may be behind the latest one";
	if (o->late)
		return refuse(
			err, "--late needs --lateness: without it windows stay open to the end, and no record is late");
	if (o->checkpoint.dir && strcmp(o->checkpoint.dir, "none") != 0)
		return refuse(err, "--state needs --lateness: without it no window would ever be closed");
	return 0;
}

static int init_window(struct aggregate *a, struct strbuf *err)
{
	const struct aggregate_opts *o = a->opts;

	if (!o->window) {
		if (o->time || o->late || o->lateness_ms >= 0 || o->watermark || o->when || o->future.given ||
			o->checkpoint.dir)
			return refuse(err,
				"--time, --lateness, --watermark, --late, --emit, --max-ahead and --state are "
				"for --window");
		return 0;
	}
	if (!o->time && !o->merge)
		return refuse(err, "--window needs --time, the field with the time of a record");
	if (strncmp(o->window, "tumbling", 8) != 0 && saved_not_joined(&a->query)) {
		strbuf_addf(
			err, "%s cannot be joined, as sliding and session windows need", saved_not_joined(&a->query));
		return -EINVAL;
	}
	int r = check_lateness(a, err);
	if (r == 0)
		r = window_parse(&a->window, o->window, err);
	if (r == 0 && o->common.records.tz)
		window_from_mondays(&a->window);
	if (r == 0 && a->window.kind != WINDOW_SESSION && time_zone_is_set())
		r = window_clock_init(&a->wall, &a->window);
	if (r == 0 && !o->merge)
		r = init_clock(a, o->time, err);
	watermark_init(&a->watermark, o->lateness_ms);
	a->keeps_late = o->late && strcmp(o->late, "emit") == 0;
	if (o->when == WHEN_UPDATE)
		query_track(&a->query);
	return r;
}

static int check_batch_time(const struct aggregate *a, struct strbuf *err)
{
	const struct aggregate_opts *o = a->opts;

	if (o->batch_time && o->window)
		return refuse(err, "--batch-time cannot be combined with --window, whose rows have times of their own");
	if (o->batch_time && (o->emit.partial || o->merge))
		return refuse(err, "--batch-time cannot be combined with --partial or --merge: what is joined comes "
				   "from several batches");
	return 0;
}

static int check_partial(const struct aggregate *a, struct strbuf *err)
{
	const struct aggregate_opts *o = a->opts;
	const char *metric = saved_not_joined(&a->query);

	if ((o->emit.partial || o->merge) && metric) {
		strbuf_addf(err, "%s cannot be joined, so there are no partial results of it", metric);
		return -EINVAL;
	}
	if (o->emit.partial && (o->when || o->emit.having || o->emit.sort || o->emit.limit != UINT64_MAX))
		return refuse(err,
			"--partial cannot be combined with --emit, --having, --sort or -n: no group may be missing");
	if (o->merge && (o->when || o->late || o->lateness_ms >= 0 || o->watermark || o->future.given ||
				o->checkpoint.dir || o->common.records.header))
		return refuse(err,
			"--merge cannot be combined with --emit, --late, --lateness, --watermark, --max-ahead, "
			"--state or --header");
	return 0;
}

static unsigned columns(const struct aggregate *a)
{
	unsigned set = a->window.kind ? EMIT_WINDOW : a->opts->batch_time ? EMIT_BATCH : 0;

	if (a->opts->emit.partial)
		return set;
	set |= a->opts->overflow == OVERFLOW_OTHER ? EMIT_OTHER : 0;
	set |= a->opts->when != WHEN_FINAL ? EMIT_FINAL : 0;
	return set | (a->keeps_late ? EMIT_LATE : 0);
}

/* Computed values do not stay valid, so records with such values cannot be queued. */
static bool can_queue(const struct query *q)
{
	for (size_t i = 0; i < q->accum_count; i++)
		if (q->accums[i].value->expr && q->accums[i].slot < 0)
			return false;
	return true;
}

/* Everything is compiled: create the store of the groups. */
static int init_stores(struct aggregate *a)
{
	int r = hash_seed_random(&a->set.seed);

	a->set.query = &a->query;
	a->set.max_groups = a->opts->max_groups;
	a->set.other = a->opts->overflow == OVERFLOW_OTHER;
	if (r < 0)
		return r;
	if (a->opts->strict && record_filter_goes_on(&a->rf) && !a->opts->merge)
		a->trial = xcalloc(1, a->query.block_size + 1);
	a->queues = can_queue(&a->query);
	queue_init(&a->queue, &a->query);
	store_init(&a->open, &a->window, &a->set, a->opts->merge);
	if (a->keeps_late)
		store_init(&a->late, &a->window, &a->set, false);
	return 0;
}

/* The zone of windows; those that begin on Mondays are not the ones of earlier states and partial results. */
static void add_zone(struct strbuf *out, const struct aggregate *a, const char *before)
{
	if (a->wall.zone || a->window.origin_ms)
		strbuf_addf(
			out, "%s%s%s", before, a->opts->common.records.tz, a->window.origin_ms ? " from Mondays" : "");
}

/* Compute the identity that all partial results must share. */
static void identify(struct aggregate *a)
{
	struct strbuf text = STRBUF_INIT;

	saved_query(&text, &a->query);
	strbuf_addf(&text, "; %d %lld %lld", (int)a->window.kind, (long long)a->window.size_ms,
		(long long)a->window.step_ms);
	add_zone(&text, a, " ");
	snprintf(a->emit.query_id, sizeof a->emit.query_id, "%016llx",
		(unsigned long long)stat_hash64(text.s, text.len));
	strbuf_release(&text);
}

/* Watch the fields of E; SLOT is that of its value if it is a field, else -1. */
static void watch_expr(struct aggregate *a, const struct expr *e, int slot)
{
	for (size_t i = 0; i < expr_fields(e); i++)
		unseen_add(&a->rf.unseen, expr_field(e, i), slot >= 0 ? slot : expr_slot(e, i));
}

/*
 * If no record has the key's field, all records are one group; if none has the field of a sum, the sum is null.  That
 * may be intended.
 */
static void watch(struct aggregate *a)
{
	const struct query *q = &a->query;

	for (size_t i = 0; i < q->keys.count; i++) {
		const struct fields_entry *e = &q->keys.all[i];
		if (!e->expr)
			unseen_add(&a->rf.unseen, &e->field, e->slot);
		else
			watch_expr(a, e->expr, -1);
	}
	for (size_t i = 0; i < q->value_count; i++) {
		const struct accum_value *v = q->values[i];
		if (v->expr)
			watch_expr(a, v->expr, v->slot);
	}
}

int aggregate_init(
	struct aggregate *a, const struct aggregate_opts *opts, char **operands, char **last, struct strbuf *err)
{
	a->opts = opts;
	query_init(&a->query);
	strbuf_init(&a->emit.order);
	int n = 0, r = 0;
	if (opts->by) {
		r = fields_add(&a->query.keys, opts->by, a->rf.records, err);
		if (r < 0)
			strbuf_addstr(err, " (-g)");
	}
	if (r == 0)
		n = query_metrics(&a->query, operands, last, a->rf.records, err);
	if (r < 0 || n <= 0)
		return r < 0 ? r : n;
	r = init_window(a, err);
	if (r == 0)
		r = check_partial(a, err);
	if (r == 0)
		r = check_batch_time(a, err);
	if (r == 0)
		r = emit_init(&a->emit, &opts->emit, &a->query, columns(a), err);
	a->emit.strict = opts->strict;
	a->emit.wall = &a->wall;
	if (r == 0 && !opts->merge)
		watch(a);
	if (r == 0)
		r = init_stores(a);
	if (r == 0)
		identify(a);
	if (r == 0 && opts->merge)
		r = merge_init(a);
	return r < 0 ? r : n;
}

int aggregate_open(struct aggregate *a, char **operands)
{
	const struct aggregate_opts *o = a->opts;
	struct strbuf text = STRBUF_INIT;

	saved_query(&text, &a->query);
	strbuf_addf(&text, "; window %s; time ", o->window ? o->window : "");
	for (const char *s = o->time ? o->time : ""; *s; s++)
		strbuf_addch(&text, *s == '\n' ? ' ' : *s);
	strbuf_addf(&text, "; lateness %lld; emit %d", (long long)o->lateness_ms, o->when);
	add_zone(&text, a, "; tz ");
	const char *windows = a->window.kind && !o->merge ? "--window" : NULL;
	int r = record_filter_state(&a->rf, &o->checkpoint, &state_form, a, text.s, windows);
	strbuf_release(&text);
	if (r != OPT_GO || a->keeps_late || !o->late || strcmp(o->late, "drop") == 0)
		return r;
	return record_filter_aside(&a->rf, "--late", o->late, operands);
}

void aggregate_release(struct aggregate *a)
{
	merge_release(a);
	free(a->trial);
	queue_release(&a->queue);
	store_release(&a->open);
	store_release(&a->late);
	emit_release(&a->emit);
	query_release(&a->query);
	window_clock_release(&a->wall);
	when_release(&a->clock.when);
	for (int i = 0; i < FAULTS; i++) {
		free(a->first_fault[i].metric);
		free(a->first_fault[i].input);
	}
}
