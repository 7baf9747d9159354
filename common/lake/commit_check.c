/* Whether a commit is valid on the current head: see log.h. */
#include <errno.h>
#include <inttypes.h>

#include "common/lake/ids.h"
#include "common/lake/json_in.h"
#include "common/lake/log.h"
#include "common/lake/percent.h"

static int check_position(const struct log *log, const struct position *p, struct strbuf *err)
{
	int64_t next = state_position(log->state, p->group, p->topic, p->partition);
	int32_t parts = state_parts(log->state, p->group, p->topic);
	if (next != p->was) {
		strbuf_addf(err,
			"the lake is at offset %" PRId64 " of %s [%d] for group %s, not at %" PRId64
			": another writer has committed past it",
			next, p->topic, (int)p->partition, p->group, p->was);
		return -ESTALE;
	}
	if (p->has_parts && parts >= 0 && parts != p->parts) {
		strbuf_addf(err,
			"according to the lake %s had %" PRId32 " partitions when group %s began, not %" PRId32
			": another pipeline has begun at the same time",
			p->topic, parts, p->group, p->parts);
		return -ESTALE;
	}
	return 0;
}

/* A second group would store every record of its topic once more, wherever its position is. */
static int check_group(const struct log *log, const struct commit *commit, const struct position *p, struct strbuf *err)
{
	return commit->beside ? 0 : log_check_group(log, p->group, p->topic, err);
}

int log_check_group(const struct log *log, const char *group, const char *topic, struct strbuf *err)
{
	const char *other = state_other_group(log->state, group, topic);
	if (!other)
		return 0;
	strbuf_addf(err,
		"'%s' holds topic '%s' for group '%s'; a second group would store every record once more: go on with "
		"-g '%s', or rename that (weir lake-check --rename-group '%s' '%s' '%s'), or allow both (--also-group)",
		log->store->url, topic, other, other, other, group, log->store->url);
	return -EINVAL;
}

static int check_rename(const struct log *log, const struct commit *commit, struct strbuf *err)
{
	if (!state_knows_group(log->state, commit->old_group))
		strbuf_addf(err, "the table has no positions of group '%s'", commit->old_group);
	else if (state_knows_group(log->state, commit->new_group))
		strbuf_addf(err, "the table has positions of group '%s' already", commit->new_group);
	else
		return 0;
	return -EINVAL;
}

int log_has_id(const struct log *log, const char *id, struct strbuf *err)
{
	return ids_find((struct ids_place){log->store, log->dir}, log->state, id, err);
}

/* Check the further requirements of a Delta table: see log_delta.c. */
static int check_delta(const struct log *log, const struct commit *commit, struct strbuf *err)
{
	int r = log_delta_check(log, !commit->moved, err);
	if (r == 0 && log->version < 0 && !commit->meta) {
		strbuf_addf(err, "'%s' cannot be created without a schema", log->store->url);
		return -EINVAL;
	}
	return r == 0 ? log_delta_check_schema(log, commit, err) : r;
}

/* The path of ACTION, which other writers may have encoded in another way; "" when there is none. */
static const char *key_of(json_t *action, struct strbuf *buf)
{
	const char *uri = text_in(action, "path");
	strbuf_clear(buf);
	strbuf_addstr(buf, "");
	return !uri ? "" : percent_decode(buf, uri) == 0 ? buf->s : uri;
}

/* Whether ENTRY names, as a file that it adds or removes, one of PATHS. */
static bool touches(const struct entry *entry, json_t *paths)
{
	json_t *const lists[] = {entry->adds, entry->removes};
	struct strbuf key = STRBUF_INIT;
	size_t i;
	json_t *action;
	for (size_t j = 0; j < 2; j++) {
		json_array_foreach(lists[j], i, action)
		{
			if (json_object_get(paths, key_of(action, &key))) {
				strbuf_release(&key);
				return true;
			}
		}
	}
	strbuf_release(&key);
	return false;
}

/* The files that COMMIT removes must still be the table's, and those that were read: no entry since has them. */
static int check_gone(const struct log *log, const struct commit *commit, struct strbuf *err)
{
	json_t *paths = json_object(), *file;
	struct strbuf key = STRBUF_INIT;
	size_t i;
	int r = 0;
	json_array_foreach(commit->gone, i, file)
	{
		json_object_set_new_nocheck(paths, key_of(file, &key), json_true());
	}
	strbuf_release(&key);
	for (int64_t version = commit->since + 1; r == 0 && version <= log->version; version++) {
		struct strbuf ignored = STRBUF_INIT;
		struct entry entry;
		bool known = log_read(log, version, &entry, &ignored) == 0;
		if (!known || touches(&entry, paths)) {
			strbuf_addf(err,
				"version %" PRId64 " of '%s' %s: nothing is committed, and the files have to be "
				"read again",
				version, log->store->url,
				known ? "has changed what was to be replaced" : "cannot be read");
			r = -EAGAIN;
		}
		if (known)
			entry_release(&entry);
		strbuf_release(&ignored);
	}
	json_decref(paths);
	return r;
}

int log_check_commit(const struct log *log, const struct commit *commit, struct strbuf *err)
{
	int r = commit->id ? log_has_id(log, commit->id, err) : 0;
	if (r > 0) {
		strbuf_addf(err, "id '%s' has been committed before", commit->id);
		return -EALREADY;
	}
	if (r == 0 && log->kind == TABLE_DELTA)
		r = check_delta(log, commit, err);
	if (r == 0 && commit->old_group)
		r = check_rename(log, commit, err);
	if (r == 0 && commit->gone)
		r = check_gone(log, commit, err);
	for (size_t i = 0; r == 0 && i < commit->npositions + commit->nstay; i++) {
		r = check_group(log, commit, &commit->positions[i], err);
		if (r == 0)
			r = check_position(log, &commit->positions[i], err);
	}
	return r;
}
