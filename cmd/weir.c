/*
 * weir: runs the programs of the toolkit, `weir NAME …`, by their absolute path.
 * PATH is left alone, because bare `split` and `aggregate` belong to other packages.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/weir/complete.h"
#include "cmd/weir/guide.h"
#include "cmd/weir/help.h"
#include "cmd/weir/place.h"
#include "cmd/weir/programs.h"
#include "common/base/alloc.h"
#include "common/base/opt.h"
#include "common/base/self.h"

enum { EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127 };

static bool show_path, show_list;

static const struct opt options[] = {
	{.name = "exec-path", .dest = &show_path, .help = "print the directory of the programs and exit"},
	{.name = "list", .dest = &show_list, .help = "print the names of the programs and exit"},
	{0},
};

static const struct opt_spec spec = {
	.program = "",
	.looks = true,
	.operands = "COMMAND [ARG ...]",
	.summary = "Run a program of the weir toolkit; `weir help COMMAND` shows its manual.",
	.example = "weir consume --to end words |\n"
		   "    weir split --lower | weir wordcount -n 20",
	.more = guide_add,
	.options = options,
	.stop_at_operand = true,
};

/* A bin directory without `consume` is not weir's; for example /bin, if the program is /weir. */
static const struct search_path programs = {
	.variable = "WEIR_EXEC_PATH",
	.proof = "consume",
	.beside = WEIR_LIBEXEC_BESIDE,
	.built = "bin",
	.compiled = WEIR_LIBEXEC,
};

/* Find the directory of the programs; prints a message when there is none. */
static bool find_programs(struct strbuf *dir)
{
	if (place_find(&programs, dir) == 0)
		return true;
	warn("there are no programs in %s; set WEIR_EXEC_PATH to the directory that holds them", dir->s);
	return false;
}

static int print_list(const char *dir)
{
	char *names[PROGRAMS_MAX];
	size_t n = programs_list(dir, names);
	for (size_t i = 0; i < n; i++) {
		puts(names[i]);
		free(names[i]);
	}
	return n ? EXIT_OK : EXIT_CONFIG;
}

/* For weir-run(1), whose pipelines must find `weir` even where PATH does not lead to it. */
static void tell_self(void)
{
	char path[PATH_MAX];
	if (self_path(path))
		setenv("WEIR_SELF", path, 1);
}

/* The command line of a program: its name, the options that weir was given for it, and its own; free(3). */
static char **join(char *const *common, char *const *operands)
{
	size_t n = 0, m = 0, k = 0;
	while (common[n])
		n++;
	while (operands[m])
		m++;
	char **words = xreallocarray(NULL, n + m + 1, sizeof *words);
	words[k++] = operands[0];
	for (size_t i = 0; i < n; i++)
		words[k++] = common[i];
	for (size_t i = 1; i <= m; i++)
		words[k++] = operands[i];
	return words;
}

static int run(const char *dir, char **operands)
{
	const char *name = operands[0];
	if (!*name || strchr(name, '/') || *name == '.')
		return programs_unknown(dir, "command", name, false);
	struct strbuf path = STRBUF_INIT;
	strbuf_addf(&path, "%s/%s", dir, name);
	tell_self();
	char **words = join(opt_common_words(), operands);
	execv(path.s, words);
	int err = errno;
	free(words);
	if (err != ENOENT)
		warn("cannot run '%s': %s", path.s, diag_strerror(err));
	strbuf_release(&path);
	return err == ENOENT ? programs_unknown(dir, "command", name, false) : EXIT_CANNOT_RUN;
}

static int flush_stdout(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	warn("cannot write standard output: %s", diag_strerror(errno));
	return EXIT_TEMP;
}

/* List the programs even without a command: a user who types that wants to know what there is. */
static int say_what_there_is(void)
{
	int status = opt_help(&spec);
	return status ? status : opt_usage_error(&spec, "a command is missing");
}

int main(int argc, char **argv)
{
	struct strbuf dir = STRBUF_INIT;
	char **operands;
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	bool show = show_path || show_list, found;
	if (!show && !*operands)
		return say_what_there_is();
	bool help = !show && strcmp(operands[0], "help") == 0;
	if (help && !operands[1])
		return help_show(&spec, "", NULL);
	if (!show && strcmp(operands[0], "examples") == 0)
		return help_examples(operands + 1);
	found = find_programs(&dir);
	if (!found)
		status = show ? EXIT_CONFIG : EXIT_NOT_FOUND;
	else if (help)
		status = help_show(&spec, dir.s, operands[1]);
	else if (!show && strcmp(operands[0], "complete") == 0)
		status = complete_show(dir.s, operands + 1);
	else if (show_path)
		status = flush_stdout(puts(dir.s) < 0 ? EXIT_TEMP : EXIT_OK);
	else if (show_list)
		status = flush_stdout(print_list(dir.s));
	else
		status = run(dir.s, operands);
	strbuf_release(&dir);
	return status;
}
