/* Commands while they are read, and variables: see script_impl.h. */
#include <stdlib.h>
#include <string.h>

#include "cmd/run/script_impl.h"
#include "common/base/alloc.h"

bool script_is_among(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(*list, word) == 0)
			return true;
	return false;
}

static void add_string(char ***list, size_t *count, char *item)
{
	*list = xreallocarray(*list, *count + 2, sizeof **list);
	(*list)[(*count)++] = item;
	(*list)[*count] = NULL;
}

void script_free_strings(char **list)
{
	for (char **s = list; s && *s; s++)
		free(*s);
	free(list);
}

const char *parse_value(void *arg, const char *name, bool *ret_known)
{
	struct script_parse *p = arg;
	for (size_t i = p->variable_count; i-- > 0;)
		if (strcmp(p->variables[i].name, name) == 0) {
			*ret_known = p->variables[i].value;
			return p->variables[i].value;
		}
	return p->environment(name);
}

void parse_set(struct script_parse *p, const char *name, size_t len, const char *value)
{
	p->variables = xreallocarray(p->variables, p->variable_count + 1, sizeof *p->variables);
	p->variables[p->variable_count++] =
		(struct variable){.name = xstrndup(name, len), .value = value ? xstrdup(value) : NULL};
}

/* --- drafts ------------------------------------------------------------------------------------------------------- */

/* How long the name is that RAW assigns to (NAME= or NAME+=), 0: it is not an assignment. */
static size_t assigned(const char *raw, size_t len)
{
	size_t n = strspn(raw, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	bool name = n && n < len && (*raw < '0' || *raw > '9');
	return name && (raw[n] == '=' || (raw[n] == '+' && n + 1 < len && raw[n + 1] == '=')) ? n : 0;
}

/* Words before a command that leave it one. */
static bool is_reserved(const char *word)
{
	static const char *const words[] = {"if", "then", "elif", "else", "fi", "esac", "while", "until", "do", "done",
		"{", "}", "!", "time", NULL};
	return script_is_among(word, words);
}

static bool sets_variables(const char *word)
{
	static const char *const words[] = {"export", "readonly", "declare", "local", "typeset", "read", "unset",
		"mapfile", "readarray", "getopts", "printf", "let", NULL};
	return script_is_among(word, words);
}

/* A word that begins a command: true when it does not count as a word. */
static bool first_word(struct draft *d, const char *word)
{
	if (is_reserved(word))
		return true;
	if (strcmp(word, "case") != 0 && strcmp(word, "for") != 0 && strcmp(word, "select") != 0 &&
		strcmp(word, "[[") != 0 && strcmp(word, "function") != 0)
		return false;
	d->skip = true;
	return false;
}

/* A word after `export` and the like: the variables that it names are set, or are not known any more. */
static void note_variable(struct script_parse *p, const char *raw, size_t len, const char *word, const char *command)
{
	size_t name = assigned(raw, len);
	bool plain = strcmp(command, "export") == 0 || strcmp(command, "readonly") == 0 ||
		     strcmp(command, "declare") == 0 || strcmp(command, "local") == 0;
	if (name && plain)
		parse_set(p, raw, name, word && raw[name] == '=' ? word + name + 1 : NULL);
	else if (!plain && word)
		parse_set(p, word, strlen(word), NULL);
}

void draft_add(struct script_parse *p, struct draft *d, const char *raw, size_t len, const char *word, bool quoted)
{
	size_t name = d->words ? 0 : assigned(raw, len);
	if (!d->begun)
		d->command.at = (size_t)(raw - p->text);
	d->begun = true;
	if (name && (!word || raw[name] == '+')) {
		parse_set(p, raw, name, NULL);
		free(d->command.unknown);
		d->command.unknown = xstrndup(raw, len);
		return;
	}
	if (name) {
		add_string(&d->command.sets, &d->sets, xstrdup(word));
		return;
	}
	if (!d->words && !quoted && word && first_word(d, word)) {
		d->begun = false;
		return;
	}
	if (d->skip && d->words == 1 && word && strcmp(d->command.words[0], "function") == 0) {
		add_string(&p->out->functions, &p->out->function_count, xstrdup(word));
		draft_release(d);
		return;
	}
	if (d->skip && d->words == 1 && word)
		parse_set(p, word, strlen(word), NULL); /* of a `for` */
	if (d->words && sets_variables(d->command.words[0]))
		note_variable(p, raw, len, word, d->command.words[0]);
	if (!word && !d->command.unknown)
		d->command.unknown = xstrndup(raw, len);
	add_string(&d->command.words, &d->words, word ? xstrdup(word) : xstrndup(raw, len));
}

void draft_release(struct draft *d)
{
	script_free_strings(d->command.sets);
	script_free_strings(d->command.words);
	free(d->command.unknown);
	*d = (struct draft){0};
}

void draft_end(struct script_parse *p, struct draft *d, bool writes)
{
	struct script *out = p->out;
	for (size_t i = 0; !d->words && i < d->sets; i++) {
		const char *set = d->command.sets[i], *value = strchr(set, '=') + 1;
		parse_set(p, set, (size_t)(value - 1 - set), value);
	}
	if (d->words && !d->skip) {
		out->items = xreallocarray(out->items, out->count + 1, sizeof *out->items);
		out->items[out->count] = d->command;
		out->items[out->count++].writes = writes;
		*d = (struct draft){0};
	}
	draft_release(d);
	d->command.reads = writes;
}

void draft_function(struct script_parse *p, struct draft *d)
{
	add_string(&p->out->functions, &p->out->function_count, xstrdup(d->command.words[0]));
	draft_release(d);
}
