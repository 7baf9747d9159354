/* Handles a record that cannot be stored: --rejects. */
#ifndef WEIR_DATA_REFUSE_H
#define WEIR_DATA_REFUSE_H

#include "common/data/rejects.h"
#include "common/stream/sink.h"

/*
 * The record REC of LEN bytes, the last one that PLACE counts, cannot be stored, for REASON.  If --rejects allows it,
 * the record is rejected, and the result is 0 or an exit status; otherwise the result is -EBADMSG, with place and
 * reason in ERR.
 */
int refuse_record(struct rejects *rejects, struct sink_place *place, const char *rec, size_t len, const char *reason,
	struct strbuf *err) MUST_CHECK;

/*
 * The record at PLACE is not JSON, for the reason WHY.  If it is the first record of its input and looks like another
 * format, ERR says that instead.
 */
void refuse_other_format(struct strbuf *why, const struct sink_place *place, const char *rec, size_t len);

#endif
