/*
 * weir: runs the programs of the toolkit, `weir NAME …`, by their absolute path.
 * PATH is left alone, because bare `split` and `aggregate` belong to other packages.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/opt.h"

#define MAX_PROGRAMS 128

enum { EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127 };

static bool show_path, show_list;

static const struct opt options[] = {
	{.name = "exec-path", .dest = &show_path, .help = "print the directory of the programs and exit"},
	{.name = "list", .dest = &show_list, .help = "print the names of the programs and exit"},
	{0},
};

static const struct opt_spec spec = {
	.program = "",
	.operands = "COMMAND [ARG ...]",
	.summary = "Run a program of the weir toolkit; `weir help COMMAND` shows its manual.",
	.options = options,
	.stop_at_operand = true,
};

static const char *exec_path(void)
{
	const char *dir = getenv("WEIR_EXEC_PATH");
	return dir && *dir ? dir : WEIR_LIBEXEC;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of the programs that are installed, sorted; the caller frees each. */
static size_t list_programs(char **names)
{
	size_t n = 0;
	DIR *dir = opendir(exec_path());
	if (!dir)
		return 0;
	for (struct dirent *e; n < MAX_PROGRAMS && (e = readdir(dir));) {
		struct stat st;
		if (e->d_name[0] != '.' && fstatat(dirfd(dir), e->d_name, &st, 0) == 0 && S_ISREG(st.st_mode) &&
			(st.st_mode & 0111))
			names[n++] = xstrdup(e->d_name);
	}
	closedir(dir);
	qsort(names, n, sizeof *names, by_name);
	return n;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;
	return m < c ? m : c;
}

/* Edits between A and B (Levenshtein), for names of at most 63 bytes. */
static size_t distance(const char *a, const char *b)
{
	size_t row[64], la = strlen(a), lb = strlen(b);
	if (la > 63 || lb > 63)
		return 64;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t corner = row[0];
		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t up = row[j];
			row[j] = min3(up + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1]));
			corner = up;
		}
	}
	return row[lb];
}

static int unknown(const char *name)
{
	char *names[MAX_PROGRAMS];
	size_t n = list_programs(names), best = 3;
	struct strbuf near = STRBUF_INIT;
	for (size_t i = 0; i < n; i++)
		if (distance(name, names[i]) < best)
			best = distance(name, names[i]);
	for (size_t i = 0; i < n; i++) {
		if (distance(name, names[i]) == best)
			strbuf_addf(&near, "%s'%s'", near.len ? " or " : "", names[i]);
		free(names[i]);
	}
	if (near.len)
		warn("no command '%s'; did you mean %s?", name, near.s);
	else
		warn("no command '%s' (`weir --list` names all)", name);
	strbuf_release(&near);
	return EXIT_NOT_FOUND;
}

static int print_list(void)
{
	char *names[MAX_PROGRAMS];
	size_t n = list_programs(names);
	for (size_t i = 0; i < n; i++) {
		puts(names[i]);
		free(names[i]);
	}
	return n ? EXIT_OK : EXIT_CONFIG;
}

/* `weir help [NAME]`: the manual, by man(1). */
static int show_manual(const char *name)
{
	struct strbuf page = STRBUF_INIT, file = STRBUF_INIT;
	strbuf_addf(&page, name ? "weir-%s" : "weir", name);
	const char *dir = getenv("WEIR_MANDIR");
	strbuf_addf(&file, "%s/man1/%s.1", dir && *dir ? dir : WEIR_MANDIR, page.s);
	if (access(file.s, R_OK) == 0)
		execlp("man", "man", "-l", file.s, (char *)NULL);
	else
		execlp("man", "man", page.s, (char *)NULL);
	warn("cannot run man: %s", diag_strerror(errno));
	return EXIT_NOT_FOUND;
}

static int run(char **operands)
{
	const char *name = operands[0];
	if (strcmp(name, "help") == 0)
		return show_manual(operands[1]);
	if (!*name || strchr(name, '/') || *name == '.')
		return unknown(name);
	struct strbuf path = STRBUF_INIT;
	strbuf_addf(&path, "%s/%s", exec_path(), name);
	execv(path.s, operands);
	int err = errno;
	if (err != ENOENT)
		warn("cannot run '%s': %s", path.s, diag_strerror(err));
	strbuf_release(&path);
	return err == ENOENT ? unknown(name) : EXIT_CANNOT_RUN;
}

static int flush_stdout(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	warn("cannot write standard output: %s", diag_strerror(errno));
	return EXIT_TEMP;
}

int main(int argc, char **argv)
{
	char **operands;
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	if (show_path)
		return flush_stdout(puts(exec_path()) < 0 ? EXIT_TEMP : EXIT_OK);
	if (show_list)
		return flush_stdout(print_list());
	if (!*operands)
		return opt_usage_error(&spec, "a command is missing");
	return run(operands);
}
