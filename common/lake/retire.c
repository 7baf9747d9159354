/* Emptying old entries: see retire.h. */
#include "common/lake/retire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/killpoint.h"
#include "common/lake/json_in.h"
#include "common/lake/side.h"

/* Whether the entry VERSION is empty.  An entry that cannot be examined is treated as empty, and so left alone. */
static bool is_done(const struct log *log, int64_t version)
{
	uint64_t size;
	return log_entry_size(log, version, &size) < 0 || size == 0;
}

/* The first entry before FLOOR that is not empty; entries are emptied in order. */
static int64_t first_left(const struct log *log, int64_t floor)
{
	int64_t low = 0, high = floor - 1;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		if (is_done(log, middle))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_named(json_t *ref, const char *name)
{
	const char *named = text_in(ref, "name");
	return named && strcmp(named, name) == 0;
}

/* Whether STATE names the file NAME. */
static bool names_file(json_t *state, const char *name)
{
	size_t i;
	json_t *ref;
	bool found = is_named(json_object_get(state, "inventory"), name) ||
		     is_named(json_object_get(state, "position_file"), name);
	json_array_foreach(json_object_get(state, "id_files"), i, ref)
	{
		found |= is_named(ref, name);
	}
	return found;
}

/*
 * Remove the files beside the log that were written for entries before FLOOR and that FLOOR does not name.  Entries
 * name a file from the one for which it was written until another file replaces it; so no later entry names it, either.
 */
static int remove_files(struct log *log, int64_t floor, struct strbuf *err)
{
	struct names names = {0};
	struct entry entry;
	int r = log_read(log, floor, &entry, err);
	if (r < 0)
		return r;
	json_t *state = entry_state(&entry);
	r = state ? store_list(log->store, log->dir, &names, err) : -ENODATA;
	for (size_t i = 0; r == 0 && i < names.count; i++) {
		int64_t version = side_version(names.items[i]);
		struct strbuf path = STRBUF_INIT;
		strbuf_addf(&path, "%s/%s", log->dir, names.items[i]);
		if (version >= 0 && version < floor && !names_file(state, names.items[i]))
			r = store_remove(log->store, path.s, err);
		strbuf_release(&path);
	}
	names_release(&names);
	entry_release(&entry);
	return r;
}

static int empty_entry(struct log *log, int64_t version, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT, nothing = STRBUF_INIT;
	log_entry_name(log, version, &name);
	int r = store_put(log->store, name.s, &nothing, err);
	strbuf_release(&name);
	return r;
}

void log_retire(struct log *log)
{
	struct strbuf ignored = STRBUF_INIT;
	int64_t floor = log->retire;
	if (floor <= 0 || floor >= log->version || is_done(log, floor - 1))
		return;
	KILL_POINT("before-retire");
	/* first, because once the last entry is empty, everything counts as done */
	int r = remove_files(log, floor, &ignored);
	for (int64_t version = first_left(log, floor); r == 0 && version < floor; version++) {
		r = empty_entry(log, version, &ignored);
		KILL_POINT("retiring");
	}
	strbuf_release(&ignored);
}
