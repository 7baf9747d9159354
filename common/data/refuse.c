/* Records that cannot be stored: see refuse.h. */
#include "common/data/refuse.h"

#include <errno.h>

#include "common/data/records.h"

int refuse_record(struct rejects *rejects, struct sink_place *place, const char *rec, size_t len, const char *reason,
	struct strbuf *err)
{
	if (!rejects_go_on(rejects)) {
		sink_place_add(err, place);
		strbuf_addf(err, ", %s", reason);
		return -EBADMSG;
	}
	/* in a marked stream its place is counted within the batch */
	const struct aside_record aside = {.reason = reason,
		.input = place->input,
		.number = place->batch ? rejects->read : place->record,
		.nth = place->batch ? place->record : 0,
		.rec = rec,
		.len = len};
	place->left_out++;
	return rejects_add(rejects, place->batch, &aside);
}

void refuse_other_format(struct strbuf *why, const struct sink_place *place, const char *rec, size_t len)
{
	if (place->record != 1 || !len)
		return;
	const char *other = *rec == '{' || *rec == '[' || *rec == '\xef' ? records_other_format(rec, len)
			    : *rec != '"' ? "this is not JSON, of which each line has to be a record"
					  : NULL;
	if (!other)
		return;
	strbuf_clear(why);
	strbuf_addstr(why, other);
}
