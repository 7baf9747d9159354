/* The output, from groups to rows: see emit.h. emit_init.c makes its columns. */
#include "cmd/aggregate/emit.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/aggregate/emit_impl.h"
#include "cmd/aggregate/saved.h"
#include "common/base/alloc.h"
#include "common/base/diag.h"
#include "common/data/base64.h"
#include "common/data/keys.h"

void emit_begin(struct emit *e, double seconds, bool final, bool late, bool changed)
{
	e->count = 0;
	e->seconds = seconds;
	e->final = final;
	e->late = late;
	e->changed = changed;
}

/* The columns query and state. */
static void put_partial(struct emit *e, const struct key_group *group)
{
	struct strbuf *text = row_text(&e->row, e->metrics_at);

	strbuf_addstr(text, e->query_id);
	row_done(&e->row, e->metrics_at, VALUE_STRING);
	strbuf_clear(&e->scratch);
	saved_put(&e->scratch, e->query, group);
	text = row_text(&e->row, e->metrics_at + 1);
	char *start = strbuf_grow(text, BASE64_SIZE(e->scratch.len));
	strbuf_extend(text, base64_encode(start, e->scratch.s, e->scratch.len));
	row_done(&e->row, e->metrics_at + 1, VALUE_STRING);
}

/* Compute the row of GROUP. */
static void make_row(struct emit *e, const struct key_group *group)
{
	const bool flags[] = {group->other, e->final, e->late};
	size_t at = e->flags_at;

	e->row.seconds = e->seconds;
	if (e->columns & EMIT_WINDOW) {
		int64_t start_ms = window_clock_time(e->wall, group->start_ms);
		int64_t end_ms = window_clock_time(e->wall, group->end_ms);
		row_time(&e->row, 0, start_ms);
		row_time(&e->row, 1, end_ms);
		e->row.seconds = (double)(end_ms - start_ms) / 1000;
	} else if (e->columns & EMIT_BATCH) {
		row_time(&e->row, 0, e->batch_ms[0]);
		row_time(&e->row, 1, e->batch_ms[1]);
	}
	query_put_key(e->query, group->key, group->other ? 0 : group->key_len, &e->row, e->key_at);
	if (e->partial)
		put_partial(e, group);
	else
		query_block_put(e->query, group->block, &e->row);
	for (unsigned i = 0; i < 3; i++)
		if (e->columns & EMIT_OTHER << i)
			row_bool(&e->row, at++, flags[i]);
}

/* Make the key by which ITEM is sorted: the values of the columns, in the form of keys.h. */
static void make_order(struct emit *e, struct emit_item *item)
{
	strbuf_clear(&e->order);
	for (size_t i = 0; i < e->sort_count; i++)
		key_add(&e->order, &e->row.values[e->sort[i].column]);
	char *copy = arena_bytes(&e->orders, e->order.len);
	memcpy(copy, e->order.s, e->order.len);
	item->order = copy;
	item->order_len = (uint32_t)e->order.len;
	item->prefix = key_prefix(copy, e->order.len);
	if (e->sort[0].descending)
		item->prefix = ~item->prefix;
}

/* Whether --having holds for the row.  If it could not be computed, the row is counted and not written. */
static bool holds(struct emit *e)
{
	uint64_t faults = expr_fault(e->having)->count;
	bool held = expr_test(e->having, e->row.values);

	e->undecided += expr_fault(e->having)->count != faults;
	return held;
}

void emit_add(void *emit, const struct key_group *group)
{
	struct emit *e = emit;
	struct emit_item item = {.group = *group};

	if (e->changed && !*query_block_changed(e->query, group->block))
		return;
	if (e->having || e->sort)
		make_row(e, group);
	if (e->having && !holds(e))
		return;
	if (e->sort)
		make_order(e, &item);
	else
		item.prefix = key_prefix(group->key, group->key_len);
	if (e->count == e->room) {
		e->room = e->room ? 2 * e->room : 64;
		e->items = xreallocarray(e->items, e->room, sizeof *e->items);
	}
	e->items[e->count++] = item;
}

static int compare_orders(const struct emit *e, const struct emit_item *a, const struct emit_item *b)
{
	const char *s = a->order, *t = b->order;
	size_t s_len = a->order_len, t_len = b->order_len;
	struct value x, y;

	for (size_t i = 0; i < e->sort_count; i++) {
		if (key_next(&s, &s_len, &x) <= 0 || key_next(&t, &t_len, &y) <= 0)
			break;
		int r = key_value_compare(&x, &y);
		if (r)
			return e->sort[i].descending ? -r : r;
	}
	return 0;
}

static bool same_window(const struct key_group *a, const struct key_group *b)
{
	return a->start_ms == b->start_ms && a->end_ms == b->end_ms;
}

/* The group of the records beyond --max-groups comes last. */
static int compare_items(const void *x, const void *y, void *arg)
{
	const struct emit_item *a = x, *b = y;
	const struct key_group *g = &a->group, *h = &b->group;
	const struct emit *e = arg;

	if (g->end_ms != h->end_ms)
		return g->end_ms < h->end_ms ? -1 : 1;
	if (g->start_ms != h->start_ms)
		return g->start_ms < h->start_ms ? -1 : 1;
	if (g->other != h->other)
		return g->other - h->other;
	if (a->prefix != b->prefix)
		return a->prefix < b->prefix ? -1 : 1;
	int r = e->sort ? compare_orders(e, a, b) : 0;
	return r ? r : key_compare(g->key, g->key_len, h->key, h->key_len);
}

int emit_end(struct emit *e, struct flow *flow)
{
	int r = 0;

	if (e->strict && e->undecided) {
		warn("--having: %s", expr_fault(e->having)->what);
		return EXIT_DATA;
	}
	if (e->count)
		qsort_r(e->items, e->count, sizeof *e->items, compare_items, e);
	r = emit_write_begin(e, flow);
	uint64_t n = 0;
	for (size_t i = 0; i < e->count && !r; i++) {
		const struct emit_item *item = &e->items[i];
		n = i && same_window(&item->group, &item[-1].group) ? n + 1 : 0;
		if (n >= e->limit)
			continue;
		make_row(e, &item->group);
		r = emit_write_row(e, flow);
	}
	e->count = 0;
	arena_release(&e->orders);
	return r;
}
