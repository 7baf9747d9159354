/* The directory of metrics: see metrics_dir.h. */
#include "cmd/run/metrics_dir.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/whole.h"
#include "common/io/metrics_file.h"

struct entry_name {
	char *file, *program; /* owned */
	long process;
};

static const char *base_dir(void)
{
	static const char *const names[] = {"RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR", "TMPDIR"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *dir = getenv(names[i]);
		if (dir && *dir == '/' && access(dir, W_OK | X_OK) == 0)
			return dir;
	}
	return "/tmp";
}

int metrics_dir_make(char **ret, struct strbuf *err)
{
	struct strbuf path = STRBUF_INIT;
	strbuf_addf(&path, "%s/weir-run-XXXXXX", base_dir());
	int r = mkdtemp(path.s) && setenv(METRICS_VARIABLE, path.s, 1) == 0 ? 0 : -errno;
	if (r < 0) {
		strbuf_addf(err, "cannot make a directory for metrics, '%s': %s", path.s, diag_strerror(r));
		strbuf_release(&path);
	} else {
		*ret = strbuf_detach(&path);
	}
	return r;
}

/* PROGRAM-PID.prom */
static bool read_name(const char *name, struct entry_name *ret)
{
	const char *dash = strrchr(name, '-');
	char *end = NULL;
	long process = dash ? strtol(dash + 1, &end, 10) : 0;
	if (!dash || dash == name || process <= 0 || strcmp(end, METRICS_SUFFIX) != 0)
		return false;
	*ret = (struct entry_name){xstrdup(name), xstrndup(name, (size_t)(dash - name)), process};
	return true;
}

static int by_process(const void *a, const void *b)
{
	const struct entry_name *x = a, *y = b;
	return x->process < y->process ? -1 : x->process > y->process;
}

/* The files of DIR, sorted; *ret is for free(3), and so are the names. */
static size_t list(const char *dir, struct entry_name **ret)
{
	size_t count = 0;
	*ret = NULL;
	DIR *d = opendir(dir);
	for (struct dirent *e; d && (e = readdir(d));) {
		struct entry_name name;
		if (!read_name(e->d_name, &name))
			continue;
		*ret = xreallocarray(*ret, count + 1, sizeof **ret);
		(*ret)[count++] = name;
	}
	if (d)
		closedir(d);
	if (count)
		qsort(*ret, count, sizeof **ret, by_process);
	return count;
}

static void release(struct entry_name *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(items[i].file);
		free(items[i].program);
	}
	free(items);
}

void metrics_dir_read(const char *dir, struct metrics *m)
{
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT, labels = STRBUF_INIT;
	struct entry_name *items;
	size_t count = list(dir, &items);
	for (size_t i = 0; i < count; i++) {
		size_t number = 1;
		for (size_t j = 0; j < i; j++)
			number += strcmp(items[j].program, items[i].program) == 0;
		strbuf_clear(&path);
		strbuf_clear(&text);
		strbuf_clear(&labels);
		strbuf_addf(&path, "%s/%s", dir, items[i].file);
		strbuf_addf(&labels, "program=\"%s\",number=\"%zu\"", items[i].program, number);
		if (whole_read(path.s, METRICS_MAX, &text) == 0)
			metrics_add(m, text.s, labels.s);
	}
	release(items, count);
	strbuf_release(&path);
	strbuf_release(&text);
	strbuf_release(&labels);
}

void metrics_dir_clear(const char *dir)
{
	struct strbuf path = STRBUF_INIT;
	DIR *d = opendir(dir);
	for (struct dirent *e; d && (e = readdir(d));) {
		strbuf_clear(&path);
		strbuf_addf(&path, "%s/%s", dir, e->d_name);
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			(void)unlink(path.s); /* what stays is shown as if it were of this try */
	}
	if (d)
		closedir(d);
	strbuf_release(&path);
}

void metrics_dir_remove(const char *dir)
{
	metrics_dir_clear(dir);
	(void)rmdir(dir); /* a program that still runs may have a file in it */
}
