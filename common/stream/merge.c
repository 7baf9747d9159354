/* Merging inputs by time: see merge.h. */
#include "common/stream/merge.h"

#include <stdlib.h>

#include "common/base/alloc.h"

void merge_release(struct merge *m)
{
	free(m->inputs);
	free(m->heap);
	*m = (struct merge){0};
}

void merge_begin(struct merge *m, size_t count)
{
	merge_release(m);
	m->inputs = xcalloc(count + 1, sizeof *m->inputs);
	m->heap = xcalloc(count + 1, sizeof *m->heap);
	m->count = m->awaited = count;
}

static bool before(const struct merge *m, size_t a, size_t b)
{
	const struct merge_input *x = &m->inputs[a], *y = &m->inputs[b];
	return x->ms != y->ms ? x->ms < y->ms : x->turn < y->turn;
}

/* Input I belongs at PLACE or deeper in the heap: sift it down; returns its place. */
static size_t sink(struct merge *m, size_t place, size_t i)
{
	for (size_t child; (child = 2 * place + 1) < m->ready; place = child) {
		if (child + 1 < m->ready && before(m, m->heap[child + 1], m->heap[child]))
			child++;
		if (before(m, i, m->heap[child]))
			break;
		m->heap[place] = m->heap[child];
	}
	m->heap[place] = i;
	return place;
}

/* Input I belongs at PLACE or higher in the heap: sift it up. */
static void rise(struct merge *m, size_t place, size_t i)
{
	for (; place && before(m, i, m->heap[(place - 1) / 2]); place = (place - 1) / 2)
		m->heap[place] = m->heap[(place - 1) / 2];
	m->heap[place] = i;
}

/* The place of input I, which is ready, in the heap: usually the top. */
static size_t place_of(const struct merge *m, size_t i)
{
	size_t place = 0;
	while (m->heap[place] != i)
		place++;
	return place;
}

static void leave_heap(struct merge *m, size_t i)
{
	size_t place = place_of(m, i), last = m->heap[--m->ready];
	if (last != i)
		rise(m, sink(m, place, last), last);
}

static void enter_state(struct merge *m, size_t i, enum merge_state state)
{
	m->awaited -= m->inputs[i].state == MERGE_AWAITED;
	m->awaited += state == MERGE_AWAITED;
	m->inputs[i].state = state;
}

void merge_ready(struct merge *m, size_t i, int64_t ms)
{
	struct merge_input *input = &m->inputs[i];
	bool again = input->state == MERGE_READY;
	if (again && m->heap[0] != i) {
		leave_heap(m, i);
		again = false;
	}
	input->ms = ms < 0 ? MERGE_NO_TIME : ms;
	input->turn = m->turns++;
	if (again) { /* its record was taken, and its next one is usually later */
		(void)sink(m, 0, i);
		return;
	}
	enter_state(m, i, MERGE_READY);
	rise(m, m->ready++, i);
}

void merge_without(struct merge *m, size_t i, enum merge_state state)
{
	if (m->inputs[i].state == MERGE_READY)
		leave_heap(m, i);
	enter_state(m, i, state);
}

bool merge_next(const struct merge *m, size_t *ret)
{
	if (!m->ready || (m->awaited && m->inputs[m->heap[0]].ms != MERGE_NO_TIME))
		return false;
	*ret = m->heap[0];
	return true;
}

bool merge_waits(const struct merge *m, size_t *ret)
{
	size_t next;
	if (!m->ready || merge_next(m, &next))
		return false;
	for (*ret = 0; m->inputs[*ret].state != MERGE_AWAITED; ++*ret)
		;
	return true;
}
