/* Setting files of a local directory aside: see store_set_aside() and store_fs.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/killpoint.h"
#include "common/lake/aside.h"
#include "common/lake/beneath.h"
#include "common/lake/store_fs.h"

/* ASIDE comes from the log, which must not make us rename anything else. */
static int check_name(const struct store_fs *fs, const char *path, const char *aside, struct strbuf *err)
{
	char *expected = aside_name(path);
	bool good = expected && beneath_ok(path) && strcmp(aside, expected) == 0;
	free(expected);
	if (good)
		return 0;
	strbuf_addf(err, "the log of '%s' names '%s' as what '%s' becomes when it is hidden, which it cannot", fs->path,
		aside, path);
	return -EBADMSG;
}

int aside_fs(struct store *store, const char *path, const char *aside, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	int r = check_name(fs, path, aside, err);
	if (r == 0 && fs_root(fs) < 0)
		r = fs_fail(fs, errno, "open", path, err);
	if (r < 0)
		return r;
	KILL_POINT("before-aside");
	r = beneath_rename(fs->root, path, aside);
	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		return fs_fail(fs, r, "hide", path, err);
	char *dir = fs_dirname(path);
	uint64_t size;
	/* another process may have renamed it without having synced that yet */
	if (r == 0 || stage_fs_size(store, aside, &size, err) == 0)
		names_add(&fs->dirty, dir);
	free(dir);
	KILL_POINT("after-aside");
	return 0;
}

int aside_fs_size(struct store *store, const char *path, uint64_t *ret, struct strbuf *err)
{
	char *aside = aside_name(path);
	int r = aside ? stage_fs_size(store, aside, ret, err) : -ENOENT;
	free(aside);
	return r;
}
