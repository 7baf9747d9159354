/*
 * All that is in a local table: see store_survey() and store_fs.h.
 *
 * Stages are listed before marks: whoever stages has a mark by then, so a stage without one has no writer, or one
 * that has ended since.  What ours are is told by names that nobody else makes, with a UUID in them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/lake/store_fs.h"
#include "common/lake/uuid.h"

struct walk {
	struct store_fs *fs;
	struct survey *ret;
	struct names dirs; /* still to be read */
	struct strbuf *err;
	int first; /* error */
};

static void note(struct walk *w, int code, const char *path)
{
	if (w->err->len)
		strbuf_addstr(w->err, "; ");
	code = fs_fail(w->fs, code, "read", path, w->err);
	w->first = w->first ? w->first : code;
}

static void add(struct walk *w, const char *path, enum found_kind kind, enum found_owner owner)
{
	struct survey *s = w->ret;
	int64_t ms = kind == FOUND_FILE ? 0 : fs_modified_ms(w->fs, path);
	if (ms < 0)
		return; /* gone */
	if (s->count == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 64;
		s->items = xreallocarray(s->items, s->cap, sizeof *s->items);
	}
	s->items[s->count++] = (struct found){xstrdup(path), kind, owner, ms};
}

/* .part-UUID-NUMBER, and what compression adds. */
static bool is_stage(const char *name)
{
	static const char begin[] = ".part-";
	if (strncmp(name, begin, strlen(begin)) != 0 || !fs_is_uuid(name + strlen(begin)))
		return false;
	const char *s = name + strlen(begin) + UUID_LEN;
	size_t digits = *s == '-' ? strspn(s + 1, "0123456789") : 0;
	return digits >= 5 && (!s[1 + digits] || s[1 + digits] == '.');
}

static void see(struct walk *w, const char *dir, const struct dirent *e)
{
	struct strbuf path = STRBUF_INIT;
	struct stat st;
	bool is_dir = e->d_type == DT_DIR, odd = *e->d_name == '.' || *e->d_name == '_';
	strbuf_addf(&path, "%s%s%s", *dir ? dir : "", *dir ? "/" : "", e->d_name);
	if (e->d_type == DT_UNKNOWN)
		is_dir = fstatat(w->fs->root, path.s, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
	/* A link to a directory may lead anywhere: what the log names is found through it, the rest is not ours. */
	bool link = !is_dir && !odd && (e->d_type == DT_LNK || e->d_type == DT_UNKNOWN) &&
		    fstatat(w->fs->root, path.s, &st, 0) == 0 && S_ISDIR(st.st_mode);
	if (is_dir && !odd)
		names_add(&w->dirs, path.s);
	else if (!is_dir && !odd && !link)
		add(w, path.s, FOUND_FILE, OWNER_NONE);
	else if (!is_dir && is_stage(e->d_name))
		add(w, path.s, FOUND_STAGE, OWNER_NONE);
	strbuf_release(&path);
}

static void read_dir(struct walk *w, const char *path)
{
	int fd = openat(w->fs->root, *path ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		if (errno != ENOENT)
			note(w, errno, path);
		return;
	}
	DIR *dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		note(w, ENOMEM, path);
		return;
	}
	struct dirent *e;
	while ((errno = 0, e = readdir(dir)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			see(w, path, e);
	if (errno)
		note(w, errno, path);
	closedir(dir);
}

/* .new-UUID in the directories of logs. */
static void find_temps(struct walk *w, const char *dir)
{
	static const char begin[] = ".new-";
	struct names names = {0};
	int r = store_list(&w->fs->base, dir, &names, w->err);
	w->first = w->first ? w->first : r;
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];
		struct strbuf path = STRBUF_INIT;
		if (strncmp(name, begin, strlen(begin)) != 0 || strlen(name) != strlen(begin) + UUID_LEN ||
			!fs_is_uuid(name + strlen(begin)))
			continue;
		strbuf_addf(&path, "%s/%s", dir, name);
		add(w, path.s, FOUND_TEMP, OWNER_NONE);
		strbuf_release(&path);
	}
	names_release(&names);
}

static enum found_owner owner_of(const struct store_fs *fs, const char *path)
{
	int fd = openat(fs->root, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return OWNER_NONE;
	bool dead = flock(fd, LOCK_SH | LOCK_NB) == 0;
	close(fd);
	return dead ? OWNER_DEAD : OWNER_ALIVE;
}

/* What carries UUID belongs to OWNER. */
static void own(struct walk *w, size_t count, const char *uuid, enum found_owner owner)
{
	for (size_t i = 0; i < count; i++) {
		struct found *f = &w->ret->items[i];
		const char *slash = strrchr(f->path, '/');
		if (f->kind != FOUND_FILE && strstr(slash ? slash : f->path, uuid))
			f->owner = owner;
	}
}

static void find_marks(struct walk *w)
{
	struct names names = {0};
	struct strbuf prefix = STRBUF_INIT, path = STRBUF_INIT;
	size_t count = w->ret->count;
	fs_mark_prefix(&prefix);
	int r = store_list(&w->fs->base, FS_MARKS, &names, w->err);
	w->first = w->first ? w->first : r;
	for (size_t i = 0; i < names.count; i++) {
		bool here;
		const char *uuid = fs_mark_uuid(names.items[i], prefix.s, &here);
		if (!uuid)
			continue;
		strbuf_clear(&path);
		strbuf_addf(&path, "%s/%s", FS_MARKS, names.items[i]);
		enum found_owner owner = here ? owner_of(w->fs, path.s) : OWNER_ELSEWHERE;
		own(w, count, uuid, owner);
		add(w, path.s, FOUND_MARK, owner);
	}
	names_release(&names);
	strbuf_release(&prefix);
	strbuf_release(&path);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->path, ((const struct found *)b)->path);
}

int survey_fs(struct store *store, struct survey *ret, struct strbuf *err)
{
	struct walk w = {.fs = store_fs(store), .ret = ret, .err = err};
	if (fs_root(w.fs) < 0)
		return errno == ENOENT ? 0 : fs_fail(w.fs, errno, "open", "", err);
	names_add(&w.dirs, "");
	while (w.dirs.count) {
		char *path = w.dirs.items[--w.dirs.count];
		read_dir(&w, path);
		free(path);
	}
	find_temps(&w, "_weir_log");
	find_temps(&w, "_delta_log");
	find_marks(&w);
	names_release(&w.dirs);
	if (ret->count)
		qsort(ret->items, ret->count, sizeof *ret->items, by_path);
	return w.first;
}
