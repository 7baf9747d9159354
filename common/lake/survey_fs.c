/*
 * Listing everything in a local table: see store_survey() and store_fs.h.
 *
 * Stages are listed before locks.  A writer has its lock before it stages anything, so a stage without a lock has no
 * writer, or its writer has ended since.  Our own files are recognised by names that no other program makes, with a
 * UUID in them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/lake/aside.h"
#include "common/lake/beneath.h"
#include "common/lake/store_fs.h"
#include "common/base/uuid.h"

#define MAKING_MS 60000 /* a lock gets its name and the header of its writer within milliseconds */

struct walk {
	struct store_fs *fs;
	struct survey *ret;
	struct names dirs; /* directories that are still to be read */
	struct strbuf *err;
	int first;     /* error */
	bool is_table; /* there is a log */
};

/* Record the error CODE with the message TEXT, which is released. */
static void note_text(struct walk *w, int code, struct strbuf *text)
{
	strbuf_addf(w->err, "%s%s", w->err->len ? "; " : "", text->s);
	w->first = w->first ? w->first : code;
	strbuf_release(text);
}

static void note(struct walk *w, int code, const char *path)
{
	struct strbuf text = STRBUF_INIT;
	code = fs_fail(w->fs, code, "read", path, &text);
	note_text(w, code, &text);
}

/* Whether the directory DIR, "" or with a '/' at its end, has a log. */
static bool has_log(const struct store_fs *fs, const char *dir)
{
	static const char *const logs[] = {"_weir_log", "_delta_log"};
	struct stat st;
	bool found = false;
	for (size_t i = 0; !found && i < sizeof logs / sizeof *logs; i++) {
		struct strbuf path = STRBUF_INIT;
		strbuf_addf(&path, "%s%s", dir, logs[i]);
		found = beneath_stat(fs->root, path.s, false, &st) == 0;
		strbuf_release(&path);
	}
	return found;
}

/* DIR is to be read, too, unless it is a table in this one: its files are its own. */
static void add_dir(struct walk *w, const char *dir)
{
	struct strbuf path = STRBUF_INIT;
	strbuf_addf(&path, "%s/", dir);
	if (!w->is_table || !has_log(w->fs, path.s))
		names_add(&w->dirs, dir);
	strbuf_release(&path);
}

/* When PATH was renamed, the last change of a file that was set aside, in ms since the epoch; -1 when it is gone. */
static int64_t hidden_ms(const struct store_fs *fs, const char *path)
{
	struct stat st;
	return beneath_stat(fs->root, path, false, &st) < 0
		       ? -1
		       : (int64_t)st.st_ctim.tv_sec * 1000 + st.st_ctim.tv_nsec / 1000000;
}

static void add(struct walk *w, const char *path, enum found_kind kind, enum found_owner owner)
{
	struct survey *s = w->ret;
	int64_t ms = kind == FOUND_ASIDE ? hidden_ms(w->fs, path) : fs_modified_ms(w->fs, path);
	if (ms < 0 && kind != FOUND_FILE)
		return; /* gone */
	if (s->count == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 64;
		s->items = xreallocarray(s->items, s->cap, sizeof *s->items);
	}
	s->items[s->count++] = (struct found){xstrdup(path), kind, owner, ms < 0 ? INT64_MAX : ms};
}

