/* Which actions checkpoints list: see delta_checkpoint_rules.h. */
#include "common/lake/delta_checkpoint_rules.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/clock.h"
#include "common/base/num.h"
#include "common/lake/delta_rules.h"
#include "common/lake/ids.h"
#include "common/lake/json_in.h"

/* how long removed files are listed, unless a property gives another time */
#define REMOVED_MS (INT64_C(7) * 86400 * 1000)

int64_t delta_duration_ms(const char *s)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"week", 604800000}, {"day", 86400000}, {"hour", 3600000}, {"minute", 60000}, {"second", 1000}};
	if (strncasecmp(s, "interval ", 9) == 0)
		s += 9;
	char *end;
	errno = 0;
	long long n = strtoll(s, &end, 10);
	if (end == s || errno || n < 0 || n > 1000000)
		return -1;
	while (isspace((unsigned char)*end))
		end++;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		size_t len = strlen(units[i].name);
		if (strncasecmp(end, units[i].name, len) == 0 && strcasecmp(end + len, end[len] ? "s" : "") == 0)
			return n * units[i].ms;
	}
	return -1;
}

/* The property NAME of the table; NULL: it is not set. */
static const char *property(const struct log *log, const char *name)
{
	return text_in(json_object_get(log->delta.meta, "configuration"), name);
}

int64_t delta_checkpoint_every(const struct log *log)
{
	const char *text = property(log, "delta.checkpointInterval");
	uint64_t every;
	bool good = text && num_u64(text, &every) == 0 && every > 0 && every <= INT64_MAX;
	return good ? (int64_t)every : DELTA_CHECKPOINT_EVERY;
}

struct checkpoint_rules delta_checkpoint_rules(const struct log *log)
{
	const char *kept = property(log, "delta.deletedFileRetentionDuration");
	int64_t now = clock_epoch_ms(), ms = kept ? delta_duration_ms(kept) : REMOVED_MS;
	return (struct checkpoint_rules){.removed_from = ms < 0 ? INT64_MIN : now - ms, .now_ms = now};
}

bool delta_checkpoint_lists(const struct checkpoint_rules *rules, const char *name, json_t *action)
{
	if (strcmp(name, "remove") == 0)
		return number_in(action, "deletionTimestamp") >= rules->removed_from;
	if (strcmp(name, "txn") != 0 || !delta_rules_id(text_in(action, "appId")))
		return true;
	int64_t at = number_in(action, "lastUpdated");
	return !ids_is_old(at, rules->now_ms);
}
