/* Lists of commands, with their separators, redirections and here-documents: see script_impl.h. */
#include <stdlib.h>
#include <string.h>

#include "cmd/run/script_impl.h"
#include "cmd/run/script_word.h"
#include "common/base/alloc.h"

enum { HEREDOCS = 8 }; /* on one line; of more the rest is read as commands */

enum want { WANT_WORD, WANT_TARGET, WANT_HEREDOC };

struct listing {
	struct script_parse *parse;
	struct script_reader r;
	struct draft draft;
	enum want want;
	char *heredocs[HEREDOCS]; /* owned: what ends them */
	size_t heredoc_count;
	size_t open; /* parentheses */
	bool nested;
};

/* Behind the line after AT; its own line feed, if there is one, is passed. */
static const char *next_line(const char *at)
{
	at += strcspn(at, "\n");
	return *at ? at + 1 : at;
}

static void skip_heredocs(struct listing *l)
{
	for (size_t i = 0; i < l->heredoc_count; i++) {
		bool end = false;
		while (*l->r.at && !end) {
			const char *line = l->r.at + strspn(l->r.at, "\t");
			size_t len = strcspn(line, "\n");
			end = len == strlen(l->heredocs[i]) && memcmp(line, l->heredocs[i], len) == 0;
			l->r.at = next_line(l->r.at);
		}
		free(l->heredocs[i]);
	}
	l->heredoc_count = 0;
}

static void redirect(struct listing *l)
{
	struct script_reader *r = &l->r;
	bool heredoc = strncmp(r->at, "<<", 2) == 0 && r->at[2] != '<';
	r->at += strspn(r->at, "&<>") + (heredoc && r->at[2] == '-');
	r->at += *r->at == '|' || *r->at == '&';
	l->want = heredoc ? WANT_HEREDOC : WANT_TARGET;
}

/* Whether what follows RAW makes it an array, NAME=(…), which is passed; its variable is not known then. */
static bool take_array(struct listing *l, const char *raw)
{
	struct script_reader *r = &l->r;
	if (*r->at != '(' || r->at == raw || r->at[-1] != '=')
		return false;
	size_t depth = 0;
	do {
		depth += *r->at == '(';
		depth -= *r->at == ')';
	} while (*r->at++ && depth && *r->at);
	parse_set(l->parse, raw, strcspn(raw, "=+"), NULL);
	return true;
}

/* The pattern of a `case`, to its parenthesis; there is none before `esac`. */
static void skip_pattern(struct script_reader *r)
{
	r->at += strspn(r->at, " \t\n");
	if (strncmp(r->at, "esac", 4) == 0 && script_ends_word(r->at[4]))
		return;
	r->at += strcspn(r->at, ")");
	r->at += *r->at == ')';
}

/* Read the commands within the last word. */
static void take_nested(struct listing *l)
{
	for (size_t i = 0; i < l->r.nested_count; i++)
		script_list(l->parse, l->r.nested[i], true);
}

static void take_word(struct listing *l)
{
	struct script_reader *r = &l->r;
	struct strbuf word = STRBUF_INIT;
	const char *raw = r->at;
	bool quoted = false, known = script_word(r, &word, &quoted);
	size_t len = (size_t)(r->at - raw);
	take_nested(l);
	bool number = (*r->at == '<' || *r->at == '>') && strspn(raw, "0123456789") == len;
	if (l->want == WANT_HEREDOC && l->heredoc_count < HEREDOCS)
		l->heredocs[l->heredoc_count++] = xstrdup(word.s);
	else if (l->want == WANT_WORD && !number && !take_array(l, raw))
		draft_add(l->parse, &l->draft, raw, len, known ? word.s : NULL, quoted);
	if (!number)
		l->want = WANT_WORD;
	strbuf_release(&word);
	if (l->draft.skip && l->draft.words == 3 && strcmp(l->draft.command.words[0], "case") == 0) {
		draft_release(&l->draft);
		skip_pattern(r);
	}
}

/* "(" is a subshell, the definition of a function, or arithmetic. */
static void open_group(struct listing *l)
{
	struct script_reader *r = &l->r;
	if (l->draft.words == 1 && r->at[strspn(r->at + 1, " \t") + 1] == ')') {
		draft_function(l->parse, &l->draft);
		r->at += strspn(r->at + 1, " \t") + 2;
	} else if (r->at[1] == '(' && !l->draft.words) {
		const char *end = strstr(r->at, "))");
		r->at = end ? end + 2 : r->at + strlen(r->at);
	} else {
		draft_end(l->parse, &l->draft, false);
		l->open++;
		r->at++;
	}
}

/* True: the list ends here. */
static bool close_group(struct listing *l)
{
	draft_end(l->parse, &l->draft, false);
	if (l->open == 0 && l->nested)
		return true;
	l->open -= l->open > 0;
	l->r.at++;
	return false;
}

/* One of ; & | and their pairs. */
static void separate(struct listing *l)
{
	struct script_reader *r = &l->r;
	bool pipe = r->at[0] == '|' && r->at[1] != '|', end = r->at[0] == ';' && r->at[1] == ';';
	draft_end(l->parse, &l->draft, pipe);
	r->at += (r->at[1] == r->at[0] || (pipe && r->at[1] == '&')) ? 2 : 1;
	if (end) /* of a branch of a `case` */
		skip_pattern(r);
	if (pipe) /* the next command may stand on another line */
		r->at += strspn(r->at, " \t\n");
}

/* True: the list ends here. */
static bool step(struct listing *l)
{
	struct script_reader *r = &l->r;
	char c = *r->at, next = r->at[1];
	if (c == ' ' || c == '\t') {
		r->at++;
	} else if (c == '\\' && next == '\n') {
		r->at += 2;
	} else if (c == '#') {
		r->at += strcspn(r->at, "\n");
	} else if (c == '\n') {
		draft_end(l->parse, &l->draft, false);
		r->at++;
		skip_heredocs(l);
	} else if (c == '(') {
		open_group(l);
	} else if (c == ')') {
		return close_group(l);
	} else if ((c == '&' && next == '>') || ((c == '<' || c == '>') && next != '(')) {
		redirect(l);
	} else if (c == ';' || c == '&' || c == '|') {
		separate(l);
	} else {
		take_word(l);
	}
	return false;
}

void script_list(struct script_parse *p, const char *text, bool nested)
{
	struct listing l = {.parse = p, .r = {.at = text, .value = parse_value, .arg = p}, .nested = nested};
	if (p->depth == SCRIPT_DEPTH)
		return;
	p->depth++;
	while (*l.r.at && !step(&l))
		;
	draft_end(p, &l.draft, false);
	draft_release(&l.draft);
	for (size_t i = 0; i < l.heredoc_count; i++)
		free(l.heredocs[i]);
	p->depth--;
}
