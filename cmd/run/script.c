/* The commands of a text: see script.h. */
#include "cmd/run/script.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/run/script_impl.h"

static int by_place(const void *a, const void *b)
{
	const struct script_command *x = a, *y = b;
	return x->at < y->at ? -1 : x->at > y->at;
}

void script_read(struct script *ret, const char *text, char *(*environment)(const char *name))
{
	struct script_parse p = {.out = ret, .text = text, .environment = environment};
	*ret = (struct script){0};
	script_list(&p, text, false);
	if (ret->count)
		qsort(ret->items, ret->count, sizeof *ret->items, by_place);
	size_t line = 1, at = 0;
	for (size_t i = 0; i < ret->count; ret->items[i++].line = line)
		for (; at < ret->items[i].at; at++)
			line += text[at] == '\n';
	for (size_t i = 0; i < p.variable_count; i++) {
		free(p.variables[i].name);
		free(p.variables[i].value);
	}
	free(p.variables);
}

void script_release(struct script *script)
{
	for (size_t i = 0; i < script->count; i++) {
		script_free_strings(script->items[i].sets);
		script_free_strings(script->items[i].words);
		free(script->items[i].unknown);
	}
	free(script->items);
	script_free_strings(script->functions);
	*script = (struct script){0};
}

bool script_has(const struct script *script, const char *name)
{
	static const char *const builtins[] = {".", ":", "[", "alias", "bg", "bind", "break", "builtin", "caller", "cd",
		"command", "compgen", "complete", "continue", "coproc", "declare", "dirs", "disown", "echo", "enable",
		"esac", "eval", "exec", "exit", "export", "false", "fc", "fg", "getopts", "hash", "help", "history",
		"jobs", "kill", "let", "local", "logout", "mapfile", "popd", "printf", "pushd", "pwd", "read",
		"readarray", "readonly", "return", "set", "shift", "shopt", "source", "suspend", "test", "times",
		"trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "wait", NULL};
	for (size_t i = 0; i < script->function_count; i++)
		if (strcmp(script->functions[i], name) == 0)
			return true;
	return script_is_among(name, builtins);
}
