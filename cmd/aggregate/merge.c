/* Partial results: see merge.h. */
#include "cmd/aggregate/merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/aggregate/report.h"
#include "cmd/aggregate/saved.h"
#include "common/base/alloc.h"
#include "common/data/base64.h"

int merge_init(struct aggregate *a)
{
	const struct records_opts json = {.format = RECORDS_JSON};
	struct strbuf err = STRBUF_INIT;
	struct expr_field field;
	int r;

	a->compiled = a->rf.records;
	a->rf.records = NULL;
	r = records_new(&a->rf.records, &json, &a->opts->common.filter, &err);
	for (int i = 0; r == 0 && i < 2; i++) {
		r = records_field(&field, i ? ".state" : ".query", &err);
		if (r == 0)
			a->merge_slots[i] = records_add(a->rf.records, &field, &err);
		path_release(&field.path);
	}
	strbuf_release(&err);
	a->merge_block = xcalloc(1, a->query.block_size + 1);
	return r;
}

void merge_release(struct aggregate *a)
{
	free(a->merge_block);
	records_free(a->compiled);
}

/*
 * Join the group in the LEN bytes at S.  0, -EBADMSG, -EPROTONOSUPPORT, -EINVAL (the group exceeds --max-groups),
 * -EDQUOT.
 */
static int join(struct aggregate *a, const char *s, size_t len)
{
	struct stat_in in = {.s = (const unsigned char *)s, .end = (const unsigned char *)s + len};
	struct key_group group;
	bool changed;
	int r = saved_get(&in, &a->query, &group, &changed);

	if (r < 0)
		return r;
	if (group.closed || !window_is(&a->window, group.start_ms, group.end_ms))
		return -EBADMSG;
	if (group.other && a->opts->overflow != OVERFLOW_OTHER)
		return -EINVAL;
	memset(a->merge_block, 0, a->query.block_size);
	query_block_init(&a->query, a->merge_block);
	r = saved_get_block(&in, &a->query, a->merge_block);
	void *block = r == 0 ? store_put(&a->open, &group) : NULL;
	if (block)
		query_block_merge(&a->query, block, a->merge_block);
	query_block_release(&a->query, a->merge_block);
	return r < 0 ? r : block ? 0 : -EDQUOT;
}

int merge_record(struct aggregate *a, const struct value *values, struct flow *flow)
{
	const struct value *query = &values[a->merge_slots[0]], *state = &values[a->merge_slots[1]];
	struct strbuf text = STRBUF_INIT;
	size_t len;

	if (query->type != VALUE_STRING || state->type != VALUE_STRING)
		return report_bad(a, "this is not a partial result", flow);
	if (query->len != strlen(a->emit.query_id) || memcmp(query->s, a->emit.query_id, query->len) != 0) {
		warn("%s: record %llu: this is a partial result of another query", records_input(a->rf.records),
			(unsigned long long)records_number(a->rf.records));
		return EXIT_DATA;
	}
	strbuf_grow(&text, state->len + 4);
	int r = base64_decode(text.s, state->s, state->len, &len);
	if (r == 0)
		r = join(a, text.s, len);
	strbuf_release(&text);
	if (r == -EDQUOT)
		return report_full(a, records_number(a->rf.records));
	if (r == -EINVAL)
		return report_bad(a, "it has records beyond --max-groups: --overflow other joins them", flow);
	if (r == -EPROTONOSUPPORT)
		return report_bad(a, "this partial result is of another version", flow);
	return r < 0 ? report_bad(a, "this partial result is damaged", flow) : 0;
}

int merge_batch(struct aggregate *a, struct flow *flow)
{
	int r = store_close(&a->open, INT64_MAX, false, &a->emit, flow);

	return r ? r : emit_flush(&a->emit, flow);
}
