/* Which configuration files there are: see config.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/alloc.h"
#include "common/base/config.h"

#define SYSTEM_FILE "/etc/weir/config"

/* Read a file that need not exist; one that this user may not read belongs to another user. */
static int read_standard(struct config *c, const char *path, struct strbuf *err)
{
	struct stat st;
	struct strbuf why = STRBUF_INIT;
	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	int r = config_read(c, path, false, &why);
	if (r == -EACCES || r == -ENOENT)
		r = 0;
	if (r < 0)
		strbuf_addstr(err, why.s);
	strbuf_release(&why);
	return r;
}

static int read_home(struct config *c, struct strbuf *err)
{
	const char *dir = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct strbuf path = STRBUF_INIT;
	int r = 0;
	if (dir && *dir == '/') /* others are to be ignored, says the standard */
		strbuf_addf(&path, "%s/weir/config", dir);
	else if (home && *home == '/')
		strbuf_addf(&path, "%s/.config/weir/config", home);
	if (path.len)
		r = read_standard(c, path.s, err);
	strbuf_release(&path);
	return r;
}

int config_read_usual(struct config *c, struct strbuf *err)
{
	const char *instead = getenv("WEIR_CONFIG");
	if (instead && *instead)
		return config_read(c, instead, false, err);
	int r = read_standard(c, SYSTEM_FILE, err);
	return r ? r : read_home(c, err);
}

/* The path under which programs that are started can read FILE, too; NULL: none.  free(3). */
static char *lasting_path(const char *file)
{
	struct stat st;
	char *path = stat(file, &st) == 0 && S_ISREG(st.st_mode) ? realpath(file, NULL) : NULL;
	if (path && !strchr(path, '\n'))
		return path;
	free(path);
	return NULL;
}

/* Whether PATH is one of the N. */
static bool is_among(const char *path, char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (paths[i] && strcmp(path, paths[i]) == 0)
			return true;
	return false;
}

/* Read the files of LIST that are not among the N, which come later; those that are read are added to ALL. */
static int read_inherited(
	struct config *c, char *list, char *const *paths, size_t n, struct strbuf *all, struct strbuf *err)
{
	int r = 0;
	for (char *file; !r && (file = strsep(&list, "\n"));)
		if (*file && !is_among(file, paths, n)) {
			r = config_read(c, file, true, err);
			strbuf_addf(all, "%s\n", file);
		}
	return r;
}

int config_read_given(struct config *c, const char *const *files, size_t n, struct strbuf *err)
{
	const char *inherited = getenv(CONFIG_FILES_VARIABLE);
	char *list = xstrdup(inherited ? inherited : ""), **paths = xreallocarray(NULL, n + 1, sizeof *paths);
	struct strbuf all = STRBUF_INIT;
	for (size_t i = 0; i < n; i++)
		paths[i] = lasting_path(files[i]);
	int r = read_inherited(c, list, paths, n, &all, err);
	for (size_t i = 0; i < n && !r; i++) {
		r = config_read(c, files[i], true, err);
		if (paths[i])
			strbuf_addf(&all, "%s\n", paths[i]);
	}
	if (!r && n && setenv(CONFIG_FILES_VARIABLE, all.s, 1) < 0) {
		r = -errno;
		strbuf_addf(err, "cannot set " CONFIG_FILES_VARIABLE ": %s", diag_strerror(r));
	}
	for (size_t i = 0; i < n; i++)
		free(paths[i]);
	free(paths);
	free(list);
	strbuf_release(&all);
	return r;
}
