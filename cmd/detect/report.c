/* What detect says at the end: see report.h. */
#include "cmd/detect/report.h"

#include <inttypes.h>

void report(const struct record_filter *rf, const struct judge *j)
{
	for (int i = JUDGED + 1; i < REASONS; i++)
		if (j->reasons[i])
			warn("%" PRIu64 " %s not judged: %s", j->reasons[i],
				diag_plural(j->reasons[i], "record was", "records were"), judge_reason((enum reason)i));
	if (j->evicted)
		warn("%" PRIu64 " %s forgotten because there were too many (--max-keys)", j->evicted,
			diag_plural(j->evicted, "key was", "keys were"));
	if (!rf->opts->stats)
		return;
	warn("%" PRIu64 " %s, %" PRIu64 " unusual, %" PRIu64 " of them within the cooldown, %" PRIu64
	     " malformed; %zu %s, %" PRIu64 " %s idle",
		rf->read, diag_plural(rf->read, "record", "records"), j->unusual, j->suppressed, rf->malformed,
		j->groups.count, diag_plural(j->groups.count, "key", "keys"), j->idle,
		diag_plural(j->idle, "was", "were"));
}
