/* The properties of a table, and those that a writer expects: see log.h. */
#include <errno.h>
#include <string.h>

#include "common/lake/json_in.h"
#include "common/lake/log.h"

static bool same_columns(json_t *columns, const struct table *table)
{
	if (!json_is_array(columns) || json_array_size(columns) != table->ncolumns)
		return false;
	for (size_t i = 0; i < table->ncolumns; i++) {
		const char *name = json_string_value(json_array_get(columns, i));
		if (!name || strcmp(name, table->columns[i]) != 0)
			return false;
	}
	return true;
}

static void add_names(struct strbuf *out, json_t *columns)
{
	size_t i;
	json_t *name;
	json_array_foreach(columns, i, name)
	{
		strbuf_addf(out, "%s%s", i ? ", " : "", json_string_value(name) ? json_string_value(name) : "?");
	}
	if (!json_array_size(columns))
		strbuf_addstr(out, "nothing");
}

/* The values of the columns must be made from times in the same way; otherwise one table would have two layouts. */
static int check_pattern(const struct log *log, struct strbuf *err)
{
	const char *pattern = text_in(log->state, "pattern");
	const char *zone = text_in(log->state, "zone");
	if (!log->table.ncolumns || !pattern || !zone)
		return 0;
	if (strcmp(pattern, log->table.pattern) != 0)
		strbuf_addf(err, "the table '%s' is partitioned by '%s', not by '%s'", log->store->url, pattern,
			log->table.pattern);
	else if (strcmp(zone, log->table.zone) != 0)
		strbuf_addf(err, "the partitions of the table '%s' are in the zone '%s', not in '%s' (--tz)",
			log->store->url, zone, log->table.zone);
	else
		return 0;
	return -EINVAL;
}

/* Check that the table agrees with what the writer expects. */
int log_check_table(const struct log *log, struct strbuf *err)
{
	const char *delim = text_in(log->state, "delim");
	if (log->kind == TABLE_DELTA) {
		int r = log->writer ? log_delta_check(log, true, err) : 0;
		return r == 0 && log->writer ? check_pattern(log, err) : r;
	}
	if (!log->state || !log->writer)
		return 0;
	if (delim && (strcmp(delim, "nul") == 0) != (log->table.delim == '\0')) {
		strbuf_addf(err, "the records of the table '%s' end with %s", log->store->url,
			log->table.delim ? "NUL: use -0" : "a line feed, not with NUL");
		return -EINVAL;
	}
	json_t *columns = json_object_get(log->state, "columns");
	if (same_columns(columns, &log->table))
		return check_pattern(log, err);
	strbuf_addf(err, "the table '%s' is partitioned by ", log->store->url);
	add_names(err, columns);
	strbuf_addstr(err, ", not by ");
	for (size_t i = 0; i < log->table.ncolumns; i++)
		strbuf_addf(err, "%s%s", i ? ", " : "", log->table.columns[i]);
	if (!log->table.ncolumns)
		strbuf_addstr(err, "nothing");
	return -EINVAL;
}
