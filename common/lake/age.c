/* Ages of files in a store: see age.h. */
#include "common/lake/age.h"
#include "common/base/clock.h"

int64_t store_now_ms(struct store *store)
{
	int64_t now = store->ops->now_ms ? store->ops->now_ms(store) : -1;
	return now < 0 ? clock_epoch_ms() : now;
}

int64_t store_before_ms(struct store *store, int64_t older_ms)
{
	return older_ms == 0 ? INT64_MAX : store_now_ms(store) - older_ms;
}
