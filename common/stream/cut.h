/*
 * Cuts.  A cut is the place in a run where a batch ended; it shows which position and which state belong together
 * (doc/design.md, 7).
 *
 * Layer: stream (uses base/strbuf; jansson).  Two runs may cut at the same offsets, and may have put other rows into
 * the batches before, so an offset alone does not say which rows a table has.  The cut of a partition is the last B, or
 * R, that moved its position: the run, a random number, and the number of the batch.  The source decides it (session.h)
 * and writes it into marks; sinks store it with the position and send it back; programs with state search for their
 * state by it.  As JSON it is ["<16 hex>",17], or null where no run has moved the position there, as after lake-check
 * --set-position.
 */
#ifndef WEIR_STREAM_CUT_H
#define WEIR_STREAM_CUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

struct cut {
	bool known; /* false: no run has moved the position there; the others are 0 then */
	uint64_t run, batch;
};

/* Whether A and B are the same cut; a cut that is not known equals no other. */
static inline bool cut_same(const struct cut *a, const struct cut *b)
{
	return a->known && b->known && a->run == b->run && a->batch == b->batch;
}

/*
 * The cut of the position at which the R of RESUME begins to read a partition.  WAS is the cut of the position before.
 * If R does not move the position, the result is WAS; if it does, or if no run has moved the position there, the result
 * is R's own cut.
 */
static inline struct cut cut_resume(const struct cut *was, bool moves, const struct cut *resume)
{
	return was->known && !moves ? *was : *resume;
}

/* Append CUT as JSON. */
void cut_add(struct strbuf *out, const struct cut *cut);

/* CUT as JSON; owned by the caller. */
json_t *cut_json(const struct cut *cut);

/* Read V, a cut or null, into *ret; false, and *ret undefined, when V (may be NULL) is neither. */
bool cut_read(const json_t *v, struct cut *ret) MUST_CHECK;

#endif
