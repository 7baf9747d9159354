/*
 * weir: runs the programs of the toolkit, `weir NAME …`, by their absolute path.
 * PATH is left alone, because bare `split` and `aggregate` belong to other packages.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/weir/place.h"
#include "common/base/alloc.h"
#include "common/base/near.h"
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

/* A bin directory without `consume` is somebody else's, such as /bin for a /weir. */
static const struct place programs = {
	.variable = "WEIR_EXEC_PATH",
	.proof = "consume",
	.beside = WEIR_LIBEXEC_BESIDE,
	.built = "bin",
	.compiled = WEIR_LIBEXEC,
};

static const struct place manuals = {
	.variable = "WEIR_MANDIR",
	.proof = "man1/weir.1",
	.beside = WEIR_MAN_BESIDE,
	.compiled = WEIR_MANDIR,
};

/* Find the directory of the programs; a message says when there is none. */
static bool find_programs(struct strbuf *dir)
{
	if (place_find(&programs, dir) == 0)
		return true;
	warn("there are no programs in %s; set WEIR_EXEC_PATH to the directory that holds them", dir->s);
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of the programs in PATH, sorted; the caller frees each.  0, after a message, when there are none. */
static size_t list_programs(const char *path, char **names)
{
	size_t n = 0;
	DIR *dir = opendir(path);
	if (!dir) {
		warn("cannot open the directory of the programs, '%s': %s", path, diag_strerror(errno));
		return 0;
	}
	for (struct dirent *e; n < MAX_PROGRAMS && (e = readdir(dir));) {
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

static int unknown(const char *dir, const char *name)
{
	char *names[MAX_PROGRAMS];
	size_t n = list_programs(dir, names), best = NEAR_FAR;
	struct strbuf near = STRBUF_INIT;
	for (size_t i = 0; i < n; i++)
		if (near_distance(name, names[i]) < best)
			best = near_distance(name, names[i]);
	for (size_t i = 0; i < n; i++) {
		if (near_distance(name, names[i]) == best)
			strbuf_addf(&near, "%s'%s'", near.len ? " or " : "", names[i]);
		free(names[i]);
	}
	if (!n)
		; /* which list_programs has said */
	else if (near.len)
		warn("no command '%s'; did you mean %s?", name, near.s);
	else
		warn("no command '%s' (`weir --list` names all)", name);
	strbuf_release(&near);
	return EXIT_NOT_FOUND;
}

static int print_list(const char *dir)
{
	char *names[MAX_PROGRAMS];
	size_t n = list_programs(dir, names);
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
	bool found = place_find(&manuals, &file) == 0;
	strbuf_addf(&file, "/man1/%s.1", page.s);
	if (found && access(file.s, R_OK) == 0)
		execlp("man", "man", "-l", file.s, (char *)NULL);
	else
		execlp("man", "man", page.s, (char *)NULL);
	warn("cannot run man: %s", diag_strerror(errno));
	return EXIT_NOT_FOUND;
}

/* For weir-run(1), whose pipelines are to find `weir` where PATH does not lead to it. */
static void tell_self(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	if (n <= 0)
		return;
	path[n] = '\0';
	setenv("WEIR_SELF", path, 1);
}

static int run(const char *dir, char **operands)
{
	const char *name = operands[0];
	if (!*name || strchr(name, '/') || *name == '.')
		return unknown(dir, name);
	struct strbuf path = STRBUF_INIT;
	strbuf_addf(&path, "%s/%s", dir, name);
	tell_self();
	execv(path.s, operands);
	int err = errno;
	if (err != ENOENT)
		warn("cannot run '%s': %s", path.s, diag_strerror(err));
	strbuf_release(&path);
	return err == ENOENT ? unknown(dir, name) : EXIT_CANNOT_RUN;
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
	bool show = show_path || show_list;
	if (!show && !*operands)
		return opt_usage_error(&spec, "a command is missing");
	if (!show && strcmp(operands[0], "help") == 0)
		return show_manual(operands[1]);
	struct strbuf dir = STRBUF_INIT;
	if (!find_programs(&dir))
		status = show ? EXIT_CONFIG : EXIT_NOT_FOUND;
	else if (show_path)
		status = flush_stdout(puts(dir.s) < 0 ? EXIT_TEMP : EXIT_OK);
	else if (show_list)
		status = flush_stdout(print_list(dir.s));
	else
		status = run(dir.s, operands);
	strbuf_release(&dir);
	return status;
}
