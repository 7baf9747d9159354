/* Byte sets: the levels agree on any set and any input, whole and in two pieces. */
#include "common/base/byteset.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct result {
	char *out;
	uint32_t *found, *edges;
	size_t out_len, found_count, edge_count;
	bool in_run;
};

static void run(const struct byteset *set, const char *in, size_t len, size_t cut, struct result *r)
{
	bool squeezed = cut % 2, ran = squeezed;
	r->out = malloc(len + BYTESET_PADDING);
	r->found = malloc((len + BYTESET_PADDING) * sizeof *r->found);
	r->edges = malloc((len + BYTESET_PADDING) * sizeof *r->edges);
	r->out_len = byteset_squeeze(set, in, cut, '|', len % 2, &squeezed, r->out);
	r->out_len += byteset_squeeze(set, in + cut, len - cut, '|', len % 2, &squeezed, r->out + r->out_len);
	r->found_count = byteset_find(set, in, len, r->found);
	r->edge_count = byteset_edges(set, in, cut, &ran, r->edges);
	size_t first = r->edge_count;
	r->edge_count += byteset_edges(set, in + cut, len - cut, &ran, r->edges + first);
	for (size_t i = first; i < r->edge_count; i++)
		r->edges[i] += (uint32_t)cut;
	if (ran != squeezed)
		abort();
	r->in_run = ran;
}

static void release(struct result *r)
{
	free(r->out);
	free(r->found);
	free(r->edges);
}

static void must_equal(const struct result *a, const struct result *b)
{
	if (a->out_len != b->out_len || memcmp(a->out, b->out, a->out_len) != 0 || a->in_run != b->in_run)
		abort();
	if (a->found_count != b->found_count || memcmp(a->found, b->found, a->found_count * sizeof *a->found) != 0)
		abort();
	if (a->edge_count != b->edge_count || memcmp(a->edges, b->edges, a->edge_count * sizeof *a->edges) != 0)
		abort();
}

/* The first byte is how many members follow, the next one where the input is cut. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct byteset set;
	struct result expected, seen;
	if (size < 2 || size - 2 < data[0])
		return 0;
	byteset_init(&set, (const char *)data + 2, data[0]);
	size_t len = size - 2 - data[0], cut = data[1] < len ? data[1] : len;
	char *in = calloc(len + BYTESET_PADDING, 1);
	memcpy(in, data + 2 + data[0], len);
	for (int level = 0; level < BYTESET_LEVELS; level++) {
		if (byteset_use(&set, (enum byteset_level)level) < 0)
			continue;
		run(&set, in, len, cut, level ? &seen : &expected);
		if (!level)
			continue;
		must_equal(&seen, &expected);
		release(&seen);
	}
	release(&expected);
	free(in);
	return 0;
}
