/* Messages of the store of a local directory: see store_fs.h. */
#include <errno.h>

#include "common/lake/store_fs.h"

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
