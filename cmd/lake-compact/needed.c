/* What versions need: see needed.h. */
#include "needed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/delta_checkpoint.h"
#include "common/lake/delta_vector.h"
#include "common/lake/elsewhere.h"
#include "common/lake/json_in.h"
#include "common/lake/percent.h"
#include "common/lake/snapshot.h"
#include "live.h"

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

void needed_release(struct needed *n)
{
	json_decref(n->now);
	json_decref(n->until);
	json_decref(n->names);
	*n = (struct needed){0};
}

/* The file NAME was taken out AT that time; of several the latest counts. */
static void note(struct needed *n, const char *name, int64_t at)
{
	json_t *known = json_object_get(n->until, name);
	if (!known || json_integer_value(known) < at)
		json_object_set_new_nocheck(n->until, name, json_integer(at));
}

/* Note when REMOVE has taken a file out, and its deletion vector. */
static void take_remove(struct needed *n, json_t *remove)
{
	struct strbuf path = STRBUF_INIT;
	const char *aside = text_in(json_object_get(remove, "tags"), "weir.aside");
	int64_t at = number_in(remove, "deletionTimestamp");
	const char *uri = text_in(remove, "path");
	if (elsewhere_is(uri)) {
		note(n, last_part(uri), at);
		if (percent_decode(&path, uri) == 0)
			note(n, last_part(path.s), at);
	} else if (snapshot_path(remove, &path) == 0) {
		note(n, aside ? aside : path.s, at);
	}
	strbuf_clear(&path);
	if (delta_vector_path(remove, &path))
		note(n, path.s, at);
	strbuf_release(&path);
}

static int take_add(struct needed *n, json_t *add, struct strbuf *err)
{
	struct snapshot_file file;
	const json_t *at = json_object_get(add, "deletionVector");
	const char *kind = text_in(at, "storageType"), *uri = text_in(add, "path");
	if (kind && strcmp(kind, "p") == 0 && text_in(at, "pathOrInlineDv"))
		elsewhere_spare(n->names, text_in(at, "pathOrInlineDv"));
	if (elsewhere_is(uri)) {
		elsewhere_spare(n->names, uri);
		return 0;
	}
	int r = snapshot_file(add, &file, err);
	if (r < 0)
		return r;
	json_object_set_new_nocheck(n->now, file.path, json_true());
	if (file.tag)
		json_object_set_new_nocheck(n->now, file.tag, json_true());
	free(file.path);
	struct strbuf vector = STRBUF_INIT;
	if (delta_vector_path(add, &vector))
		json_object_set_new_nocheck(n->now, vector.s, json_true());
	strbuf_release(&vector);
	return 0;
}

static int take_entry(struct needed *n, const struct log *log, int64_t version, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	struct entry entry;
	size_t i;
	json_t *action;
	int r = log_read(log, version, &entry, &text);
	if (r == 0) {
		json_array_foreach(entry.removes, i, action)
		{
			take_remove(n, action);
		}
		entry_release(&entry);
	} else if (r == -EBADMSG && (log->kind == TABLE_DELTA || !log_is_retired(log, version))) {
		strbuf_addf(err, "%s: nothing is removed", text.s);
	} else if (r == -EBADMSG || r == -ENOENT) { /* it was emptied or removed, and was old enough for that */
		r = 0;
	} else {
		strbuf_addstr(err, text.s);
	}
	strbuf_release(&text);
	return r;
}

/* All entries that are left. */
static int take_entries(struct needed *n, const struct log *log, struct strbuf *err)
{
	struct names names = {0};
	int r = store_list(log->store, log->dir, &names, err);
	for (size_t i = 0; r == 0 && i < names.count; i++) {
		int64_t version = log_version_of(names.items[i]);
		if (version >= 0 && version <= log->version)
			r = take_entry(n, log, version, err);
	}
	names_release(&names);
	return r;
}

/* What the newest checkpoint of a Delta table lists as removed, perhaps by entries that are gone. */
static int take_checkpoint(struct needed *n, const struct log *log, struct strbuf *err)
{
	struct delta_checkpoints list;
	struct delta_checkpoint_in in;
	json_t *object;
	int r = delta_checkpoints_list(log, 0, log->version, &list, err);
	if (r == 0 && list.count) {
		int more = 1;
		r = delta_checkpoint_begin(&in, log, list.items[0], true, err);
		while (r == 0 && (more = delta_checkpoint_next(&in, &object, err)) > 0) {
			if (json_object_get(object, "remove"))
				take_remove(n, json_object_get(object, "remove"));
			json_decref(object);
		}
		delta_checkpoint_end(&in);
		r = r < 0 ? r : more;
	}
	delta_checkpoints_release(&list);
	return r;
}

int needed_read(struct log *log, struct needed *ret, struct strbuf *err)
{
	json_t *adds = NULL, *add;
	const char *path;
	*ret = (struct needed){.now = json_object(), .until = json_object(), .names = json_object()};
	int r = live_files(log, &adds, err);
	json_object_foreach(adds, path, add)
	{
		r = r < 0 ? r : take_add(ret, add, err);
	}
	json_decref(adds);
	if (r == 0 && log->kind == TABLE_DELTA)
		r = take_checkpoint(ret, log, err);
	return r < 0 ? r : take_entries(ret, log, err);
}

bool needed_now(const struct needed *n, const char *path)
{
	return json_object_get(n->now, path) || elsewhere_spares(n->names, path);
}

bool needed_until(const struct needed *n, const char *path, int64_t *ret_ms)
{
	json_t *at = json_object_get(n->until, path);
	at = at ? at : json_object_get(n->until, last_part(path));
	if (at)
		*ret_ms = json_integer_value(at);
	return at;
}
