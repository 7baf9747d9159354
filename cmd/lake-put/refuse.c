/* Records that cannot be stored: see refuse.h. */
#include "refuse.h"

#include <errno.h>

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
