/* The messages of detect at the end: see report.h. */
#include "cmd/detect/report.h"

#include <inttypes.h>

/* Print how many records were not judged, by reason; *RET_ALL: all of them. */
static void say_reasons(const struct record_filter *rf, const struct judge *j, uint64_t *ret_all)
{
	struct strbuf share = STRBUF_INIT;

	for (int i = JUDGED + 1; i < REASONS; i++) {
		if (!j->reasons[i])
			continue;
		*ret_all += j->reasons[i];
		strbuf_clear(&share);
		rejects_add_share(&rf->rejects, j->reasons[i], &share);
		warn("%s %s not judged: %s", share.s, diag_plural(j->reasons[i], "was", "were"),
			judge_reason((enum reason)i));
	}
	strbuf_release(&share);
}

static void say_stats(const struct record_filter *rf, const struct judge *j)
{
	warn("%" PRIu64 " %s, %" PRIu64 " unusual, %" PRIu64 " of them within the cooldown, %" PRIu64
	     " malformed; %zu %s, %" PRIu64 " %s idle",
		record_filter_read(rf), diag_plural(record_filter_read(rf), "record", "records"), j->unusual,
		j->suppressed, rf->malformed, j->groups.count, diag_plural(j->groups.count, "key", "keys"), j->idle,
		diag_plural(j->idle, "was", "were"));
}

int report(const struct record_filter *rf, const struct judge *j)
{
	uint64_t unjudged = 0;

	say_reasons(rf, j, &unjudged);
	if (j->evicted)
		warn("%" PRIu64 " %s forgotten because there were too many (--max-keys)", j->evicted,
			diag_plural(j->evicted, "key was", "keys were"));
	if (rf->opts->stats)
		say_stats(rf, j);
	return j->reasons[NO_TIME] || j->reasons[FUTURE] || j->reasons[LATE] ||
			       (unjudged && unjudged == record_filter_read(rf))
		       ? EXIT_NO
		       : 0;
}
