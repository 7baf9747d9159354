/* Files of a local table that are not complete: their names, and removing them.  See store_fs.h. */
#include <errno.h>
#include <string.h>

#include "common/base/uuid.h"
#include "common/lake/beneath.h"
#include "common/lake/store_fs.h"

char *fs_temp_name(const struct store_fs *fs, const char *path)
{
	struct strbuf s = STRBUF_INIT;
	const char *slash = strrchr(path, '/');
	strbuf_add(&s, path, slash ? (size_t)(slash + 1 - path) : 0);
	strbuf_addf(&s, FS_NEW "%s", fs->writer);
	return strbuf_detach(&s);
}

bool fs_is_temp(const char *name)
{
	const char *uuid = name + strlen(FS_NEW);
	return strncmp(name, FS_NEW, strlen(FS_NEW)) == 0 && strlen(uuid) == UUID_LEN && uuid_begins(uuid);
}

bool fs_is_stage(const char *name, const char *uuid)
{
	static const char begin[] = ".part-";
	const char *id = name + strlen(begin);
	if (strncmp(name, begin, strlen(begin)) != 0 || !uuid_begins(id) || (uuid && strncmp(id, uuid, UUID_LEN) != 0))
		return false;
	const char *s = id + UUID_LEN;
	size_t digits = *s == '-' ? strspn(s + 1, "0123456789") : 0;
	return digits >= 5 && strcmp(s + 1 + digits, FS_STAGE_END) == 0;
}

bool fs_remove_temps(const struct store_fs *fs, const char *uuid)
{
	static const char *const dirs[] = {"_weir_log", "_delta_log"};
	bool gone = true;
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		struct strbuf path = STRBUF_INIT;
		strbuf_addf(&path, "%s/" FS_NEW "%s", dirs[i], uuid);
		int r = beneath_unlink(fs->root, path.s, 0);
		gone &= r == 0 || r == -ENOENT || r == -ENOTDIR || r == -EXDEV;
		strbuf_release(&path);
	}
	return gone;
}
