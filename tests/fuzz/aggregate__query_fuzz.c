/*
 * Metrics of aggregate, their records, and its partial results: the first line is metrics, with blanks between, the
 * rest records of JSON, and a saved group.  A metric that is refused must have a reason.  A group that is accepted, or
 * that was made from records, must be saved as the same bytes again, also after it was joined to an empty one, and it
 * must be printable.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/aggregate/saved.h"
#include "common/base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(const struct query *q, const struct key_group *group, const uint8_t *data, size_t size)
{
	struct strbuf again = STRBUF_INIT;

	saved_put(&again, q, group);
	if (again.len != size || memcmp(again.s, data, size) != 0)
		abort();
	strbuf_release(&again);
}

static void load(struct query *q, const uint8_t *data, size_t size)
{
	struct stat_in in = {.s = data, .end = data + size};
	struct key_group group;
	bool changed;
	struct result_row row;
	struct strbuf err = STRBUF_INIT;
	char *block = xcalloc(2, q->block_size + 8), *into = block + q->block_size;

	row_init(&row);
	row.seconds = 1;
	query_block_init(q, block);
	query_block_init(q, into);
	int r = saved_get(&in, q, &group, &changed);
	if (r == 0 && group.closed && in.s == in.end) {
		check_again(q, &group, data, size);
	} else if (r == 0 && !group.closed && saved_get_block(&in, q, block) == 0) {
		group.block = block;
		check_again(q, &group, data, size);
		if (!saved_not_joined(q)) {
			query_block_merge(q, into, block);
			group.block = into;
			check_again(q, &group, data, size);
		}
		if (query_metric_columns(q, &row, &err) == 0)
			query_block_put(q, block, &row);
	}
	query_block_release(q, block);
	query_block_release(q, into);
	free(block);
	row_release(&row);
	strbuf_release(&err);
}

/* The records of JSON make a group that can be saved and loaded.  They end with the delimiter, as all in a span do. */
static void add(struct query *q, struct records *r, const char *s, size_t len)
{
	struct flow flow = {.inputs = 1, .input = "x"};
	struct strbuf text = STRBUF_INIT, bytes = STRBUF_INIT;
	void *block = xcalloc(1, q->block_size + 8);
	struct key_group saved = {.key = "", .block = block};
	const char *rec;
	int n;

	strbuf_add(&text, s, len);
	strbuf_addch(&text, '\n');
	query_block_init(q, block);
	records_span(r, text.s, text.len, &flow);
	while ((n = records_next(r, &rec, &len)) != 0)
		if (n > 0)
			query_block_add(q, block, records_values(r));
	saved_put(&bytes, q, &saved);
	load(q, (const uint8_t *)bytes.s, bytes.len);
	query_block_release(q, block);
	free(block);
	strbuf_release(&text);
	strbuf_release(&bytes);
}

/* The metrics of LINE, which is changed.  0, or as query_metrics(). */
static int parse(struct query *q, char *line, struct records *r, struct strbuf *err)
{
	char *words[8], *rest = NULL;
	int n = 0;

	for (char *s = strtok_r(line, " ", &rest); s && n < 8; s = strtok_r(NULL, " ", &rest))
		words[n++] = s;
	return query_metrics(q, words, words + n, r, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	size_t len = end ? (size_t)(end - data) : size;
	char *line = xstrndup((const char *)data, len);
	const struct records_opts opts = {.format = RECORDS_JSON};
	const struct filter_opts filter = {0};
	struct strbuf err = STRBUF_INIT;
	struct records *r = NULL;
	struct query q;

	query_init(&q);
	if (records_new(&r, &opts, &filter, &err) < 0)
		abort();
	int n = parse(&q, line, r, &err);
	if ((n < 0) != (err.len > 0))
		abort();
	if (n > 0 && end) {
		load(&q, end + 1, size - len - 1);
		add(&q, r, (const char *)end + 1, size - len - 1);
	}
	query_release(&q);
	records_free(r);
	strbuf_release(&err);
	free(line);
	return 0;
}
