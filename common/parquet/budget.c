/* Memory within a limit: see budget.h. */
#include "common/parquet/budget.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

int pq_budget_take(struct pq_budget *budget, size_t n)
{
	if (n > budget->limit - budget->used)
		return -EFBIG;
	budget->used += n;
	return 0;
}

void pq_budget_give(struct pq_budget *budget, size_t n)
{
	budget->used -= n;
}

/* P points to a pointer of any type. */
int pq_budget_room(struct pq_budget *budget, void *p, size_t *room, size_t need, size_t size, bool keep)
{
	void *old;
	if (need <= *room)
		return 0;
	if (need > budget->limit / size)
		return -EFBIG;
	if (need < 2 * *room && 2 * *room * size <= (budget->limit - budget->used) / 2)
		need = 2 * *room;
	if (pq_budget_take(budget, (need - *room) * size) < 0)
		return -EFBIG;
	memcpy(&old, p, sizeof old);
	if (!keep) {
		free(old);
		old = NULL;
	}
	old = xreallocarray(old, need, size);
	memcpy(p, &old, sizeof old);
	*room = need;
	return 0;
}

void pq_budget_free(struct pq_budget *budget, void *p, size_t *room, size_t size)
{
	void *old;
	memcpy(&old, p, sizeof old);
	free(old);
	old = NULL;
	memcpy(p, &old, sizeof old);
	pq_budget_give(budget, *room * size);
	*room = 0;
}
