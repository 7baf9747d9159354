#include "cmd/weir/place.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/self.h"

/*
 * DIR + RELATIVE, where each leading "../" of RELATIVE removes the last name of DIR, so that messages can show the
 * path.
 */
static void join(struct strbuf *path, const char *dir, size_t len, const char *relative)
{
	while (strncmp(relative, "../", 3) == 0 && len) {
		relative += 3;
		do
			len--;
		while (len && dir[len] != '/');
	}
	strbuf_clear(path);
	strbuf_add(path, dir, len);
	strbuf_addf(path, "/%s", relative);
}

/* Whether DIR holds PROOF, as it is or packed by gzip(1).  If not, DIR is added to TRIED, once. */
static bool holds(const struct strbuf *dir, const char *proof, struct strbuf *tried)
{
	struct strbuf path = STRBUF_INIT, quoted = STRBUF_INIT;
	strbuf_addf(&path, "%s/%s", dir->s, proof);
	strbuf_addf(&quoted, "'%s'", dir->s);
	bool there = access(path.s, R_OK) == 0;
	strbuf_addstr(&path, ".gz");
	there = there || access(path.s, R_OK) == 0;
	if (!there && !strstr(tried->s, quoted.s))
		strbuf_addf(tried, "%s%s", tried->len ? ", " : "", quoted.s);
	strbuf_release(&path);
	strbuf_release(&quoted);
	return there;
}

/* Search beside the program, then where the build was told. */
static bool look(const struct search_path *p, struct strbuf *dir, struct strbuf *tried)
{
	char own[PATH_MAX];
	size_t len = self_directory(own);
	const char *relative[] = {p->beside, p->built};
	for (size_t i = 0; len && i < sizeof relative / sizeof *relative; i++) {
		if (!relative[i])
			continue;
		join(dir, own, len, relative[i]);
		if (holds(dir, p->proof, tried))
			return true;
	}
	strbuf_clear(dir);
	strbuf_addstr(dir, p->compiled);
	return holds(dir, p->proof, tried);
}

int place_find(const struct search_path *p, struct strbuf *dir)
{
	const char *told = getenv(p->variable);
	strbuf_clear(dir);
	if (told && *told) {
		strbuf_addstr(dir, told);
		return 0;
	}
	struct strbuf tried = STRBUF_INIT;
	bool found = look(p, dir, &tried);
	if (!found) {
		strbuf_clear(dir);
		strbuf_add(dir, tried.s, tried.len);
	}
	strbuf_release(&tried);
	return found ? 0 : -ENOENT;
}
