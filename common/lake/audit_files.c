/* Checking the files of a table, and other files in its directory: see audit.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/audit.h"
#include "common/lake/decode.h"
#include "common/lake/snapshot.h"

static bool in_progress(const struct found *f, int64_t before_ms)
{
	/* A file that did not exist when the survey was made is newer. */
	return !f || f->owner == OWNER_ALIVE || (f->owner == OWNER_ELSEWHERE && f->modified_ms >= before_ms);
}

/* The writer that has staged TAG, according to a survey that has found it. */
static const struct found *look(struct audit *a, struct store *store, const char *tag)
{
	const struct found *f = survey_find(&a->last_look, tag);
	if (f)
		return f;
	struct strbuf ignored = STRBUF_INIT; /* audit_rest() reports directories that cannot be read */
	survey_release(&a->last_look);
	if (store_survey(store, &a->last_look, &ignored) < 0)
		strbuf_clear(&ignored);
	strbuf_release(&ignored);
	return survey_find(&a->last_look, tag);
}

/* The size of a file without its final name; -ENOENT when its stage does not exist, either. */
static int staged_size(struct audit *a, struct store *store, const struct snapshot_file *file, int64_t version,
	int64_t before_ms, uint64_t *ret, struct strbuf *err)
{
	const struct found *f = look(a, store, file->tag);
	uint64_t size;
	int r = store_size(store, file->tag, ret, err);
	if (r == -ENOENT || (r == 0 && !in_progress(f, before_ms) && store_size(store, file->path, &size, err) == 0))
		return store_size(store, file->path, ret, err); /* it was published in the meantime */
	if (r == 0 && !in_progress(f, before_ms))
		audit_find(a, "'%s' is committed by version %" PRId64 ", but not published (--repair)", file->path,
			version);
	return r;
}

/* Read the whole file and count its records. */
static int read_file(struct audit *a, struct store *store, const struct snapshot_file *file, struct strbuf *err)
{
	struct decode_count count = {.delim = state_delim(a->state)};
	decode_count_begin(&count);
	int r = decode_file(store, file->path, file->tag, file->size, decode_count_add, &count, err);
	return r < 0 ? r : decode_count_check(&count, file->path, file->records, err);
}

static int check_file(struct audit *a, struct store *store, const struct snapshot_file *file, int64_t version,
	bool quick, int64_t before_ms, struct strbuf *err)
{
	uint64_t size = 0;
	int r = store_size(store, file->path, &size, err);
	if (r == -ENOENT && file->tag)
		r = staged_size(a, store, file, version, before_ms, &size, err);
	if (r == -ENOENT) /* a commit since has put it together with others */
		r = store_size_aside(store, file->path, &size, err);
	if (r == -ENOENT) {
		strbuf_addf(err, "'%s' is missing, though version %" PRId64 " names it%s", file->path, version,
			version == a->version ? " (--undo-head)" : "");
		return -EBADMSG;
	}
	if (r == 0 && size != file->size) {
		strbuf_addf(err, "'%s' has %" PRIu64 " bytes, but the log says %" PRIu64, file->path, size, file->size);
		return -EBADMSG;
	}
	return r == 0 && !quick ? read_file(a, store, file, err) : r;
}

void audit_files(struct audit *a, struct store *store, bool quick, int64_t before_ms)
{
	struct strbuf err = STRBUF_INIT;
	const char *path;
	json_t *item;
	json_object_foreach(a->files, path, item)
	{
		struct snapshot_file file;
		strbuf_clear(&err);
		int r = snapshot_file(json_array_get(item, 0), &file, &err);
		if (r == 0) {
			r = check_file(
				a, store, &file, json_integer_value(json_array_get(item, 1)), quick, before_ms, &err);
			free(file.path);
		}
		if (r < 0)
			audit_judge(a, r, &err);
	}
	strbuf_release(&err);
}

/* Publish the file of an add action if it is only staged; 1 when that was done. */
static int publish(struct store *store, json_t *add, struct strbuf *err)
{
	struct snapshot_file file;
	uint64_t size;
	int r = snapshot_file(add, &file, err);
	if (r < 0)
		return r;
	if (file.tag && store_size(store, file.path, &size, err) == -ENOENT &&
		store_size(store, file.tag, &size, err) == 0 && size == file.size) {
		r = store_publish(store, file.path, file.size, file.tag, err);
		r = r == 0 ? 1 : r;
	}
	free(file.path);
	return r;
}

