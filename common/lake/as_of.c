/* Older versions: see as_of.h. */
#include "common/lake/as_of.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/num.h"
#include "common/data/where_parse.h"
#include "common/lake/version.h"

int as_of_parse(const char *value, void *dest, struct strbuf *err)
{
	struct as_of *ret = dest;
	struct where where;
	uint64_t version;
	if (num_u64(value, &version) == 0 && version < VERSION_LIMIT) {
		*ret = (struct as_of){.version = (int64_t)version, .time_ms = INT64_MIN};
		return 0;
	}
	struct strbuf text = STRBUF_INIT, ignored = STRBUF_INIT;
	strbuf_addf(&text, "%s%s", *value == '@' ? "" : "@", value);
	int r = where_parse(text.s, clock_epoch_ms(), &where, &ignored);
	if (r == 0)
		*ret = (struct as_of){.version = -1, .time_ms = where.kind == WHERE_TIME ? where.n : 0};
	else
		strbuf_addstr(err, "is neither a version nor a time such as 2026-11-22T10:00:00Z or -1h");
	strbuf_release(&text);
	strbuf_release(&ignored);
	return r;
}

/* The time of the entry VERSION; INT64_MIN: it has none. */
static int time_of(const struct log *log, int64_t version, int64_t *ret, struct strbuf *err)
{
	struct entry entry;
	int r = log_read_known(log, version, &entry, err);
	if (r < 0)
		return log_delta_is_gone(log, version) ? -EAGAIN : r;
	json_t *at = json_object_get(entry.info, "inCommitTimestamp");
	if (!json_is_integer(at))
		at = json_object_get(entry.info, "timestamp");
	*ret = json_is_integer(at) ? json_integer_value(at) : INT64_MIN;
	entry_release(&entry);
	return 0;
}

int as_of_search(const struct log *log, int64_t first, int64_t last, int64_t time_ms, int64_t *ret, struct strbuf *err)
{
	int64_t low = first, high = last, at;
	while (low <= high) {
		int64_t middle = low + (high - low) / 2;
		int r = time_of(log, middle, &at, err);
		if (r < 0)
			return r;
		if (at <= time_ms)
			low = middle + 1;
		else
			high = middle - 1;
	}
	if (high < first) {
		strbuf_addf(err, "'%s' has no version that old: the oldest that can be read is %" PRId64,
			log->store->url, first);
		return -ENOENT;
	}
	*ret = high;
	return 0;
}

int as_of_go(struct log *log, const struct as_of *as_of, struct strbuf *err)
{
	int64_t version = as_of->version, first = log_floor(log);
	struct entry entry;
	int r = 0;
	if (as_of_is_now(as_of))
		return 0;
	if (version < 0)
		r = as_of_search(log, first, log->version, as_of->time_ms, &version, err);
	if (r == 0 && (version > log->version || version < first)) {
		strbuf_addf(err,
			"'%s' has no version %" PRId64 " (any more): those that can be read are %" PRId64
			" to %" PRId64,
			log->store->url, version, first, log->version);
		r = -ENOENT;
	}
	if (r == 0)
		r = log_read_known(log, version, &entry, err);
	if (r == 0)
		log_advance(log, &entry, version);
	return r;
}
