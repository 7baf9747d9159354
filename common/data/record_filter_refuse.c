/* The filter driver for records with fields: bad records, and records that are put aside.  See record_filter.h. */
#include <inttypes.h>

#include "common/base/diag.h"
#include "common/data/record_filter.h"

/* The current record, which is put aside because of REASON. */
static struct aside_record current(const struct record_filter *rf, const char *reason)
{
	struct aside_record rec = {.reason = reason,
		.input = records_input(rf->records),
		.number = records_number(rf->records),
		.nth = rf->rejects.read - rf->batch_began};
	rec.rec = records_current(rf->records, &rec.len);
	return rec;
}

/* --- what the program puts aside ---------------------------------------------------------------------------------- */

int record_filter_aside(struct record_filter *rf, const char *option, const char *path, char **operands)
{
	return rejects_aside_open(&rf->aside, option, path, rf->ops->spec, operands);
}

int record_filter_put_aside(struct record_filter *rf, const char *reason, struct flow *flow)
{
	const struct aside_record rec = current(rf, reason);

	return rejects_aside_status(&rf->aside, aside_add(&rf->aside, flow->input_marked, &rec), &rf->aside_failed);
}

/* --- bad records -------------------------------------------------------------------------------------------------- */

static int reject(struct record_filter *rf, const char *where, const char *what, struct flow *flow)
{
	struct strbuf reason = STRBUF_INIT;

	strbuf_addf(&reason, "%s%s%s", where ? where : "", where ? ": " : "", what);
	const struct aside_record rec = current(rf, reason.s);
	bool again = rf->refused == rf->rejects.read; /* several records that were made of this one can be bad */
	int r = (again ? rejects_add_again : rejects_add)(&rf->rejects, flow->input_marked, &rec);
	rf->refused = rf->rejects.read;
	strbuf_release(&reason);
	if (r)
		records_refuse(rf->records, flow);
	return r;
}

int record_filter_refuse_number(
	struct record_filter *rf, uint64_t number, const char *where, const char *what, struct flow *flow)
{
	warn("%s: record %" PRIu64 "%s%s: %s", records_input(rf->records), number, where ? ", " : "",
		where ? where : "", what);
	if (number == records_number(rf->records))
		records_refuse(rf->records, flow);
	return EXIT_DATA;
}

int record_filter_refuse(struct record_filter *rf, const char *where, const char *what, struct flow *flow)
{
	if (record_filter_goes_on(rf))
		return reject(rf, where, what, flow);
	return record_filter_refuse_number(rf, records_number(rf->records), where, what, flow);
}