/* Hide the files that were put together in others and that are still visible, *RET_COUNT of them. */
static int set_aside(struct audit *a, struct store *store, size_t *ret_count, struct strbuf *err)
{
	int r = 0;
	for (void *it = json_object_iter(a->asides); r == 0 && it; it = json_object_iter_next(a->asides, it)) {
		const char *path = json_object_iter_key(it);
		uint64_t size;
		if (store_size(store, path, &size, err) == -ENOENT)
			continue;
		r = store_set_aside(store, path, json_string_value(json_array_get(json_object_iter_value(it), 0)), err);
		++*ret_count;
	}
	return r == 0 && *ret_count ? store_sync(store, err) : r;
}

int audit_publish(struct audit *a, struct store *store, struct audit_published *ret, struct strbuf *err)
{
	const char *path;
	json_t *item;
	*ret = (struct audit_published){0};
	int r = set_aside(a, store, &ret->hidden, err);
	json_object_foreach(a->files, path, item)
	{
		r = r < 0 ? r : publish(store, json_array_get(item, 0), err);
		ret->published += r > 0;
	}
	return r < 0 ? r : store_sync(store, err);
}

/* Whether PATH is that of an entry of the log. */
static bool is_entry(const struct audit *a, const char *path)
{
	size_t n = strlen(a->dir);
	return strncmp(path, a->dir, n) == 0 && path[n] == '/' && log_version_of(path + n + 1) >= 0;
}

void audit_find_left(struct audit *a, const struct found *f)
{
	static const char *const what[] = {[FOUND_STAGE] = "was staged by",
		[FOUND_TEMP] = "is the beginning of an entry of",
		[FOUND_LOCK] = "is the lock of"};
	static const char *const whose[] = {"a writer that nothing is known of (--clean)", "",
		"a writer that is dead (the next lake-put, or --clean, removes it)",
		"a writer of another machine, long ago (--clean)"};
	if (f->kind == FOUND_ODD)
		audit_find(a, "'%s' is not a regular file", f->path);
	else if (f->kind == FOUND_FILE)
		audit_find(a, "'%s' is not in the log, but programs that read the directory see it", f->path);
	else
		audit_find(a, "'%s' %s %s", f->path, what[f->kind], whose[f->owner]);
}

bool audit_needs(const struct audit *a, struct store *store, const char *tag)
{
	struct snapshot_file file;
	struct strbuf ignored = STRBUF_INIT;
	uint64_t size;
	json_t *add = json_object_get(a->stages, tag);
	if (!add)
		return false;
	if (snapshot_file(add, &file, &ignored) < 0) {
		strbuf_release(&ignored);
		return true;
	}
	bool there = (store_size(store, file.path, &size, &ignored) == 0 && size == file.size) ||
		     store_size_aside(store, file.path, &size, &ignored) == 0;
	free(file.path);
	strbuf_release(&ignored);
	return !there;
}

bool audit_is_left(const struct audit *a, const struct found *before, const struct found *f, int64_t before_ms)
{
	if (!before || before->owner != f->owner || f->owner == OWNER_ALIVE)
		return false;
	if (f->owner == OWNER_ELSEWHERE && f->modified_ms >= before_ms)
		return false;
	return f->kind != FOUND_ODD || !is_entry(a, f->path); /* of an entry the log reports it */
}

/* A file is still visible although others have its records: a finding unless a writer may be about to hide it. */
static void find_twice(struct audit *a, const struct survey *survey, const char *path)
{
	int64_t version = json_integer_value(json_array_get(json_object_get(a->asides, path), 1));
	bool alive = false;
	for (size_t i = 0; version == a->version && i < survey->count; i++)
		alive |= survey->items[i].kind == FOUND_LOCK && survey->items[i].owner != OWNER_DEAD;
	if (!alive)
		audit_find(a,
			"'%s' was replaced by version %" PRId64
			", but programs that read the directory still see it (--repair)",
			path, version);
}

void audit_rest(struct audit *a, struct store *store, const struct survey *first, const struct survey *second,
	int64_t before_ms)
{
	for (size_t i = 0; i < second->count; i++) {
		const struct found *f = &second->items[i];
		if (!audit_is_left(a, survey_find(first, f->path), f, before_ms))
			continue;
		if (f->kind == FOUND_STAGE && audit_needs(a, store, f->path)) /* reported by audit_files() */
			continue;
		if (f->kind == FOUND_ASIDE) /* it stays for readers of older versions */
			continue;
		if (f->kind == FOUND_FILE && json_object_get(a->asides, f->path))
			find_twice(a, second, f->path);
		else if (f->kind != FOUND_FILE || !audit_names(a, f->path))
			audit_find_left(a, f);
	}
}
