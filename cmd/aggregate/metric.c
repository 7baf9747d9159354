/* Metrics and their columns: see metric.h. */
#include "cmd/aggregate/metric.h"

#include <errno.h>
#include <stdlib.h>

void metric_release(struct metric *m)
{
	free(m->written);
	free(m->name);
	free(m->text);
	free(m->args);
	*m = (struct metric){0};
}

static int add_column(struct result_row *row, const struct strbuf *name, struct strbuf *err)
{
	if (row_find(row, name->s) >= 0) {
		strbuf_addf(err, "two columns are called '%s'; give one another name, as in NAME=METRIC", name->s);
		return -EINVAL;
	}
	row_add(row, name->s);
	return 0;
}

/*
 * Name the column: sum_amount, or p99_ms for a quantile.  When EXPR is not a plain field, the name is the metric as it
 * was written.
 */
static void name_column(const struct metric *m, const char *field, size_t i, struct strbuf *name)
{
	bool quantile = m->kind->percentiles;

	if (m->name && m->columns == 1)
		strbuf_addstr(name, m->name);
	else if (m->name)
		strbuf_addf(name, "%s_p%.10g", m->name, m->args[i] * 100);
	else if (!m->text)
		strbuf_addstr(name, m->kind->name);
	else if (!field && !quantile)
		strbuf_addf(name, "%s", m->written);
	else if (!quantile)
		strbuf_addf(name, "%s_%s", m->kind->name, field);
	else
		strbuf_addf(name, field ? "p%.10g_%s" : "p%.10g(%s)", m->args[i] * 100, field ? field : m->text);
}

int metric_columns(struct metric *m, const char *field, struct result_row *row, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT;
	int r = 0;

	m->column = row->count;
	m->columns = m->kind->percentiles ? m->arg_count : 1;
	for (size_t i = 0; i < m->columns && r == 0; i++) {
		strbuf_clear(&name);
		name_column(m, field, i, &name);
		r = add_column(row, &name, err);
	}
	strbuf_release(&name);
	return r;
}
