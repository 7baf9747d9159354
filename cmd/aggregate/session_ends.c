/* When sessions end: see session_ends.h. */
#include "cmd/aggregate/session_ends.h"

#include <stdlib.h>

#include "common/base/alloc.h"

/* Move the first end down to its place in the heap. */
static void sift_down(struct session_ends *ends)
{
	struct session_end end = ends->heap[0];
	size_t i = 0;

	for (size_t child; (child = 2 * i + 1) < ends->count; i = child) {
		if (child + 1 < ends->count && ends->heap[child + 1].end_ms < ends->heap[child].end_ms)
			child++;
		if (ends->heap[child].end_ms >= end.end_ms)
			break;
		ends->heap[i] = ends->heap[child];
	}
	ends->heap[i] = end;
}

void session_ends_push(struct session_ends *ends, struct session_end end)
{
	if (ends->count == ends->room) {
		ends->room = ends->room ? 2 * ends->room : 64;
		ends->heap = xreallocarray(ends->heap, ends->room, sizeof *ends->heap);
	}
	size_t i = ends->count++;
	for (; i && ends->heap[(i - 1) / 2].end_ms > end.end_ms; i = (i - 1) / 2)
		ends->heap[i] = ends->heap[(i - 1) / 2];
	ends->heap[i] = end;
}

void session_ends_pop(struct session_ends *ends)
{
	ends->heap[0] = ends->heap[--ends->count];
	if (ends->count)
		sift_down(ends);
}

void session_ends_delay(struct session_ends *ends, int64_t end_ms)
{
	ends->heap[0].end_ms = end_ms;
	sift_down(ends);
}

void session_ends_release(struct session_ends *ends)
{
	free(ends->heap);
	*ends = (struct session_ends){0};
}
