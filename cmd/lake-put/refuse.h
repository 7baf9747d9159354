/* What happens to a record that cannot be stored: --rejects. */
#ifndef WEIR_LAKE_PUT_REFUSE_H
#define WEIR_LAKE_PUT_REFUSE_H

#include "common/data/rejects.h"
#include "common/stream/sink.h"

/*
 * The record REC of LEN bytes, the last one that PLACE counts, cannot be stored, for REASON: it is rejected, and 0 or
 * an exit status returned, if --rejects says so; else -EBADMSG with place and reason in ERR.
 */
int refuse_record(struct rejects *rejects, struct sink_place *place, const char *rec, size_t len, const char *reason,
	struct strbuf *err) MUST_CHECK;

/*
 * The record at PLACE is not JSON, because of WHY; if it is the first one of its input and looks like something else,
 * say that instead.
 */
void refuse_other_format(struct strbuf *why, const struct sink_place *place, const char *rec, size_t len);

#endif
