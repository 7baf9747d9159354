/* Dividing a program into statements: see program.h. */
#include "cmd/map/program.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/map/extract.h"
#include "cmd/map/statement.h"
#include "common/base/alloc.h"

/* The length of the statement at S: up to a ';' or an end of line that is neither in quotes nor in brackets. */
static size_t statement_len(const char *s)
{
	int depth = 0;
	char quote = '\0';
	size_t i;

	for (i = 0; s[i]; i++) {
		if (quote) {
			if (s[i] == '\\' && s[i + 1])
				i++;
			else if (s[i] == quote)
				quote = '\0';
			continue;
		}
		if (s[i] == '"' || s[i] == '\'')
			quote = s[i];
		depth += s[i] == '(' || s[i] == '[' || s[i] == '{';
		depth -= s[i] == ')' || s[i] == ']' || s[i] == '}';
		if (depth <= 0 && (s[i] == ';' || s[i] == '\n'))
			break;
	}
	return i;
}

static int add_statement(struct map_program *p, const char *s, size_t len, struct strbuf *err)
{
	struct map_words w = {.s = s, .len = len, .err = err};

	if (p->count == PROGRAM_MAX_STEPS)
		return words_fail(&w, "there are more than %d statements", PROGRAM_MAX_STEPS);
	p->steps = xreallocarray(p->steps, p->count + 1, sizeof *p->steps);
	struct map_step *step = &p->steps[p->count++];
	*step = (struct map_step){.text = xstrndup(s, len)};
	strbuf_init(&step->made);
	strbuf_init(&step->aside.lines);
	int r = statement_parse(&w, step);
	p->explodes += step->kind == STEP_EXPLODE;
	if (r == 0 && p->explodes > PROGRAM_MAX_EXPLODE)
		r = words_fail(
			&w, "there are more than %d of them, and each multiplies the records", PROGRAM_MAX_EXPLODE);
	return r;
}

int program_parse(struct map_program *p, const char *text, struct strbuf *err)
{
	int r = 0;

	while (*text && r == 0) {
		text += strspn(text, " \t\r\n;");
		if (*text == '#') {
			text += strcspn(text, "\n");
			continue;
		}
		size_t len = statement_len(text), end = len;
		while (end && strchr(" \t\r", text[end - 1]))
			end--;
		if (end)
			r = add_statement(p, text, end, err);
		text += len;
	}
	return r;
}

static void free_step(struct map_step *s)
{
	expr_free(s->expr);
	expr_free(s->running);
	for (size_t i = 0; i < s->field_count; i++)
		path_release(&s->fields[i].path);
	for (size_t i = 0; i < s->word_count; i++)
		free(s->words[i]);
	if (s->rule)
		rule_release(s->rule);
	free(s->rule);
	path_release(&s->as.path);
	path_release(&s->key.path);
	regex_free(s->re);
	for (size_t i = 0; i < s->group_count; i++)
		free(s->groups[i].lead);
	free(s->groups);
	strbuf_release(&s->made);
	free(s->fields);
	free(s->words);
	free(s->text);
}

void program_release(struct map_program *p)
{
	for (size_t i = 0; i < p->count; i++)
		free_step(&p->steps[i]);
	free(p->steps);
	*p = (struct map_program){0};
}
