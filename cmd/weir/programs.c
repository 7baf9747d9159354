/* The programs that are installed: see programs.h. */
#include "cmd/weir/programs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/weir/guide.h"
#include "common/base/alloc.h"
#include "common/base/diag.h"
#include "common/base/hint.h"
#include "common/base/near.h"
#include "common/base/strbuf.h"

enum { EXIT_NOT_FOUND = 127 };

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t programs_list(const char *path, char **names)
{
	size_t n = 0;
	DIR *dir = opendir(path);
	if (!dir) {
		warn("cannot open the directory of the programs, '%s': %s", path, diag_strerror(errno));
		return 0;
	}
	for (struct dirent *e; n < PROGRAMS_MAX && (e = readdir(dir));) {
		struct stat st;
		if (e->d_name[0] != '.' && fstatat(dirfd(dir), e->d_name, &st, 0) == 0 && S_ISREG(st.st_mode) &&
			(st.st_mode & 0111))
			names[n++] = xstrdup(e->d_name);
	}
	closedir(dir);
	if (!n)
		warn("there are no programs in '%s'", path);
	qsort(names, n, sizeof *names, by_name);
	return n;
}

bool programs_has(const char *dir, const char *name)
{
	struct strbuf path = STRBUF_INIT;
	strbuf_addf(&path, "%s/%s", dir, name);
	bool there = *name && *name != '.' && !strchr(name, '/') && access(path.s, X_OK) == 0;
	strbuf_release(&path);
	return there;
}

/* Append those of the COUNT NAMES whose distance to NAME is BEST. */
static void add_near(struct strbuf *b, const char *name, size_t best, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count && best < NEAR_NOT; i++)
		if (near_rank(name, names[i]) == best)
			strbuf_addf(b, "%s'%s'", b->len ? " or " : "", names[i]);
}

/* Names of programs of other tools, and what does their work here. */
static const struct hint hints[] = {
	{"groups", "`weir lag --all-groups` lists groups"},
	{"group", "`weir lag -g GROUP` shows a group, `weir aggregate` groups records"},
	{"offsets", "`weir lag -g GROUP` shows offsets, `weir consume --reset` moves them"},
	{"list", "`weir topics` lists topics, `weir lag --all-groups` groups"},
	{"ls", "`weir topics` lists topics, `weir lake-check` looks at a table"},
	{"describe", "`weir topics TOPIC` describes a topic, `weir lag -g GROUP` a group"},
	{"head", "`weir consume -n 10 TOPIC` prints the first ten records"},
	{"tail", "`weir consume --from -10 TOPIC` prints the last ten records of each partition and those that follow"},
	{"read", "`weir consume` reads topics, `weir lake-cat` tables"},
	{"subscribe", "`weir consume` reads topics"},
	{"kcat", "`weir consume` reads topics, `weir produce` writes to them"},
	{"write", "`weir produce` writes to topics, `weir lake-put` into tables"},
	{"publish", "`weir produce` writes to topics"},
	{"send", "`weir produce` writes to topics"},
	{"sink", "`weir lake-put` and `weir db-put` write into tables, `weir produce` to topics"},
	{"sqlite", "`weir db-put` writes into a table of SQLite"},
	{"postgres", "`weir db-put` writes into a table of PostgreSQL"},
	{"save", "`weir lake-put` writes into tables"},
	{"store", "`weir lake-put` writes into tables"},
	{"where", "`weir filter` chooses records"},
	{"select", "`weir filter` chooses records, with --fields some of their fields"},
	{"grep", "`weir filter` chooses records, `weir each grep` lines"},
	{"jq", "`weir filter` chooses records, `weir each jq` does all else"},
	{"sql", "`weir filter` chooses records, `weir aggregate` groups them"},
	{"query", "`weir filter` chooses records, `weir aggregate` groups them"},
	{"groupby", "`weir aggregate` groups records"},
	{"group-by", "`weir aggregate` groups records"},
	{"join", "`weir help cookbook` shows how tables are joined by DuckDB"},
	{"sum", "`weir aggregate` groups and sums up records"},
	{"stats", "`weir aggregate` groups and sums up records"},
	{"window", "`weir aggregate --window` groups records by time"},
	{"map", "`weir each CMD` runs a command on each batch"},
	{"sort", "`weir each sort` sorts each batch"},
	{"uniq", "`weir clean -e 'dedupe .id within 10m'` drops what came before"},
	{"dedupe", "`weir clean -e 'dedupe .id within 10m'` drops what came before"},
	{"mask", "`weir clean -e 'mask .name hash'` masks"},
	{"validate", "`weir clean` checks records"},
	{"anomaly", "`weir detect` finds what is unusual"},
	{"alert", "`weir detect` finds what is unusual"},
	{"pv", "`weir meter` shows the rate of a stream"},
	{"progress", "`weir meter` shows the rate of a stream"},
	{"start", "`weir run` runs a pipeline as a service"},
	{"service", "`weir run` runs a pipeline as a service"},
	{"version", "`weir --version` prints it"},
	{"man", "`weir help COMMAND` shows a manual"},
	{0},
};

int programs_unknown(const char *dir, const char *what, const char *name, bool with_pages)
{
	char *owned[PROGRAMS_MAX];
	const char *names[2 * PROGRAMS_MAX];
	size_t n = programs_list(dir, owned), count = 0, best = NEAR_NOT;
	struct strbuf near = STRBUF_INIT;
	for (; count < n; count++)
		names[count] = owned[count];
	for (const char *page; with_pages && n && (page = guide_page(count - n));)
		names[count++] = page;
	for (size_t i = 0; i < count; i++)
		if (near_rank(name, names[i]) < best)
			best = near_rank(name, names[i]);
	add_near(&near, name, best, names, count);
	const char *hint = with_pages ? NULL : hint_find(hints, name);
	if (!n)
		; /* programs_list() has printed a message */
	else if (hint)
		warn("no %s '%s': %s", what, name, hint);
	else if (near.len)
		warn("no %s '%s'; did you mean %s?", what, name, near.s);
	else
		warn("no %s '%s' (`weir --help` names all)", what, name);
	for (size_t i = 0; i < n; i++)
		free(owned[i]);
	strbuf_release(&near);
	return EXIT_NOT_FOUND;
}