static void see(struct walk *w, const char *dir, const struct dirent *e)
{
	struct strbuf path = STRBUF_INIT;
	struct stat st;
	bool is_dir = e->d_type == DT_DIR, hidden = *e->d_name == '.' || *e->d_name == '_';
	strbuf_addf(&path, "%s%s%s", *dir ? dir : "", *dir ? "/" : "", e->d_name);
	if (e->d_type == DT_UNKNOWN)
		is_dir = fstatat(w->fs->root, path.s, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
	/*
	 * A link to a directory is not followed, wherever it leads; other programs that read the directory do not
	 * follow it, either.
	 */
	bool link = !is_dir && !hidden && (e->d_type == DT_LNK || e->d_type == DT_UNKNOWN) &&
		    fstatat(w->fs->root, path.s, &st, 0) == 0 && S_ISDIR(st.st_mode);
	if (is_dir && !hidden)
		add_dir(w, path.s);
	else if (!is_dir && !hidden && !link)
		add(w, path.s, FOUND_FILE, OWNER_NONE);
	else if (!is_dir && fs_is_stage(e->d_name, NULL))
		add(w, path.s, FOUND_STAGE, OWNER_NONE);
	else if (!is_dir && aside_is(e->d_name))
		add(w, path.s, FOUND_ASIDE, OWNER_NONE);
	strbuf_release(&path);
}

static void read_dir(struct walk *w, const char *path)
{
	int fd = beneath_open(w->fs->root, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (fd < 0) {
		if (fd != -ENOENT)
			note(w, fd, path);
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

/* List the names in DIR, a directory of ours; report what is not a regular file. */
static void list_ours(struct walk *w, const char *dir, struct names *ret)
{
	struct strbuf text = STRBUF_INIT;
	int r = store_list(&w->fs->base, dir, ret, &text);
	if (r < 0)
		note_text(w, r, &text);
	for (size_t i = 0; i < ret->count; i++) {
		struct strbuf path = STRBUF_INIT;
		struct stat st;
		strbuf_addf(&path, "%s/%s", dir, ret->items[i]);
		if (beneath_stat(w->fs->root, path.s, false, &st) == 0 && !S_ISREG(st.st_mode))
			add(w, path.s, FOUND_ODD, OWNER_NONE);
		strbuf_release(&path);
	}
}

/* Find .new-UUID in the directories of logs. */
static void find_temps(struct walk *w, const char *dir)
{
	struct names names = {0};
	list_ours(w, dir, &names);
	for (size_t i = 0; i < names.count; i++) {
		struct strbuf path = STRBUF_INIT;
		if (!fs_is_temp(names.items[i]))
			continue;
		strbuf_addf(&path, "%s/%s", dir, names.items[i]);
		add(w, path.s, FOUND_TEMP, OWNER_NONE);
		strbuf_release(&path);
	}
	names_release(&names);
}

/* Set the owner of all items that carry UUID to OWNER. */
static void own(struct walk *w, size_t count, const char *uuid, enum found_owner owner)
{
	for (size_t i = 0; i < count; i++) {
		struct found *f = &w->ret->items[i];
		const char *slash = strrchr(f->path, '/');
		if (f->kind != FOUND_FILE && f->kind != FOUND_ODD && strstr(slash ? slash : f->path, uuid))
			f->owner = owner;
	}
}

static void find_lock(struct walk *w, size_t count, const char *name, const char *uuid)
{
	struct fs_lock lock;
	struct strbuf path = STRBUF_INIT;
	strbuf_addf(&path, "%s/%s", FS_WRITERS, name);
	int r = fs_lock_read(w->fs, path.s, &lock);
	enum found_owner owner = r == 0 ? lock.owner : OWNER_ELSEWHERE;
	/* otherwise it may just be being made, whatever age was asked for */
	if (fs_is_temp(name) && owner == OWNER_DEAD)
		owner = fs_modified_ms(w->fs, path.s) >= clock_epoch_ms() - MAKING_MS ? OWNER_ALIVE : OWNER_ELSEWHERE;
	if (r == 0 || r == -EACCES) {
		own(w, count, uuid, owner);
		add(w, path.s, FOUND_LOCK, owner);
	}
	fs_lock_release(&lock);
	strbuf_release(&path);
}

static void find_locks(struct walk *w)
{
	struct names names = {0};
	size_t count = w->ret->count;
	list_ours(w, FS_WRITERS, &names);
	for (size_t i = 0; i < names.count; i++) {
		const char *uuid = fs_lock_uuid(names.items[i]);
		if (uuid)
			find_lock(w, count, names.items[i], uuid);
	}
	names_release(&names);
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
	w.is_table = has_log(w.fs, "");
	names_add(&w.dirs, "");
	while (w.dirs.count) {
		char *path = w.dirs.items[--w.dirs.count];
		read_dir(&w, path);
		free(path);
	}
	find_temps(&w, "_weir_log");
	find_temps(&w, "_delta_log");
	find_locks(&w);
	names_release(&w.dirs);
	if (ret->count)
		qsort(ret->items, ret->count, sizeof *ret->items, by_path);
	return w.first;
}
