/* The filter driver for records with fields: those that can not be used, or go aside.  See record_filter.h. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/base/diag.h"
#include "common/base/num.h"
#include "common/data/record_filter_impl.h"

/* --- what goes aside ---------------------------------------------------------------------------------------------- */

int record_filter_aside(struct record_filter *rf, const char *option, const char *path, char **operands)
{
	if (path && strcmp(path, "-") == 0)
		return opt_usage_error(rf->ops->spec, "%s needs a file (/dev/stderr is one)", option);
	int e = aside_open(&rf->aside, path);
	if (e < 0) {
		warn("cannot open '%s': %s", path, diag_strerror(e));
		return (int)diag_status(e);
	}
	const char *clash = aside_clash(&rf->aside, operands);
	return clash ? opt_usage_error(rf->ops->spec, "the file of %s is also %s", option, clash) : OPT_GO;
}

int record_filter_rejects(struct record_filter *rf, const struct rejects_opts *opts, char **operands)
{
	rf->rejects = opts;
	return record_filter_aside(rf, "--rejects", opts->path, operands);
}

int record_filter_aside_status(struct record_filter *rf, int e)
{
	if (e == 0)
		return 0;
	if (!rf->aside_failed)
		warn("cannot write '%s': %s", rf->aside.path, diag_strerror(e));
	rf->aside_failed = true;
	return (int)diag_status(e);
}

int record_filter_put_aside(struct record_filter *rf, const char *reason, struct flow *flow)
{
	size_t len;
	const char *rec = records_current(rf->records, &len);

	return record_filter_aside_status(
		rf, aside_add(&rf->aside, flow->input_marked, reason, records_input(rf->records),
			    records_number(rf->records), rec, len));
}

void record_filter_add_share(const struct record_filter *rf, uint64_t n, struct strbuf *text)
{
	strbuf_addf(text, "%" PRIu64 " of %" PRIu64 " %s (", n, rf->read, diag_plural(rf->read, "record", "records"));
	num_add_share(text, n, rf->read);
	strbuf_addch(text, ')');
}

/* --- records that can not be used --------------------------------------------------------------------------------- */

int record_filter_check_rejects(const struct record_filter *rf, bool whole)
{
	if (!rf->rejects || !rejects_too_many(&rf->rejects->limit, rf->refused, rf->read, whole))
		return 0;
	warn("%" PRIu64 " of %" PRIu64 " records are rejected, more than --max-rejects allows", rf->refused, rf->read);
	return EXIT_DATA;
}

static int reject(struct record_filter *rf, const char *where, const char *what, struct flow *flow)
{
	struct strbuf reason = STRBUF_INIT;

	rf->refused++;
	flow_fail(flow, EXIT_NO);
	strbuf_addf(&reason, "%s%s%s", where ? where : "", where ? ": " : "", what);
	int r = record_filter_put_aside(rf, reason.s, flow);
	strbuf_release(&reason);
	if (r)
		return r;
	r = record_filter_check_rejects(rf, false);
	if (r)
		records_refuse(rf->records, flow);
	return r;
}

int record_filter_refuse_number(
	struct record_filter *rf, uint64_t number, const char *where, const char *what, struct flow *flow)
{
	if (rf->refused++ < RECORD_FILTER_NAMED)
		warn("%s: record %" PRIu64 "%s%s: %s", records_input(rf->records), number, where ? ", " : "",
			where ? where : "", what);
	if (number == records_number(rf->records))
		records_refuse(rf->records, flow);
	flow_fail(flow, EXIT_DATA);
	return flow->input_marked ? EXIT_DATA : 0;
}

int record_filter_refuse(struct record_filter *rf, const char *where, const char *what, struct flow *flow)
{
	if (rf->rejects)
		return reject(rf, where, what, flow);
	return record_filter_refuse_number(rf, records_number(rf->records), where, what, flow);
}

int record_filter_unread(struct record_filter *rf, int n, struct flow *flow)
{
	const struct records_error *e = records_error(rf->records);

	if (n != -EBADMSG) {
		warn("%s: %s", records_input(rf->records), n == -ENOENT ? e->what : diag_strerror(n));
		return n == -ENOENT ? EXIT_DATA : (int)diag_status(n);
	}
	struct strbuf where = STRBUF_INIT;
	rf->read++;
	rf->malformed++;
	strbuf_addf(&where, "byte %zu", e->pos + 1);
	int r = record_filter_refuse(rf, where.s, e->what, flow);
	strbuf_release(&where);
	return r;
}
