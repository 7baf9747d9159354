/* --check: see check.h. */
#include "cmd/run/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/run/script.h"
#include "common/base/alloc.h"
#include "common/base/checking.h"
#include "common/base/strbuf.h"
#include "common/base/visible.h"
#include "common/io/answer.h"

enum { EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127 };

#define SHOWN_MAX 200       /* bytes of a word in a finding */
#define SAID_MAX  (1 << 20) /* bytes that a program may say about itself */

struct check {
	const char *name;
	struct script script;
	struct outcome outcome;
	size_t programs, findings; /* programs of weir that were run; lines that were printed */
};

/* Of any number of programs: those that are well do not count, and what the others come to is one status. */
static void note(struct check *c, int status)
{
	struct outcome *o = &c->outcome;
	if (!status)
		return;
	if (o->count == JUDGE_MAX)
		*o = (struct outcome){.count = 1, .statuses = {judge(o, 0).status}};
	o->statuses[o->count++] = status;
}

/* The text may be anybody's: nothing of it is meant for a terminal. */
static void finding(struct check *c, const struct script_command *command, const char *text)
{
	struct strbuf line = STRBUF_INIT;
	strbuf_addf(&line, "%s:%zu: %s", c->name, command->line, text);
	struct strbuf shown = STRBUF_INIT;
	visible_add(&shown, line.s, line.len);
	printf("%s\n", shown.s);
	strbuf_release(&line);
	strbuf_release(&shown);
	c->findings++;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static bool is_weir(const char *word)
{
	return strcmp(base_name(word), "weir") == 0;
}

/* Whether WORD of sudo(8) is followed by the name of a user or a group, which may be `weir`, too. */
static bool is_before_name(const char *word)
{
	static const char *const options[] = {"-u", "--user", "-g", "--group", "-U", "--other-user", NULL};
	for (size_t i = 0; options[i]; i++)
		if (strcmp(word, options[i]) == 0)
			return true;
	return false;
}

/* The words of COMMAND from `weir` on; NULL: it is another command.  Commands that run the rest of their words count.
 */
static char **weir_words(const struct script_command *command)
{
	static const char *const wrappers[] = {"exec", "command", "env", "nice", "ionice", "nohup", "timeout", "stdbuf",
		"setsid", "taskset", "chrt", "sudo"};
	const char *name = base_name(command->words[0]);
	if (is_weir(name))
		return command->words;
	for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++) {
		if (strcmp(name, wrappers[i]) != 0)
			continue;
		for (char **word = command->words + 1; *word; word++)
			if (is_weir(*word) && !(strcmp(name, "sudo") == 0 && is_before_name(word[-1])))
				return word;
	}
	return NULL;
}

/* A finding for each line of TEXT.  Returns whether there was one. */
static bool pass_lines(struct check *c, const struct script_command *command, struct strbuf *text)
{
	size_t before = c->findings;
	char *rest = text->len ? text->s : NULL;
	for (char *line; (line = strsep(&rest, "\n")) && (rest || *line);)
		finding(c, command, line);
	return c->findings > before;
}

/* Variables of the dynamic linker make a program run other code before it can know that it is only to check. */
static bool is_set(const char *set)
{
	return strncmp(set, "LD_", 3) != 0;
}

/*
 * `env NAME=VALUE … weir …`; the list is the caller's, its words are not.  It is this weir, whichever the text names,
 * which may be older, or something else that does not know that it is only to check; and no variable of the text
 * tells it otherwise.
 */
static char **command_line(const struct script_command *command, char **words)
{
	static char env[] = "env", checks[] = CHECKING_VARIABLE "=1";
	char *self = getenv("WEIR_SELF");
	size_t count = 0, n = 0;
	for (char **s = command->sets; s && *s; s++)
		count++;
	for (char **w = words; *w; w++)
		count++;
	char **argv = xcalloc(count + 3, sizeof *argv);
	argv[n++] = env;
	for (char **s = command->sets; s && *s; s++)
		if (is_set(*s))
			argv[n++] = *s;
	argv[n++] = checks;
	argv[n++] = self && strchr(self, '/') ? self : *words;
	for (char **w = words + 1; *w; w++)
		argv[n++] = *w;
	return argv;
}

static void waiting(void *words)
{
	const char *program = ((char **)words)[1];
	warn("waiting for 'weir %s' to check itself", program ? program : "");
}

/* Let the program of weir check itself. */
static void run_weir(struct check *c, const struct script_command *command, char **words)
{
	struct strbuf text = STRBUF_INIT, out = STRBUF_INIT, said = STRBUF_INIT;
	int status = 0;
	char **argv = command_line(command, words);
	/* It has limits of its own, which the text may set. */
	int r = answer_get(argv, &(struct answer){.limit_ms = -1,
					 .max = SAID_MAX,
					 .waiting = waiting,
					 .self = words,
					 .out = &out,
					 .err = &said,
					 .status = &status});
	free(argv);
	c->programs++;
	bool spoke = pass_lines(c, command, &said);
	if (r < 0) {
		strbuf_addf(&text, "cannot run '%s': %s", words[0], diag_strerror(r));
		finding(c, command, text.s);
		note(c, r == -ENOENT ? EXIT_NOT_FOUND : (int)diag_status(r));
	} else {
		strbuf_addf(&text, "weir %s: ended with status %d", words[1] ? words[1] : "", status);
		if (status && !spoke)
			finding(c, command, text.s);
		note(c, status);
	}
	strbuf_release(&text);
	strbuf_release(&out);
	strbuf_release(&said);
}

/* NAME cannot be run, for the reason R of checking_command(). */
static void not_run(struct check *c, const struct script_command *command, const char *name, int r)
{
	struct strbuf text = STRBUF_INIT;
	strbuf_addf(&text, "%s: %s", name, r == -ENOENT ? "there is no such command" : "it cannot be executed");
	finding(c, command, text.s);
	note(c, r == -ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
	strbuf_release(&text);
}

static void not_checked(struct check *c, const struct script_command *command, const char *program)
{
	struct strbuf text = STRBUF_INIT;
	strbuf_addf(&text, "weir %s: not checked, since '", program ? program : "");
	visible_add_start(&text, command->unknown, strlen(command->unknown), SHOWN_MAX);
	strbuf_addstr(&text, "' is known only when it runs");
	finding(c, command, text.s);
	strbuf_release(&text);
}

static void check_command(struct check *c, const struct script_command *command)
{
	char **words = weir_words(command);
	const char *name = words ? *words : command->words[0];
	if (words && command->unknown) {
		not_checked(c, command, words[1]);
		return;
	}
	if (!words && (command->unknown || script_has(&c->script, name)))
		return;
	int r = checking_command(name);
	if (r < 0)
		not_run(c, command, name, r);
	else if (words)
		run_weir(c, command, words);
}

int check_run(const char *name, const char *text)
{
	struct check c = {.name = name};
	if (setenv(CHECKING_VARIABLE, "1", 1) < 0)
		die(EXIT_TEMP, "%s", diag_strerror(errno));
	script_read(&c.script, text, getenv);
	for (size_t i = 0; i < c.script.count; i++)
		check_command(&c, &c.script.items[i]);
	script_release(&c.script);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		warn("cannot write standard output: %s", diag_strerror(errno));
		return EXIT_TEMP;
	}
	if (!c.findings)
		inform("%zu %s of weir checked: no findings", c.programs,
			diag_plural(c.programs, "program", "programs"));
	return judge(&c.outcome, 0).status;
}
