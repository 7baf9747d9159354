/* --partition-by and its like: see partition_options.h. */
#include "partition_options.h"

#include <string.h>

#include "common/data/utf8.h"
#include "options.h"

/* --partition-by, without the schema and the time of records. */
static int check_layout(const struct put_options *o, const struct opt_spec *usage, struct layout *layout)
{
	struct strbuf err = STRBUF_INIT;
	const char *text = o->partition_by;
	bool delta = o->table == TABLE_DELTA, list = delta && text && partition_by_is(text);
	int status = EXIT_OK;
	int r = list ? layout_init_by(layout, text, &err) : layout_init(layout, text, &err);
	if (r < 0)
		status = opt_usage_error(usage, "--partition-by '%s': %s%s", text, err.s,
			!delta && partition_by_is(text) ? "; lists of columns are for --table delta" : "");
	else if (delta && layout->nfields)
		status = opt_usage_error(usage,
			"--partition-by '%s': patterns with fields are for raw tables; of a Delta table name the "
			"columns, as "
			"in 'day(ts), region'",
			text);
	else if (layout->finest && !o->time)
		status = opt_usage_error(
			usage, "--partition-by needs --time: .FIELD, FORMAT@N, or now, which is when a record is read");
	else if (list && o->time)
		status = opt_usage_error(usage, "--time is for patterns of --partition-by; '%s' names columns", text);
	strbuf_release(&err);
	return status;
}

/* Whether the directory for --on-bad-time can have that name. */
static bool bad_value_fits(const struct put_options *o, const struct layout *layout)
{
	struct strbuf dir = STRBUF_INIT;
	char **values = layout_constant(layout, o->bad_value);
	int r = layout_dir(layout, values, &dir);
	layout_free_values(layout, values);
	strbuf_release(&dir);
	return r == 0;
}

/* --on-bad-time, for a partition of LAYOUT. */
static int check_bad_value(const struct put_options *o, const struct opt_spec *usage, const struct layout *layout)
{
	const char *value = o->bad_value;
	if (!value)
		return EXIT_OK;
	if (!*value || !utf8_valid(value, strlen(value)))
		return opt_usage_error(usage, "--on-bad-time is empty or not UTF-8");
	if (!layout->count)
		return opt_usage_error(usage, "--on-bad-time needs --partition-by");
	if (layout->nfields)
		return opt_usage_error(
			usage, "--on-bad-time is for partitions by time alone; with fields there is --rejects");
	if (o->rejects.fate != REJECTS_ERROR)
		return opt_usage_error(usage,
			"--on-bad-time and --rejects exclude each other: either such records are stored, or not");
	if (!bad_value_fits(o, layout))
		return opt_usage_error(usage, "--on-bad-time is too long for the name of a directory");
	return EXIT_OK;
}

int partition_options_check(const struct put_options *o, const struct opt_spec *usage, const struct records_opts *input,
	struct layout *layout, struct times *times)
{
	struct strbuf err = STRBUF_INIT;
	const char *time = o->time ? o->time : "now";
	int status = check_layout(o, usage, layout);
	if (!status && times_init(times, time, o->strip, input, &o->filter, &err) < 0)
		status = opt_usage_error(usage, "--time '%s': %s", time, err.s);
	else if (!status && times_want(times, layout, &err) < 0)
		status = opt_usage_error(usage, "--%s '%s': %s", times->column ? "time" : "partition-by",
			times->column ? time : o->partition_by, err.s);
	strbuf_release(&err);
	return status ? status : check_bad_value(o, usage, layout);
}
