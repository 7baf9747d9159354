/* The store of a local directory: opening and reading.  See store.h and store_fs.h. */
#include "common/lake/store_fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/whole.h"
#include "common/lake/aside.h"
#include "common/lake/beneath.h"

/*
 * Open the regular file PATH for reading.  Returns the descriptor; -EBADMSG when PATH is not a regular file or leads
 * out of the table; -ENOENT and other errors of open(2).
 */
static int open_file(struct store_fs *fs, const char *path, struct strbuf *err)
{
	struct stat st = {0};
	if (fs_root(fs) < 0)
		return fs_fail(fs, errno, "open", path, err);
	int fd = beneath_open(fs->root, path, O_RDONLY, 0);
	if (fd < 0 && fd != -ENXIO) /* ENXIO: a socket, which is not a regular file */
		return fs_fail(fs, fd, "open", path, err);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	if (fd >= 0)
		close(fd);
	strbuf_addf(err, "'%s/%s' is not a regular file", fs->path, path);
	return -EBADMSG;
}

static int get(struct store *store, const char *path, uint64_t max, struct strbuf *ret, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	int fd = open_file(fs, path, err);
	if (fd < 0)
		return fd;
	int r = whole_read_open(fd, max, ret);
	close(fd);
	if (r == -EFBIG) {
		strbuf_addf(err, "'%s/%s' has more than %" PRIu64 " bytes", fs->path, path, max);
		return -EBADMSG;
	}
	return r < 0 ? fs_fail(fs, r, "read", path, err) : 0;
}

/* Open PATH for reading, under whatever name it has. */
static int open_any(struct store_fs *fs, const char *path, const char *tag, struct strbuf *err)
{
	/* The stage, and the file once more, in case it was published in between; then it may have been set aside. */
	const char *const places[] = {path, tag ? tag : path, path};
	size_t from = err->len;
	int fd = -ENOENT;
	for (size_t i = 0; fd == -ENOENT && i < 3; i++) {
		strbuf_setlen(err, from);
		fd = open_file(fs, places[i], err);
		/* when the name of its directory belongs to something else, it does not exist, either */
		if (fd == -ENOTDIR)
			fd = -ENOENT;
	}
	char *aside = fd == -ENOENT ? aside_name(path) : NULL;
	if (aside) {
		struct strbuf why = STRBUF_INIT;
		int other = open_file(fs, aside, &why);
		if (other >= 0 || other != -ENOENT) {
			strbuf_setlen(err, from);
			strbuf_addstr(err, other < 0 ? why.s : "");
			fd = other;
		}
		strbuf_release(&why);
	}
	free(aside);
	return fd;
}

static int read_at(struct store *store, const char *path, const char *tag, uint64_t pos, void *buf, size_t size,
	struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	int fd = open_any(fs, path, tag, err);
	if (fd < 0)
		return fd;
	ssize_t n;
	do
		n = pread(fd, buf, size, (off_t)pos);
	while (n < 0 && errno == EINTR);
	int code = errno;
	close(fd);
	return n >= 0 ? (int)n : fs_fail(fs, code, "read", path, err);
}

static int list(struct store *store, const char *path, struct names *ret, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	int fd = fs_root(fs) < 0 ? -errno : beneath_open(fs->root, path, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fs_fail(fs, fd, "open", path, err);
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

static int remove_file(struct store *store, const char *path, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	int r = beneath_unlink(fs->root, path, 0);
	return r < 0 && r != -ENOENT ? fs_fail(fs, r, "remove", path, err) : 0;
}

static void close_store(struct store *store)
{
	struct store_fs *fs = store_fs(store);
	if (fs->fd >= 0)
		close(fs->fd);
	fs_unlock(fs);
	if (fs->root >= 0)
		close(fs->root);
	names_release(&fs->made);
	names_release(&fs->above);
	names_release(&fs->dirty);
	free(fs->path);
	free(fs->writer);
	free(fs);
}

/* Remove what this writer made that nobody needs. */
static void undo(struct store *store)
{
	struct store_fs *fs = store_fs(store);
	fs_unlock(fs);
	fs_remove_made(fs);
}

static const struct housekeeping housekeeping = {
	.survey = survey_fs,
	.claim = claim_fs,
	.end_claim = claim_fs_end,
	.undo = undo,
};

static const struct store_ops operations = {
	.close = close_store,
	.get = get,
	.read = read_at,
	.list = list,
	.put = put_fs,
	.put_if_absent = put_fs_if_absent,
	.stage = stage_fs_open,
	.append = stage_fs_append,
	.seal = stage_fs_seal,
	.sync = dir_fs_sync,
	.publish = stage_fs_publish,
	.discard = stage_fs_discard,
	.size = stage_fs_size,
	.remove = remove_file,
	.set_aside = aside_fs,
	.size_aside = aside_fs_size,
	.housekeeping = &housekeeping,
};

int store_fs_open(const char *path, const char *writer, struct store **ret, struct strbuf *err)
{
	struct store_fs *fs = xcalloc(1, sizeof *fs);
	fs->base.ops = &operations;
	fs->path = xstrdup(path);
	for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
		fs->path[n - 1] = '\0';
	fs->writer = writer ? xstrdup(writer) : NULL;
	fs->lock = fs->fd = -1;
	fs->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fs->root >= 0 || errno == ENOENT) {
		*ret = &fs->base;
		return 0;
	}
	int r = fs_fail(fs, errno, "open", "", err);
	close_store(&fs->base);
	return r;
}
