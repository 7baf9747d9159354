/* Times ahead of the clock: see future.h. */
#include "common/data/future.h"

#include <errno.h>
#include <string.h>

#include "common/base/num.h"

#define MOST_MS (INT64_C(3650000) * 86400000)

int future_parse(const char *value, void *dest, struct strbuf *err)
{
	struct future *f = dest;
	f->given = true;
	f->any = strcmp(value, "any") == 0;
	int r = f->any ? 0 : num_duration(value, &f->limit_ms);
	if (r < 0)
		strbuf_addstr(err, "is not a duration such as 10s, or any");
	else if (f->limit_ms > MOST_MS)
		strbuf_addstr(err, "is not from 0 to 3650000d");
	return r < 0 ? r : f->limit_ms > MOST_MS ? -ERANGE : 0;
}

bool future_too_far(const struct future *f, int64_t ms, int64_t now_ms)
{
	return !f->any && ms > now_ms && (uint64_t)ms - (uint64_t)now_ms > (uint64_t)f->limit_ms;
}
