/*
 * A limit for the memory of a reader, and buffers that grow within it.
 *
 * Layer: parquet (uses base).
 */
#ifndef WEIR_PARQUET_BUDGET_H
#define WEIR_PARQUET_BUDGET_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/diag.h"

struct pq_budget {
	size_t limit, used; /* bytes */
};

/*
 * Make *P, which has room for *ROOM elements of SIZE bytes, large enough for NEED of them; with KEEP its contents are
 * kept.  0, or -EFBIG when the budget does not allow it: then nothing has changed.
 */
int pq_budget_room(struct pq_budget *budget, void *p, size_t *room, size_t need, size_t size, bool keep) MUST_CHECK;

/* Free *P. */
void pq_budget_free(struct pq_budget *budget, void *p, size_t *room, size_t size);

/* Take N bytes that the caller allocates. */
int pq_budget_take(struct pq_budget *budget, size_t n) MUST_CHECK;
void pq_budget_give(struct pq_budget *budget, size_t n);

#endif
