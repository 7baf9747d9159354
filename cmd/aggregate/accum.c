/* Accumulators: see accum.h. */
#include "cmd/aggregate/accum.h"

#include <errno.h>

void accum_time_save(const struct accum_time *t, struct strbuf *out)
{
	stat_put_i64(out, t->ms);
	stat_put_u64(out, t->ns);
}

int accum_time_load(struct accum_time *t, struct stat_in *in)
{
	uint64_t ns;

	if (stat_get_i64(in, &t->ms) < 0 || stat_get_u64(in, &ns) < 0 || ns > 999999)
		return -EBADMSG;
	t->ns = (uint32_t)ns;
	return 0;
}

const struct value *accum_number_of(struct accum *a, const struct value *v, struct value *tmp)
{
	if (value_number(v, tmp) == 0)
		return tmp;
	if (!value_is_null(v))
		accum_fault(a, FAULT_NUMBER, "this is not a number");
	return NULL;
}
