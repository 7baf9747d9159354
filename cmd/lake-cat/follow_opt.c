/* The options for reading versions: see follow_opt.h. */
#include "follow_opt.h"

#include <errno.h>
#include <string.h>

#include "common/base/num.h"
#include "common/kafka/names.h"
#include "common/lake/version.h"

int follow_parse_since(const char *value, void *dest, struct strbuf *err)
{
	struct since *since = dest;
	uint64_t n = 0;
	int r = 0;
	if (strcmp(value, "start") == 0)
		since->at = (struct where){.kind = WHERE_START};
	else if (strcmp(value, "end") == 0)
		since->at = (struct where){.kind = WHERE_END};
	else if ((r = num_u64(value, &n)) == 0 && n < VERSION_LIMIT)
		since->at = (struct where){.kind = WHERE_OFFSET, .n = (int64_t)n + 1};
	else
		r = -EINVAL;
	since->given = true;
	if (r < 0)
		strbuf_addstr(err, "is not a version of a table, as 12, nor start or end");
	return r;
}

bool follow_wanted(const struct follow_options *o)
{
	return o->since.given || o->on || o->batch_ms || o->position_file;
}

int follow_check(const struct follow_options *o, const struct opt_spec *spec)
{
	struct strbuf err = STRBUF_INIT;
	if (o->batch_ms && !o->group)
		return opt_usage_error(spec, "--batch needs -g");
	if (o->group && names_check_group(o->group, &err) < 0) {
		int status = opt_usage_error(spec, "%s", err.s);
		strbuf_release(&err);
		return status;
	}
	if (o->group && !o->batch_ms)
		return opt_usage_error(spec, "-g needs --batch: positions are kept by the sink of a marked stream");
	if (o->removal && !follow_wanted(o))
		return opt_usage_error(spec, "--on-change needs --since, --follow, --batch or --position-file");
	if (o->poll_ms && !o->on)
		return opt_usage_error(spec, "--poll needs --follow");
	return OPT_GO;
}
