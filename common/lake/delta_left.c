/* Files of dead writers: see delta_left.h. */
#include "common/lake/delta_left.h"

#include <errno.h>
#include <string.h>

#include "common/lake/delta_checkpoint.h"
#include "common/lake/snapshot.h"

/* --- what may go -------------------------------------------------------------------------------------------------- */

/* What a name begins with that has become of the stage PATH, `.part-UUID-NUMBER.new`; false: PATH is not one. */
static bool final_name(const char *path, struct strbuf *ret_dir, struct strbuf *ret_begin)
{
	static const char end[] = ".new";
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t len = strlen(name), tail = strlen(end);
	strbuf_clear(ret_dir);
	strbuf_clear(ret_begin);
	if (*name != '.' || len <= tail + 1 || strcmp(name + len - tail, end) != 0)
		return false;
	strbuf_add(ret_dir, path, slash ? (size_t)(slash - path) : 0);
	strbuf_add(ret_begin, name + 1, len - tail - 1);
	strbuf_addch(ret_begin, '.');
	return true;
}

/* Put the names in DIR that begin with BEGIN into FILES, by their paths. */
static void take_names(json_t *files, const struct names *names, const char *dir, const char *begin)
{
	for (size_t i = 0; i < names->count; i++) {
		struct strbuf path = STRBUF_INIT;
		if (strncmp(names->items[i], begin, strlen(begin)) != 0)
			continue;
		strbuf_addf(&path, "%s%s%s", dir, *dir ? "/" : "", names->items[i]);
		json_object_set_new_nocheck(files, path.s, json_true());
		strbuf_release(&path);
	}
}

/* The files that the stages of CLAIM may have become, as the keys of FILES. */
static int find_files(const struct log *log, const struct claim *claim, json_t *files, struct strbuf *err)
{
	struct strbuf dir = STRBUF_INIT, begin = STRBUF_INIT, listed = STRBUF_INIT;
	struct names names = {0};
	bool any = false;
	int r = 0;
	for (size_t i = 0; r == 0 && i < claim->paths.count; i++) {
		if (!final_name(claim->paths.items[i], &dir, &begin))
			continue;
		if (!any || strcmp(listed.s, dir.s) != 0) { /* stages of one directory are often neighbours */
			names_release(&names);
			r = store_list(log->store, dir.s, &names, err);
			strbuf_clear(&listed);
			strbuf_addstr(&listed, dir.s);
			any = true;
		}
		if (r == 0)
			take_names(files, &names, dir.s, begin.s);
	}
	names_release(&names);
	strbuf_release(&dir);
	strbuf_release(&begin);
	strbuf_release(&listed);
	return r;
}

/* --- what the log names ------------------------------------------------------------------------------------------- */

static void spare(json_t *files, json_t *action)
{
	struct strbuf path = STRBUF_INIT;
	if (snapshot_path(action, &path) == 0)
		json_object_del(files, path.s);
	strbuf_release(&path);
}

static void spare_all(json_t *files, json_t *actions)
{
	size_t i;
	json_t *action;
	json_array_foreach(actions, i, action)
	{
		spare(files, action);
	}
}

/* Take what the entry VERSION names out of FILES; whether it can be read. */
static bool spare_entry(json_t *files, const struct log *log, int64_t version)
{
	struct strbuf ignored = STRBUF_INIT;
	struct entry entry;
	int r = log_read(log, version, &entry, &ignored);
	if (r == 0) {
		spare_all(files, entry.adds);
		spare_all(files, entry.removes);
		entry_release(&entry);
	}
	strbuf_release(&ignored);
	return r == 0;
}

static bool spare_checkpoint(json_t *files, const struct log *log, struct delta_checkpoint which)
{
	struct delta_checkpoint_in in;
	struct strbuf ignored = STRBUF_INIT;
	json_t *object;
	int r = delta_checkpoint_begin(&in, log, which, true, &ignored), more = 1;
	while (r == 0 && (more = delta_checkpoint_next(&in, &object, &ignored)) > 0) {
		spare(files, json_object_get(object, "add"));
		spare(files, json_object_get(object, "remove"));
		json_decref(object);
	}
	delta_checkpoint_end(&in);
	strbuf_release(&ignored);
	return r == 0 && more == 0;
}

/* The entries before FIRST were cleaned away: whether a readable checkpoint has their contents. */
static bool spare_cleaned(json_t *files, const struct log *log, int64_t first)
{
	struct delta_checkpoints list;
	struct strbuf ignored = STRBUF_INIT;
	bool done = false;
	if (delta_checkpoints_list(log, first - 1, log->version, &list, &ignored) == 0)
		for (size_t i = 0; !done && i < list.count; i++)
			done = spare_checkpoint(files, log, list.items[i]);
	delta_checkpoints_release(&list);
	strbuf_release(&ignored);
	return done;
}

/* The oldest entry of LOG that is left, -1: there is none; *RET_CHECKPOINT: there is a checkpoint. */
static int find_first(const struct log *log, int64_t *ret, bool *ret_checkpoint)
{
	struct names names = {0};
	struct strbuf ignored = STRBUF_INIT;
	int r = store_list(log->store, log->dir, &names, &ignored);
	*ret = -1;
	*ret_checkpoint = false;
	for (size_t i = 0; i < names.count; i++) {
		int64_t version = log_version_of(names.items[i]);
		*ret = version >= 0 && (*ret < 0 || version < *ret) ? version : *ret;
		*ret_checkpoint |= strstr(names.items[i], ".checkpoint.") != NULL;
	}
	names_release(&names);
	strbuf_release(&ignored);
	return r;
}

/* Take what LOG names out of FILES; whether all of it can be read. */
static bool spare_named(json_t *files, const struct log *log)
{
	int64_t first;
	bool checkpoint;
	if (find_first(log, &first, &checkpoint) < 0)
		return false;
	if (first < 0)
		return log->version < 0 && !checkpoint; /* there is no table yet */
	bool good = log->version - first < DELTA_LEFT_ENTRIES;
	for (int64_t version = log->version; good && version >= first && json_object_size(files); version--)
		good = spare_entry(files, log, version);
	return good && (first == 0 || !json_object_size(files) || spare_cleaned(files, log, first));
}

int delta_left_remove(const struct log *log, const struct claim *claim, struct names *ret, struct strbuf *err)
{
	json_t *files = json_object(), *value;
	const char *path;
	int r = find_files(log, claim, files, err);
	bool known = r == 0 && json_object_size(files) && spare_named(files, log);
	json_object_foreach(files, path, value)
	{
		if (!known || r < 0)
			continue;
		r = store_remove(log->store, path, err);
		if (r == 0)
			names_add(ret, path);
	}
	json_decref(files);
	return r;
}
