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
#include "common/lake/beneath.h"

#define READ_SIZE (64u << 10)

struct store_fs *store_fs(struct store *store)
{
	return (struct store_fs *)store;
}

int fs_fail(const struct store_fs *fs, int code, const char *verb, const char *path, struct strbuf *err)
{
	code = code < 0 ? -code : code;
	strbuf_addf(err, "cannot %s '%s%s%s': %s", verb, fs->path, *path ? "/" : "", path,
		code == EXDEV ? "it leads out of the table" : diag_strerror(code));
	return code == EXDEV ? -EBADMSG : -code;
}

bool fs_unable(int code)
{
	return code == -ENOSYS || code == -EOPNOTSUPP || code == -EINVAL;
}

int fs_lacks(const struct store_fs *fs, const char *what, struct strbuf *err)
{
	strbuf_addf(err, "the file system of '%s' has no %s (weir-lake(7))", fs->path, what);
	return -EINVAL;
}

char *fs_dirname(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? xstrndup(path, (size_t)(slash - path)) : xstrdup(".");
}

int fs_read_all(int fd, uint64_t max, struct strbuf *ret)
{
	uint64_t sum = 0;
	for (;;) {
		ssize_t n = read(fd, strbuf_grow(ret, READ_SIZE), READ_SIZE);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n < 0)
			continue;
		strbuf_extend(ret, (size_t)n);
		sum += (uint64_t)n;
		if (sum > max)
			return -EMSGSIZE;
	}
}

int fs_root(struct store_fs *fs)
{
	struct stat st;
	/*
	 * Another writer that created the table but did not commit may have removed it; while our lock is in it, nobody
	 * can.
	 */
	if (fs->root >= 0 && fs->lock < 0 && fstat(fs->root, &st) == 0 && st.st_nlink == 0) {
		close(fs->root);
		fs->root = -1;
	}
	if (fs->root < 0)
		fs->root = open(fs->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fs->root;
}

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
	int r = fs_read_all(fd, max, ret);
	close(fd);
	if (r == -EMSGSIZE) {
		strbuf_addf(err, "'%s/%s' has more than %" PRIu64 " bytes", fs->path, path, max);
		return -EBADMSG;
	}
	return r < 0 ? fs_fail(fs, r, "read", path, err) : 0;
}

static int read_at(struct store *store, const char *path, const char *tag, uint64_t pos, void *buf, size_t size,
	struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	/* The stage, and the file once more, in case it was published in between. */
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

static const struct housekeeping housekeeping = {
	.survey = survey_fs,
	.claim = claim_fs,
	.end_claim = claim_fs_end,
	.undo = dir_fs_undo,
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
