/* Making the row of a record: see load.h. */
#include "cmd/map/load.h"

int load_row(struct mapper *m, struct flow *flow)
{
	struct row *row = &m->row;

	if (row->json) {
		if (row_load_json(row, m->rec, m->len))
			return 0;
		row->loaded = false;
		return record_filter_refuse(&m->rf, NULL, "it is not an object", flow);
	}
	size_t count;
	const struct value *values = records_row(m->rf.records, &count);
	row_load_columns(row, m->rec, m->len, values, count, row->named ? m->names : NULL);
	return 0;
}
