/* Writing records: see put.h. */
#include "cmd/map/put.h"

#include <string.h>

#include "cmd/map/load.h"

/* The names of the row's members, each with its length before it. */
static void list_names(const struct row *row, struct strbuf *out, size_t *ret_count)
{
	*ret_count = 0;
	for (size_t i = 0; i < row->count; i++) {
		const struct row_member *m = &row->m[i];
		if (m->gone)
			continue;
		strbuf_add(out, &m->name_len, sizeof m->name_len);
		strbuf_add(out, m->name, m->name_len);
		++*ret_count;
	}
}

/* Bring the members into the order of the columns.  False: one of them is not a column. */
static bool order(struct mapper *m)
{
	struct row *row = &m->row;
	const char *s = m->columns.s;
	size_t count = row->count, found = 0, there = 0, len;

	for (size_t i = 0; i < count; i++)
		there += !row->m[i].gone;
	for (size_t i = 0; i < m->column_count; i++) {
		memcpy(&len, s, sizeof len);
		s += sizeof len;
		struct row_member *old = row_find_name(row, s, len),
				  copy = {.v.type = VALUE_NULL, .set = true, .read = true};
		if (old) {
			copy = *old;
			old->gone = true;
			found++;
		}
		copy.name = s;
		copy.name_len = len;
		copy.gone = false;
		struct row_member *added = row_add_name(row, s, len);
		*added = copy;
		s += len;
	}
	row->changed = true;
	return found == there;
}

/* The columns of TSV or CSV that is made of JSON: those of the first record. */
static int columns_of_json(struct mapper *m, struct flow *flow, bool *ret_good)
{
	*ret_good = true;
	row_keep_last(&m->row);
	if (!m->columns_known) {
		m->columns_known = true;
		list_names(&m->row, &m->columns, &m->column_count);
		if (!m->header_out)
			return 0;
		strbuf_clear(&m->out);
		row_write_names(&m->row, m->output == RECORDS_CSV, m->delim, &m->out);
		return flow_put(flow, m->out.s, m->out.len);
	}
	*ret_good = order(m);
	if (*ret_good)
		return 0;
	return record_filter_refuse(
		&m->rf, NULL, "it has a field that the first record lacks, so there is no column for it", flow);
}

/* Whether the bytes would end the record early: TSV has no escape for NUL, and CSV may hold a line only where one is
 * allowed. */
static bool breaks(const struct mapper *m, const struct flow *flow)
{
	bool risk = m->output == RECORDS_TSV ? m->delim != '\n' : flow->input_marked || m->output == RECORDS_JSON;

	return risk && memchr(m->out.s, m->delim, m->out.len);
}

/* JSON of columns that no statement has changed: as a rule no row is needed. */
static bool make_values(struct mapper *m)
{
	const struct row *row = &m->row;
	size_t count;

	if (row->loaded || row->json || m->output != RECORDS_JSON)
		return false;
	const struct value *values = records_row(m->rf.records, &count), *names = row->named ? m->names : NULL;
	strbuf_clear(&m->out);
	return (records_plain(m->rf.records) && row_write_plain(row, values, count, names, &m->out)) ||
	       row_write_values(row, values, count, names, &m->out);
}

void put_accept(struct mapper *m)
{
	m->written++;
	dedupe_accept(&m->dedupe);
}

/* Write the record in m->out. */
static int put_made(struct mapper *m, struct flow *flow)
{
	put_accept(m);
	return flow_put(flow, m->out.s, m->out.len);
}

int put_record(struct mapper *m, struct flow *flow)
{
	struct row *row = &m->row;
	bool same = m->input == m->output && !row->emitted, good;

	if (same && (!row->loaded || !row->changed)) {
		put_accept(m);
		return flow_put(flow, m->rec, m->len);
	}
	if (make_values(m))
		return put_made(m, flow);
	if (!row->loaded) {
		int r = load_row(m, flow);
		if (r || !m->row.loaded)
			return r;
	}
	if (m->output != RECORDS_JSON && row->json) {
		int r = columns_of_json(m, flow, &good);
		if (r || !good)
			return r;
	}
	strbuf_clear(&m->out);
	if (m->output == RECORDS_JSON)
		row_write_json(row, &m->out);
	else
		row_write_columns(row, m->output == RECORDS_CSV, m->delim, &m->out);
	if (breaks(m, flow))
		return record_filter_refuse(
			&m->rf, NULL, "a field holds what ends a record, which this format cannot have here", flow);
	return put_made(m, flow);
}
