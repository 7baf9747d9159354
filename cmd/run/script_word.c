/* Words: see script_word.h. */
#include "cmd/run/script_word.h"

#include <string.h>

#include "cmd/run/script.h"

enum { LOOK_MAX = 256 }; /* or a text of braces alone would be read as often as it has bytes */

struct word_value {
	struct script_reader *r;
	struct strbuf *text;
	bool known, quoted;
};

bool script_ends_word(char c)
{
	return !c || strchr(" \t\n;&|()<>", c);
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* From the '{' or '(' at AT to what closes it; quotes within are not looked at. */
static const char *skip_group(const char *at, char open, char close)
{
	size_t depth = 0;
	for (; *at; at++) {
		if (*at == '\\' && at[1])
			at++;
		else if (*at == open)
			depth++;
		else if (*at == close && --depth == 0)
			return at + 1;
	}
	return at;
}

/* Behind the parenthesis that closes what begins at AT, quotes and other parentheses within being passed. */
static const char *skip_parentheses(const char *at, unsigned depth);

/* Behind the quote that ends what begins at AT. */
static const char *skip_quoted(const char *at, char quote, unsigned depth)
{
	while (*at && *at != quote) {
		if (quote == '"' && at[0] == '$' && at[1] == '(')
			at = skip_parentheses(at + 2, depth + 1);
		else
			at += quote == '"' && *at == '\\' && at[1] ? 2 : 1;
	}
	return *at ? at + 1 : at;
}

static const char *skip_parentheses(const char *at, unsigned depth)
{
	size_t open = 1;
	if (depth > SCRIPT_DEPTH)
		return at + strlen(at);
	while (*at && open) {
		char c = *at++;
		if (c == '\\' && *at)
			at++;
		else if (c == '\'' || c == '"')
			at = skip_quoted(at, c, depth);
		else if (c == '(')
			open++;
		else if (c == ')')
			open--;
	}
	return at;
}

/* $(…), <(…) or >(…) */
static void skip_commands(struct word_value *w)
{
	struct script_reader *r = w->r;
	w->known = false;
	if (r->nested_count < SCRIPT_NESTED)
		r->nested[r->nested_count++] = r->at + 2;
	r->at = skip_parentheses(r->at + 2, 0);
}

static void skip_backquotes(struct word_value *w)
{
	const char *at = w->r->at + 1;
	while (*at && *at != '`')
		at += *at == '\\' && at[1] ? 2 : 1;
	w->r->at = *at ? at + 1 : at;
	w->known = false;
}

/* The value of NAME; in DOUBLE quotes it is not split into words. */
static void add_variable(struct word_value *w, const char *name, bool in_quotes)
{
	bool known = true;
	const char *value = w->r->value(w->r->arg, name, &known);
	value = value ? value : "";
	if (!known || (!in_quotes && (!*value || value[strcspn(value, " \t\n*?[")])))
		w->known = false;
	else
		strbuf_addstr(w->text, value);
}

/* ${NAME}; anything else in braces is not known. */
static void take_braces(struct word_value *w, bool in_quotes)
{
	struct strbuf name = STRBUF_INIT;
	const char *at = w->r->at + 2, *from = at;
	while (is_name(*at))
		at++;
	strbuf_add(&name, from, (size_t)(at - from));
	if (*at == '}' && at > from && (*from < '0' || *from > '9')) {
		add_variable(w, name.s, in_quotes);
		w->r->at = at + 1;
	} else {
		w->known = false;
		w->r->at = skip_group(w->r->at + 1, '{', '}');
	}
	strbuf_release(&name);
}

static void take_dollar(struct word_value *w, bool in_quotes)
{
	struct script_reader *r = w->r;
	struct strbuf name = STRBUF_INIT;
	if (r->at[1] == '{') {
		take_braces(w, in_quotes);
	} else if (r->at[1] == '(' && r->at[2] == '(') {
		w->known = false;
		r->at = skip_group(r->at + 1, '(', ')');
	} else if (r->at[1] == '(') {
		skip_commands(w);
	} else if (is_name(r->at[1]) && (r->at[1] < '0' || r->at[1] > '9')) {
		for (r->at++; is_name(*r->at); r->at++)
			strbuf_addch(&name, *r->at);
		add_variable(w, name.s, in_quotes);
	} else if (r->at[1] && strchr("0123456789@*#?-$!", r->at[1])) {
		w->known = false;
		r->at += 2;
	} else {
		strbuf_addch(w->text, *r->at++);
	}
	strbuf_release(&name);
}

static void take_double(struct word_value *w)
{
	struct script_reader *r = w->r;
	w->quoted = true;
	for (r->at++; *r->at && *r->at != '"';) {
		if (*r->at == '\\' && r->at[1] == '\n') {
			r->at += 2;
		} else if (*r->at == '\\' && r->at[1] && strchr("\\\"$`", r->at[1])) {
			strbuf_addch(w->text, r->at[1]);
			r->at += 2;
		} else if (*r->at == '$') {
			take_dollar(w, true);
		} else if (*r->at == '`') {
			skip_backquotes(w);
		} else {
			strbuf_addch(w->text, *r->at++);
		}
	}
	r->at += *r->at == '"';
}

static void take_single(struct word_value *w)
{
	const char *from = w->r->at + 1, *end = strchr(from, '\'');
	w->quoted = true;
	strbuf_add(w->text, from, end ? (size_t)(end - from) : strlen(from));
	w->r->at = end ? end + 1 : from + strlen(from);
}

/* $'...': the usual escapes; others are not known. */
static void take_ansi(struct word_value *w)
{
	static const char names[] = "nt\\'\"", values[] = "\n\t\\'\"";
	struct script_reader *r = w->r;
	w->quoted = true;
	for (r->at += 2; *r->at && *r->at != '\''; r->at++) {
		const char *escape = *r->at == '\\' && r->at[1] ? strchr(names, r->at[1]) : NULL;
		if (*r->at != '\\') {
			strbuf_addch(w->text, *r->at);
			continue;
		}
		if (escape)
			strbuf_addch(w->text, values[escape - names]);
		w->known = w->known && escape;
		r->at += r->at[1] != '\0';
	}
	r->at += *r->at == '\'';
}

/* Whether what follows a '{' makes several words of it: a comma before its end, within LOOK_MAX bytes. */
static bool is_several(const char *s)
{
	for (size_t i = 0; i < LOOK_MAX && s[i] && !strchr(" \t\n}", s[i]); i++)
		if (s[i] == ',')
			return true;
	return false;
}

/* Something that is neither quoted nor a '$'. */
static void take_plain(struct word_value *w, bool first)
{
	struct script_reader *r = w->r;
	char c = *r->at++;
	bool known = true;
	if (c == '\\' && *r->at == '\n') {
		r->at++;
		return;
	}
	if (c == '\\' && *r->at) {
		w->quoted = true;
		c = *r->at++;
	} else if (c == '~' && first && (script_ends_word(*r->at) || *r->at == '/')) {
		const char *home = r->value(r->arg, "HOME", &known);
		strbuf_addstr(w->text, home ? home : "~");
		w->known = w->known && known;
		return;
	} else if (strchr("*?[", c) || (c == '~' && first)) {
		w->known = false; /* files, or the home of another user */
	} else if (c == '{' && is_several(r->at)) {
		w->known = false; /* several words */
	}
	strbuf_addch(w->text, c);
}

bool script_word(struct script_reader *r, struct strbuf *word, bool *ret_quoted)
{
	struct word_value w = {.r = r, .text = word, .known = true};
	const char *from = r->at;
	r->nested_count = 0;
	while (!script_ends_word(*r->at) || ((*r->at == '<' || *r->at == '>') && r->at[1] == '(' && r->at == from)) {
		if (*r->at == '<' || *r->at == '>') {
			skip_commands(&w);
		} else if (*r->at == '\'') {
			take_single(&w);
		} else if (*r->at == '"') {
			take_double(&w);
		} else if (*r->at == '$' && r->at[1] == '\'') {
			take_ansi(&w);
		} else if (*r->at == '$') {
			take_dollar(&w, false);
		} else if (*r->at == '`') {
			skip_backquotes(&w);
		} else {
			take_plain(&w, r->at == from);
		}
	}
	*ret_quoted = w.quoted;
	return w.known;
}
