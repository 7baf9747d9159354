/* A report as a table and as JSON: see report.h. */
#include "cmd/lag/report.h"
#include "common/data/table.h"

enum { COLUMNS = 9, SUM_COLUMNS = 6 };

static const char *const names[COLUMNS] = {
	"group", "topic", "partition", "committed", "log_start", "log_end", "lag", "lost", "member"};
static const char *const sum_names[SUM_COLUMNS] = {"group", "partitions", "unknown", "lag", "lost", "members"};

static void fill(const struct lag_row *row, struct table_cell *cells)
{
	cells[0] = cell_text(row->group->name);
	cells[1] = cell_text(row->log->topic);
	cells[2] = cell_int(row->log->partition);
	cells[3] = cell_known(row->committed);
	cells[4] = cell_known(row->log->start);
	cells[5] = cell_known(row->log->end);
	cells[6] = cell_known(row->lag);
	cells[7] = cell_known(row->lost);
	cells[8] = cell_text(row->member);
}

/* GROUP NULL: the sums of all groups; MEMBERS is -1 when it is not known for one of them. */
static void add_sums(struct text_table *table, const struct group *group, const struct sums *sums, int64_t members)
{
	struct table_cell cells[SUM_COLUMNS] = {
		cell_text(group ? group->name : NULL),
		cell_int((int64_t)sums->partitions),
		cell_int((int64_t)sums->unknown),
		cell_known(sums->lag),
		cell_known(sums->lost),
		cell_known(members),
	};
	table_add(table, cells);
}

static int64_t members_of(const struct group *group)
{
	bool told = group->state == GROUP_EMPTY || group->state == GROUP_ACTIVE;
	return told ? (int64_t)group->members : -1;
}

static void fill_sums(const struct lag_report *report, struct text_table *table)
{
	int64_t members = 0;
	for (size_t i = 0, n; i < report->count; i += n) {
		const struct group *group = report->rows[i].group;
		n = rows_run(report->rows + i, report->count - i, false);
		struct sums sums = rows_sum(report->rows + i, n);
		int64_t here = members_of(group);
		add_sums(table, group, &sums, here);
		members = here < 0 || members < 0 ? -1 : members + here;
	}
	if (table->rows > 1) {
		struct sums sums = rows_sum(report->rows, report->count);
		add_sums(table, NULL, &sums, members);
	}
}

/* Mark the row with the greatest lag, if there is one that is behind. */
static void mark_worst(const struct lag_report *report, struct text_table *table)
{
	const struct lag_row *worst = NULL;
	for (size_t i = 0; i < report->count; i++)
		if (report->rows[i].lag > (worst ? worst->lag : 0))
			worst = &report->rows[i];
	if (worst)
		table_mark_worst(table, (size_t)(worst - report->rows));
}

int print_table(const struct lag_report *report, struct outbuf *out)
{
	struct text_table table;
	struct table_cell cells[COLUMNS];
	table_init(&table, names, COLUMNS);
	for (size_t i = 0; i < report->count; i++) {
		fill(&report->rows[i], cells);
		table_add(&table, cells);
	}
	mark_worst(report, &table);
	int r = table_write(&table, out);
	table_release(&table);
	if (r < 0 || !report->count)
		return r;
	table_init(&table, sum_names, SUM_COLUMNS);
	fill_sums(report, &table);
	r = outbuf_write(out, "\n", 1);
	if (!r)
		r = table_write(&table, out);
	table_release(&table);
	return r;
}

int print_json(const struct lag_report *report, struct outbuf *out)
{
	struct table_cell cells[COLUMNS];
	int r = 0;
	for (size_t i = 0; i < report->count && !r; i++) {
		fill(&report->rows[i], cells);
		r = json_write_row(out, names, cells, COLUMNS);
	}
	return r;
}
