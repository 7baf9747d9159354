/* The store of a local directory: opening, files, directories.  See store.h and store_fs.h. */
#include "common/lake/store_fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"

#define READ_SIZE (64u << 10)

struct store_fs *store_fs(struct store *store)
{
	return (struct store_fs *)store;
}

int fs_fail(const struct store_fs *fs, int code, const char *verb, const char *path, struct strbuf *err)
{
	code = code < 0 ? -code : code;
	strbuf_addf(err, "cannot %s '%s%s%s': %s", verb, fs->path, *path ? "/" : "", path, diag_strerror(code));
	return -code;
}

bool fs_path_ok(const char *path)
{
	if (!*path || strchr(path, '\n'))
		return false;
	for (const char *p = path; p; p = strchr(p, '/')) {
		p += *p == '/';
		size_t n = strcspn(p, "/");
		if (n == 0 || (n == 1 && *p == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
	}
	return true;
}

char *fs_dirname(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? xstrndup(path, (size_t)(slash - path)) : xstrdup(".");
}

int fs_write_all(int fd, const void *data, size_t len)
{
	const char *p = data;
	while (len) {
		ssize_t n = write(fd, p, len);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

int fs_write_new(struct store_fs *fs, const char *path, const char *name, const struct strbuf *data, bool durable,
	struct strbuf *err)
{
	int fd = openat(fs->root, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return fs_fail(fs, errno, "create", name, err);
	int r = fs_write_all(fd, data->s, data->len);
	if (r == 0 && durable && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0)
		return 0;
	unlinkat(fs->root, path, 0);
	return fs_fail(fs, r, "write", name, err);
}

/* Whoever puts a FIFO into a table shall not make us wait for its writer: files are opened with O_NONBLOCK. */
static int read_all(int fd, struct strbuf *ret)
{
	for (;;) {
		ssize_t n = read(fd, strbuf_grow(ret, READ_SIZE), READ_SIZE);
		if (n == 0)
			return 0;
		if (n > 0)
			strbuf_extend(ret, (size_t)n);
		else if (errno != EINTR)
			return -errno;
	}
}

int fs_root(struct store_fs *fs)
{
	if (fs->root < 0)
		fs->root = open(fs->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fs->root;
}

static int get(struct store *store, const char *path, struct strbuf *ret, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	int fd = fs_root(fs) < 0 ? -1 : openat(fs->root, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return fs_fail(fs, errno, "open", path, err);
	int r = read_all(fd, ret);
	close(fd);
	return r < 0 ? fs_fail(fs, r, "read", path, err) : 0;
}

static int read_at(struct store *store, const char *path, const char *tag, uint64_t pos, void *buf, size_t size,
	struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	/* The stage, and the file once more, in case that it was published in between. */
	const char *const places[] = {path, tag ? tag : path, path};
	int fd = -1;
	for (size_t i = 0; fd < 0 && i < 3; i++) {
		errno = EBADMSG;
		if (!fs_path_ok(places[i]) || fs_root(fs) < 0)
			break;
		fd = openat(fs->root, places[i], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0 && errno != ENOENT)
			break;
	}
	if (fd < 0)
		return fs_fail(fs, errno, "open", path, err);
	ssize_t n;
	do
		n = pread(fd, buf, size, (off_t)pos);
	while (n < 0 && errno == EINTR);
	int code = errno;
	close(fd);
	if (n >= 0)
		return (int)n;
	fs_fail(fs, code, "read", path, err);
	return code == ESPIPE || code == EISDIR ? -EBADMSG : -code; /* it is no file at all */
}

static int list(struct store *store, const char *path, struct names *ret, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	int fd = fs_root(fs) < 0 ? -1 : openat(fs->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : fs_fail(fs, errno, "open", path, err);
	DIR *dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return fs_fail(fs, ENOMEM, "read", path, err);
	}
	struct dirent *e;
	while ((errno = 0, e = readdir(dir)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			names_add(ret, e->d_name);
	int r = errno ? fs_fail(fs, errno, "read", path, err) : 0;
	closedir(dir);
	return r;
}

/* A hidden name beside PATH that only this writer uses. */
static char *temp_name(const struct store_fs *fs, const char *path)
{
	struct strbuf s = STRBUF_INIT;
	const char *slash = strrchr(path, '/');
	strbuf_add(&s, path, slash ? (size_t)(slash + 1 - path) : 0);
	strbuf_addf(&s, ".new-%s", fs->writer);
	return strbuf_detach(&s);
}

static int put(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	char *temp = temp_name(fs, path);
	int r = fs_mark(fs, err);
	if (r == 0)
		r = fs_make_dirs(fs, path, err);
	if (r == 0)
		r = fs_write_new(fs, temp, path, data, false, err);
	if (r == 0 && renameat(fs->root, temp, fs->root, path) < 0) {
		r = fs_fail(fs, errno, "rename", temp, err);
		unlinkat(fs->root, temp, 0);
	}
	free(temp);
	return r;
}

/* link(2) never replaces, so it is the compare-and-swap; what it shows is whole and durable. */
static int put_link(struct store_fs *fs, const char *temp, const char *path, struct strbuf *err)
{
	KILL_POINT("before-link");
	if (linkat(fs->root, temp, fs->root, path, 0) < 0) {
		int code = errno;
		if (code == EEXIST) /* the usual lost race: no text for it */
			return -EEXIST;
		return fs_fail(fs, code, "create", path, err);
	}
	KILL_POINT("after-link");
	return 0;
}

static int put_if_absent(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	char *temp = temp_name(fs, path), *dir = fs_dirname(path);
	int r = fs_mark(fs, err);
	if (r == 0)
		r = fs_make_dirs(fs, path, err);
	if (r == 0) /* the directories must last before the entry is in them */
		r = store_sync(store, err);
	if (r == 0)
		r = fs_write_new(fs, temp, path, data, true, err);
	if (r == 0) {
		r = put_link(fs, temp, path, err);
		if (r == 0 && fs_sync_dir(fs, dir, err) < 0)
			r = STORE_UNKNOWN; /* it is there, but may not last */
		unlinkat(fs->root, temp, 0);
	}
	free(temp);
	free(dir);
	return r;
}

static void close_store(struct store *store)
{
	struct store_fs *fs = store_fs(store);
	if (fs->fd >= 0)
		close(fs->fd);
	fs_unmark(fs);
	if (fs->root >= 0)
		close(fs->root);
	names_release(&fs->made);
	names_release(&fs->above);
	names_release(&fs->dirty);
	free(fs->path);
	free(fs->writer);
	free(fs);
}

static const struct store_ops operations = {
	.close = close_store,
	.get = get,
	.read = read_at,
	.list = list,
	.put = put,
	.put_if_absent = put_if_absent,
	.stage = stage_fs_open,
	.append = stage_fs_append,
	.seal = stage_fs_seal,
	.sync = dir_fs_sync,
	.publish = stage_fs_publish,
	.discard = stage_fs_discard,
	.size = stage_fs_size,
	.survey = survey_fs,
	.claim = claim_fs,
	.settle = claim_fs_settle,
	.undo = dir_fs_undo,
};

int store_fs_open(const char *path, const char *writer, struct store **ret, struct strbuf *err)
{
	struct store_fs *fs = xcalloc(1, sizeof *fs);
	fs->base.ops = &operations;
	fs->path = xstrdup(path);
	for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
		fs->path[n - 1] = '\0';
	fs->writer = writer ? xstrdup(writer) : NULL;
	fs->mark = fs->fd = -1;
	fs->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fs->root >= 0 || errno == ENOENT) {
		*ret = &fs->base;
		return 0;
	}
	int r = fs_fail(fs, errno, "open", "", err);
	close_store(&fs->base);
	return r;
}
