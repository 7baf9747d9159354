/*
 * Removing old entries of a Delta table's log: see compact.h.
 *
 * By PROTOCOL.md, "Metadata Cleanup": entries older than `delta.logRetentionDuration` go, but only those before a
 * checkpoint that is itself older; that checkpoint and all after it stay.  Others may do the same at the same time.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/killpoint.h"
#include "common/lake/age.h"
#include "common/lake/delta_checkpoint.h"
#include "common/lake/delta_checkpoint_rules.h"
#include "common/lake/json_in.h"
#include "compact.h"

#define KEPT_MS (INT64_C(30) * 86400 * 1000) /* unless the table says something else */

/* The property NAME of the table; NULL: it is not set. */
static const char *property(const struct compact *c, const char *name)
{
	return text_in(json_object_get(c->log.delta.meta, "configuration"), name);
}

/* For how long entries are kept, in ms; -1: forever. */
static int64_t kept_ms(const struct compact *c)
{
	const char *enabled = property(c, "delta.enableExpiredLogCleanup");
	const char *kept = property(c, "delta.logRetentionDuration");
	if (enabled && strcmp(enabled, "false") == 0)
		return -1;
	return kept ? delta_duration_ms(kept) : KEPT_MS;
}

/* When the entry VERSION was written; INT64_MAX: it does not say, or cannot be read. */
static int64_t written_ms(const struct compact *c, int64_t version)
{
	struct strbuf ignored = STRBUF_INIT;
	struct entry entry;
	int64_t at = -1;
	if (log_read(&c->log, version, &entry, &ignored) == 0) {
		at = number_in(entry.info, "timestamp");
		entry_release(&entry);
	}
	strbuf_release(&ignored);
	return at < 0 ? INT64_MAX : at;
}

/* The newest checkpoint whose entry is from BEFORE_MS or older; version -1: there is none. */
static struct delta_checkpoint find_checkpoint(
	const struct compact *c, const struct delta_checkpoints *list, int64_t before_ms)
{
	for (size_t i = 0; i < list->count; i++)
		if (written_ms(c, list->items[i].version) <= before_ms)
			return list->items[i];
	return (struct delta_checkpoint){.version = -1};
}

/* Whether all of WHICH can be read, so that the entries before it are not needed. */
static bool is_whole(const struct compact *c, struct delta_checkpoint which)
{
	struct delta_checkpoint_in in;
	struct strbuf ignored = STRBUF_INIT;
	json_t *object;
	bool table = false;
	int r = delta_checkpoint_begin(&in, &c->log, which, true, &ignored), more = 1;
	while (r == 0 && (more = delta_checkpoint_next(&in, &object, &ignored)) > 0) {
		table |= json_object_get(object, "metaData") != NULL;
		json_decref(object);
	}
	delta_checkpoint_end(&in);
	strbuf_release(&ignored);
	return r == 0 && more == 0 && table;
}

/* The last version that the file NAME of the log is about: of an entry, a checkpoint, a checksum; -1: something else.
 */
static int64_t version_in(const char *name)
{
	size_t digits = strspn(name, "0123456789");
	if (digits != 20 || name[20] != '.')
		return -1;
	const char *last = name + 21;
	if (strspn(last, "0123456789") == 20 && strcmp(last + 20, ".compacted.json") == 0)
		return strtoll(last, NULL, 10);
	bool known = strcmp(last, "json") == 0 || strcmp(last, "crc") == 0 || strncmp(last, "checkpoint.", 11) == 0;
	return known ? strtoll(name, NULL, 10) : -1;
}

/* Remove what is before VERSION, the oldest first. */
static int remove_before(struct compact *c, int64_t version, struct strbuf *err)
{
	struct names names = {0};
	size_t count = 0;
	int r = store_list(c->store, c->log.dir, &names, err);
	names_sort(&names);
	for (size_t i = 0; r == 0 && i < names.count; i++) {
		struct strbuf path = STRBUF_INIT;
		int64_t of = version_in(names.items[i]);
		strbuf_addf(&path, "%s/%s", c->log.dir, names.items[i]);
		if (of >= 0 && of < version && !c->opt->dry_run)
			r = store_remove(c->store, path.s, err);
		count += of >= 0 && of < version;
		strbuf_release(&path);
		KILL_POINT("trimming");
	}
	names_release(&names);
	if (r == 0 && count)
		compact_tell(c, "%s %zu old file%s of the log, before version %" PRId64,
			c->opt->dry_run ? "would remove" : "removed", count, count == 1 ? "" : "s", version);
	return r;
}

int compact_trim(struct compact *c, struct strbuf *err)
{
	struct delta_checkpoints list;
	int64_t kept = c->log.kind == TABLE_DELTA ? kept_ms(c) : -1;
	if (kept < 0)
		return 0;
	int r = delta_checkpoints_list(&c->log, 0, c->log.version, &list, err);
	struct delta_checkpoint which = {.version = -1};
	if (r == 0)
		which = find_checkpoint(c, &list, store_now_ms(c->store) - kept);
	delta_checkpoints_release(&list);
	return which.version > 0 && is_whole(c, which) ? remove_before(c, which.version, err) : r;
}
