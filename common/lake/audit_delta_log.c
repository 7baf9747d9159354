/* The log of a Delta table: see audit_delta.h. */
#include "common/lake/audit_delta.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/audit_delta_impl.h"
#include "common/lake/delta_rules.h"
#include "common/lake/json_in.h"
#include "common/lake/snapshot.h"

/* --- entries ------------------------------------------------------------------------------------------------------ */

/* Note whether ENTRY, by others, makes the positions void; an entry of ours must not go on from such ones. */
static void check_fit(struct audit *a, int64_t version, const char *name, const struct entry *entry)
{
	struct strbuf why = STRBUF_INIT, text = STRBUF_INIT;
	if (entry_state(entry)) {
		if (a->delta.misfit && !json_object_get(entry->info, "moved"))
			audit_find(a, "'%s' goes on from positions that do not fit what is in the table: %s", name,
				a->delta.misfit);
		free(a->delta.misfit);
		a->delta.misfit = NULL;
	} else if (a->nparts && !a->delta.misfit && delta_rules_misfit(entry, text_in(a->delta.meta, "id"), &why)) {
		strbuf_addf(&text, "version %" PRId64 " %s", version, why.s);
		a->delta.misfit = strbuf_detach(&text);
		json_decref(a->state); /* the next entry of ours may belong to another table */
		a->state = NULL;
	}
	strbuf_release(&why);
}

static void take_meta(struct audit *a, json_t *meta)
{
	if (!meta)
		return;
	json_decref(a->delta.meta);
	a->delta.meta = json_incref(meta);
}

static void take_foreign(struct audit *a, int64_t version, const char *name, const struct entry *entry)
{
	size_t i;
	json_t *action;
	json_array_foreach(entry->removes, i, action)
	{
		(void)audit_remove(a, version, name, action);
	}
	json_array_foreach(entry->adds, i, action)
	{
		audit_delta_add(a, version, name, action);
	}
	a->version = version;
}

/* Only the names of an entry count, because the checkpoint from which the audit begins has all else that it says. */
static void pass(struct audit *a, const struct entry *entry)
{
	size_t i;
	json_t *action;
	json_array_foreach(entry->removes, i, action)
	{
		audit_delta_mention(a, action);
	}
	json_array_foreach(entry->adds, i, action)
	{
		audit_delta_mention(a, action);
	}
}

static void take_entry(struct audit *a, const struct log *log, int64_t version, const struct entry *entry)
{
	struct strbuf name = STRBUF_INIT;
	log_entry_name(log, version, &name);
	check_fit(a, version, name.s, entry);
	if (version < a->floor) {
		pass(a, entry);
	} else {
		take_meta(a, entry->meta);
		audit_beside(a, log, version, entry);
		if (entry_state(entry))
			audit_entry(a, version, entry);
		else
			take_foreign(a, version, name.s, entry);
	}
	strbuf_release(&name);
}

static void read_entry(struct audit *a, const struct log *log, int64_t version)
{
	struct strbuf err = STRBUF_INIT;
	struct entry entry;
	int r = log_read(log, version, &entry, &err);
	if (r == 0) {
		take_entry(a, log, version, &entry);
		entry_release(&entry);
	} else if (r == -ENOENT) { /* it was listed */
		strbuf_addstr(&err, ": the log is being cleaned up");
		a->fail(a->arg, -EAGAIN, err.s);
	} else {
		audit_judge(a, r, &err);
	}
	if (r < 0) {
		audit_gap(a);
		a->delta.partial = true;
	}
	strbuf_release(&err);
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

/* Check the entries in NAMES, which are sorted; returns the version after the last one. */
static int64_t walk(struct audit *a, const struct log *log, const struct names *names, int64_t first,
	const struct delta_checkpoints *list)
{
	int64_t next = first;
	size_t older = list->count; /* checkpoints before this one were looked at */
	for (size_t i = 0; i < names->count; i++) {
		int64_t version = log_version_of(names->items[i]);
		if (version < 0)
			continue;
		if (version > next) {
			audit_missing(a, next, version - 1);
			a->delta.partial = true;
		}
		read_entry(a, log, version);
		next = version + 1;
		for (; older > 0 && list->items[older - 1].version <= version; older--)
			if (list->items[older - 1].version == version && version >= a->floor)
				audit_delta_compare(a, log, list->items[older - 1]);
	}
	return next;
}

/* The oldest version in NAMES, which are sorted; -1: there is none, and *RET_CHECKPOINT is whether there is one of
 * these.
 */
static int64_t oldest(const struct names *names, bool *ret_checkpoint)
{
	*ret_checkpoint = false;
	for (size_t i = 0; i < names->count; i++) {
		if (log_version_of(names->items[i]) >= 0)
			return log_version_of(names->items[i]);
		*ret_checkpoint |= strstr(names->items[i], ".checkpoint.") != NULL;
	}
	return -1;
}

/* Check all that is in NAMES; HINT is what `_last` says. */
static int check_all(
	struct audit *a, const struct log *log, const struct names *names, int64_t hint, struct strbuf *err)
{
	struct delta_checkpoints list = {0};
	bool checkpoint;
	int64_t first = oldest(names, &checkpoint);
	if (first < 0 && !checkpoint && hint < 0)
		return log_missing(log, err);
	if (first < 0) {
		audit_find(a, "the log has no entry, though there %s", checkpoint ? "is a checkpoint" : "were some");
		a->delta.partial = true;
		return 0;
	}
	int r = delta_checkpoints_list(log, first > 0 ? first - 1 : 0, INT64_MAX, &list, err);
	if (r == 0) {
		if (first > 0)
			audit_delta_begin(a, log, first, &list);
		int64_t next = walk(a, log, names, first, &list);
		if (hint >= next)
			audit_missing(a, next, hint);
		if (a->delta.misfit)
			audit_find(a,
				"the contents of the table do not match its positions: %s; say where to go on "
				"(--set-position)",
				a->delta.misfit);
	}
	delta_checkpoints_release(&list);
	return r;
}

int audit_delta_log(struct audit *a, struct store *store, struct strbuf *err)
{
	struct log log = {.store = store, .dir = LOG_DELTA, .kind = TABLE_DELTA, .version = -1};
	struct names names = {0};
	a->dir = LOG_DELTA;
	a->kind = TABLE_DELTA;
	int64_t hint = log_hint(&log, NULL); /* before the entries: it is never ahead of them */
	int r = store_list(store, log.dir, &names, err);
	names_sort(&names);
	if (r == 0)
		r = check_all(a, &log, &names, hint, err);
	names_release(&names);
	return r;
}
