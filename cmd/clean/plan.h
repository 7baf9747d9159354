/* Makes steps from rules. */
#ifndef WEIR_CMD_CLEAN_PLAN_H
#define WEIR_CMD_CLEAN_PLAN_H

#include "cmd/clean/step.h"

/* Ask RECORDS for the rules' fields.  MEMORY is for all dedupe rules together.  -EINVAL with the reason in ERR. */
int plan_init(struct plan *p, const struct rules *rules, struct records *records, bool header, uint64_t memory,
	struct strbuf *err) MUST_CHECK;
void plan_release(struct plan *p);

/* Whether there is a `mask .a hash`. */
bool plan_hashes(const struct plan *p);

/* Append a string that identifies the keys of dedupe: the rules that determine them. */
void plan_query(const struct plan *p, struct strbuf *ret);

#endif
