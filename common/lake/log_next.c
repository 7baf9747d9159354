/* Reading the entries of a log one after the other, and which of them are undone: see log.h. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/lake/json_in.h"
#include "common/lake/log.h"
#include "common/lake/positions.h"

int log_parse(const struct log *log, const struct strbuf *text, const char *name, struct entry *ret, struct strbuf *err)
{
	int r = entry_parse(text, name, ret, err);
	if (r == 0 && (r = positions_unfold(log->store, log->dir, entry_state(ret), err)) < 0)
		entry_release(ret);
	return r;
}

int log_read(const struct log *log, int64_t version, struct entry *ret, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT, text = STRBUF_INIT;
	log_entry_name(log, version, &name);
	int r = store_get(log->store, name.s, LOG_ENTRY_MAX, &text, err);
	if (r == 0)
		r = log_parse(log, &text, name.s, ret, err);
	strbuf_release(&name);
	strbuf_release(&text);
	return r;
}

bool log_follows(const struct log *log, const struct entry *entry, int64_t version)
{
	json_t *state = entry_state(entry), *after = state_after(state);
	int64_t undoes = entry_undoes(entry, version), own = number_in(log->own, "version");
	if (!state)
		return true;
	/* correct if LOG is before the first entry; otherwise nothing is known, except in a Delta table */
	if (!log->own)
		return (log->version >= 0 && log->kind == TABLE_RAW) || !after;
	if (undoes >= 0 && undoes <= own)
		return undoes == own; /* it is LOG's own entry that is undone */
	return after && json_equal(after, log->own);
}

bool log_continues(const struct log *log, const struct entry *entry, int64_t version)
{
	return log_follows(log, entry, version) ||
	       (!state_after(entry_state(entry)) && log_delta_is_gone(log, number_in(log->own, "version")));
}

int64_t log_undoing(const struct log *log, int64_t version, struct entry *ret)
{
	struct strbuf ignored = STRBUF_INIT;
	int64_t later = version;
	int r;
	for (;;) {
		r = log_read(log, ++later, ret, &ignored);
		if (r == -EBADMSG)
			continue;
		if (r < 0)
			break;
		int64_t undoes = entry_undoes(ret, later);
		if (undoes >= 0 && undoes <= version && log_follows(log, ret, later))
			break;
		entry_release(ret);
	}
	strbuf_release(&ignored);
	return r == 0 ? later : -1;
}

int log_not_following(const struct log *log, int64_t version, struct strbuf *err)
{
	strbuf_addf(err,
		"version %" PRId64
		" of the log of '%s' does not follow those before it: it is a copy, or entries were overwritten",
		version, log->store->url);
	return -EBADMSG;
}

/* R is the result for VERSION, which must exist, with the reason in TEXT; hand both on. */
static int hand_on(const struct log *log, int64_t version, int r, struct strbuf *text, struct strbuf *err)
{
	if (r == -ENOENT)
		strbuf_addf(err, LOG_GONE, version, log->store->url);
	else if (r < 0)
		strbuf_addstr(err, text->s);
	strbuf_release(text);
	return r == -ENOENT ? -EBADMSG : r;
}

int log_read_known(const struct log *log, int64_t version, struct entry *ret, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	int r = log_read(log, version, ret, &text);
	return hand_on(log, version, r, &text, err);
}

int log_step_known(struct log *log, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	int r = log_step(log, &text);
	return hand_on(log, log->version + 1, r, &text, err);
}

int log_next(const struct log *log, struct entry *ret, int64_t *ret_version, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	int64_t version = log->version + 1;
	int r = log_read(log, version, ret, &text);
	if (r == 0 && !log_continues(log, ret, version)) {
		entry_release(ret);
		r = log_not_following(log, version, &text);
	}
	if (r == -EBADMSG && log_is_retired(log, version))
		r = -ENODATA;
	else if (r == -EBADMSG && (version = log_undoing(log, version, ret)) >= 0)
		r = 0;
	strbuf_addstr(err, r < 0 ? text.s : "");
	strbuf_release(&text);
	*ret_version = version;
	return r;
}

/*
 * The floor by STATE.  When several entries were undone, the last of them may have had a later floor, and entries may
 * have been emptied up to that; then the log begins with the version in `next`.
 */
static int64_t floor_of(const struct log *log, json_t *state)
{
	int64_t floor = state_floor(state), next = number_in(json_object_get(state, "next"), "version");
	uint64_t size;
	bool emptied = log_entry_size(log, floor, &size) == 0 && size == 0;
	return next >= 0 && emptied ? next : floor;
}

int64_t log_floor(const struct log *log)
{
	struct names names = {0};
	struct strbuf ignored = STRBUF_INIT;
	bool known = store_list(log->store, log->dir, &names, &ignored) < 0;
	int64_t floor = 0;
	names_sort(&names);
	for (size_t i = names.count; !known && i-- > 0;) {
		int64_t version = log_version_of(names.items[i]);
		struct entry entry;
		if (version < 0 || log_read(log, version, &entry, &ignored) < 0)
			continue;
		known = entry_state(&entry);
		floor = known ? floor_of(log, entry_state(&entry)) : 0;
		entry_release(&entry);
	}
	names_release(&names);
	strbuf_release(&ignored);
	return floor;
}

bool log_is_retired(const struct log *log, int64_t version)
{
	return version < log_floor(log);
}

void log_begin(struct log *log)
{
	log->version = log_floor(log) - 1;
}

void log_adopt_state(struct log *log, const struct entry *entry, int64_t version)
{
	json_t *state = entry_state(entry);
	if (!state)
		return; /* a foreign writer wrote it: the state before it remains */
	int64_t before = state_floor(log->state), floor = state_floor(state);
	/* use the floor of the older entry, which can no longer be undone */
	log->retire = before < floor ? before : floor;
	json_decref(log->state);
	json_decref(log->own);
	log->state = json_incref(state);
	log->own = entry_own(entry, version);
}

void log_advance(struct log *log, struct entry *entry, int64_t version)
{
	entry_release(&log->head);
	log->head = *entry;
	*entry = (struct entry){0};
	log->version = version;
	log->published = log->hinted = false;
	if (log->kind == TABLE_DELTA)
		log_delta_adopt(log, &log->head, version);
	log_adopt_state(log, &log->head, version);
}

int log_step(struct log *log, struct strbuf *err)
{
	struct entry entry;
	int64_t version;
	int r = log_next(log, &entry, &version, err);
	if (r == 0)
		log_advance(log, &entry, version);
	return r;
}
