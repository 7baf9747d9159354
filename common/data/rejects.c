/* How many records may be rejected: see rejects.h. */
#include "common/data/rejects.h"

#include <errno.h>
#include <string.h>

#include "common/base/num.h"
#include "common/data/value.h"

#define ENOUGH 1000 /* records before a share of rejects is judged within a batch */

/* The percentage in the LEN bytes at S; below 0: it is none. */
static double percentage(const char *s, size_t len)
{
	struct value v;
	if (!len || !value_of_text(s, len, &v))
		return -1;
	return v.type == VALUE_INT ? (double)v.i : v.type == VALUE_DOUBLE ? v.d : -1;
}

int rejects_parse_limit(const char *value, void *limit, struct strbuf *err)
{
	struct rejects_limit *ret = limit;
	size_t len = strlen(value);
	*ret = (struct rejects_limit){.set = true};
	if (num_u64(value, &ret->count) == 0)
		return 0;
	double p = len && value[len - 1] == '%' ? percentage(value, len - 1) : -1;
	ret->percent = true;
	ret->share = p / 100;
	if (p >= 0 && p <= 100)
		return 0;
	strbuf_addstr(err, "is not a number of records or a percentage, such as 100 or 0.5%");
	return -EINVAL;
}

bool rejects_too_many(const struct rejects_limit *limit, uint64_t rejected, uint64_t read, bool whole)
{
	if (!limit->set || !rejected)
		return false;
	if (!limit->percent)
		return rejected > limit->count;
	return (whole || read >= ENOUGH) && (double)rejected > limit->share * (double)read;
}
