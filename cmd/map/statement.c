/* Reading one statement: see statement.h. */
#include "cmd/map/statement.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/map/extract.h"
#include "cmd/map/rule_statement.h"
#include "cmd/map/running_parse.h"
#include "cmd/map/statement_parts.h"
#include "common/base/alloc.h"
#include "common/base/hint.h"
#include "common/base/opt.h"

/* The rest of the statement as an expression. */
static int expression(struct map_words *w, struct map_step *s)
{
	struct strbuf reason = STRBUF_INIT;
	char *text = xstrndup(w->s + w->pos, w->len - w->pos);
	int r = expr_new(&s->expr, text, &reason);

	if (r < 0)
		r = words_fail(w, "%s", reason.s);
	w->pos = w->len;
	free(text);
	strbuf_release(&reason);
	return r;
}

static int parse_set(struct map_words *w, struct map_step *s)
{
	int r = statement_field(w, s);

	if (r == 0)
		r = statement_target(w, &s->fields[0]);
	if (r == 0 && (!words_mark(w, '=') || (w->pos < w->len && strchr("=~", w->s[w->pos]))))
		r = words_fail(w, "'.field = expression' is an assignment, 'where condition' a condition");
	return r < 0 ? r : expression(w, s);
}

static int compile(struct map_words *w, struct map_step *s, const char *pattern)
{
	struct strbuf reason = STRBUF_INIT;
	size_t pos = 0;
	int r = regex_new(&s->re, pattern, strlen(pattern), &pos, &reason);

	if (r < 0)
		r = words_fail(w, "%s", r == -EINVAL ? reason.s : diag_strerror(r));
	strbuf_release(&reason);
	return r;
}

static int parse_rename(struct map_words *w, struct map_step *s)
{
	int r;

	if (words_more(w) && (w->s[w->pos] == '.' || w->s[w->pos] == '$')) {
		r = statement_field(w, s);
		if (r == 0)
			r = statement_target(w, &s->fields[0]);
		if (r == 0)
			r = statement_field(w, s);
		if (r == 0 && (s->fields[0].column || s->fields[1].column))
			r = words_fail(w, "a column without a name cannot be renamed");
		if (r == 0 && (statement_into_array(&s->fields[0].path) || statement_into_array(&s->fields[1].path)))
			r = words_fail(w, "rename cannot go into arrays");
		return r < 0 ? r : statement_target(w, &s->fields[1]);
	}
	s->kind = STEP_RENAME_ALL;
	r = statement_word(w, s, "a regular expression");
	if (r == 0)
		r = compile(w, s, s->words[0]);
	return r < 0 ? r : statement_word(w, s, "what to replace it by");
}

static int parse_flatten(struct map_words *w, struct map_step *s)
{
	int r = 0;

	if (words_more(w) && w->s[w->pos] == '.')
		r = statement_field(w, s);
	if (r == 0 && words_more(w))
		r = statement_word(w, s, "a separator");
	return r;
}

static int parse_explode(struct map_words *w, struct map_step *s)
{
	int r = statement_field(w, s);

	if (r == 0)
		r = statement_as(w, s, "as");
	if (r == 0 && s->has_as && statement_same(&s->fields[0], &s->as))
		s->has_as = false; /* it is its own place */
	return r;
}

static int parse_lookup(struct map_words *w, struct map_step *s)
{
	int r = statement_word(w, s, "a file");

	if (r == 0 && !words_take(w, "on"))
		r = words_fail(w, "a look-up is written lookup FILE on .field [= .key] as .field");
	if (r == 0)
		r = statement_field(w, s);
	if (r == 0 && words_mark(w, '='))
		r = words_field(w, &s->key);
	s->has_key = s->key.column || s->key.path.count;
	if (r == 0)
		r = statement_as(w, s, "as");
	if (r == 0 && !s->has_as)
		r = words_fail(w, "'as .field' is missing: where to put what is found");
	if (r < 0 || !words_take(w, "else"))
		return r;
	static const char *const words[] = {"null", "drop", "error"};
	for (size_t i = 0; i < 3; i++)
		if (words_take(w, words[i])) {
			s->otherwise = (enum lookup_else)i;
			return 0;
		}
	return words_fail(w, "else is followed by null, drop or error");
}

static int parse_extract(struct map_words *w, struct map_step *s)
{
	struct strbuf pattern = STRBUF_INIT, reason = STRBUF_INIT;
	int r = statement_field(w, s), form = -1;

	for (int i = 0; r == 0 && form < 0 && extract_form(i); i++)
		if (words_take(w, extract_form(i)))
			form = i;
	if (r == 0 && form < 0)
		r = words_fail(w, "a text is parsed as regex, grok, csv, kv, logfmt, syslog or clf");
	s->form = (enum parse_form)form;
	if (r == 0 && (s->form == PARSE_REGEX || s->form == PARSE_GROK))
		r = statement_word(w, s, "a pattern");
	if (r == 0) {
		r = extract_pattern(s->form, s->word_count ? s->words[0] : NULL, &pattern, &reason);
		if (r < 0)
			r = words_fail(w, "%s", reason.s);
	}
	if (r == 0 && pattern.len)
		r = compile(w, s, pattern.s);
	strbuf_release(&pattern);
	strbuf_release(&reason);
	if (r == 0)
		r = statement_as(w, s, "into");
	if (r == 0 && s->form == PARSE_CSV && !s->has_as)
		r = words_fail(w, "'into .field' is missing: an array is put into one field");
	return r;
}

static int parse_sample(struct map_words *w, struct map_step *s)
{
	char *text, *end;
	int r = words_text(w, "a share, as 1%,", &text);

	if (r < 0)
		return r;
	s->share = strtod(text, &end);
	if (*end == '%') {
		s->share /= 100;
		end++;
	}
	bool good = end > text && !*end && s->share >= 0 && s->share <= 1;
	free(text);
	return good ? 0 : words_fail(w, "a share is from 0%% to 100%%, or from 0 to 1");
}

static int parse_null_if(struct map_words *w, struct map_step *s)
{
	int r;

	do {
		bool quoted = words_more(w) && (w->s[w->pos] == '"' || w->s[w->pos] == '\'');
		r = statement_word(w, s, "a text");
		if (r == 0 && !quoted && strchr(s->words[s->word_count - 1], ','))
			r = words_fail(w, "texts of a list are in quotes, as in null-if \"\", \"-\"");
	} while (r == 0 && words_mark(w, ','));
	return r;
}

/* EXPR FILE */
static int parse_tee(struct map_words *w, struct map_step *s)
{
	struct map_words file;

	if (!words_last(w, &file))
		return words_fail(w, "it is written tee EXPR FILE");
	int r = statement_word(&file, s, "a file");
	return r < 0 ? r : expression(w, s);
}

static const struct {
	const char *name;
	enum step_kind kind;
	int (*parse)(struct map_words *w, struct map_step *s);
	const char *form, *help;
} kinds[] = {
	{"del", STEP_DEL, statement_del, "del .a, .b", "remove fields; so does drop"},
	{"keep", STEP_KEEP, statement_keep, "keep .a, .b", "remove all other fields"},
	{"rename", STEP_RENAME, parse_rename, "rename .a .b", "a new name; rename '^x' 'y' for all that match"},
	{"flatten", STEP_FLATTEN, parse_flatten, "flatten [.a] [sep]", "members of objects become fields: a.b"},
	{"unflatten", STEP_UNFLATTEN, parse_flatten, "unflatten [sep]", "fields a.b become members of objects"},
	{"explode", STEP_EXPLODE, parse_explode, "explode .a [as .b]", "a record for each element of an array"},
	{"lookup", STEP_LOOKUP, parse_lookup, "lookup FILE on .a as .b",
		"add the record of a file; on .a = .k; else drop, else error"},
	{"parse", STEP_PARSE, parse_extract, "parse .a kv|logfmt|csv|clf|syslog|regex|grok [P] [into .b]",
		"fields from a text"},
	{"emit", STEP_EMIT, expression, "emit {a: .b}", "a wholly new record"},
	{"where", STEP_WHERE, expression, "where .a > 1", "drop other records"},
	{"sample", STEP_SAMPLE, parse_sample, "sample 1%", "drop other records, always the same"},
	{"null-if", STEP_NULL_IF, parse_null_if, "null-if \"\", \"-\"", "fields with such a text become null"},
	{"step", STEP_RUNNING, running_parse, "step delta .a [by .k] [as .b]",
		"from the record before: shift, delta, ratio, sum, count, ewma 0.1"},
	{"tee", STEP_TEE, parse_tee, "tee EXPR FILE", "append records to a file, too, in the form of --rejects"},
};

#define KINDS (sizeof kinds / sizeof *kinds)

static const char *kind_name(size_t i)
{
	return i < KINDS ? kinds[i].name : rule_statement_name(i - KINDS);
}

static const struct hint hints[] = {{"delete", "write del .a"}, {"remove", "write del .a"}, {"unset", "write del .a"},
	{"select", "write keep .a, .b"}, {"cut", "write keep .a, .b"}, {"project", "write keep .a, .b"},
	{"filter", "write where .a > 1"}, {"set", "write .a = 1"}, {"put", "write .a = 1"}, {"let", "write .a = 1"},
	{"flatmap", "write explode .a"}, {"unnest", "write explode .a"}, {"join", "write lookup FILE on .a as .b"},
	{"enrich", "write lookup FILE on .a as .b"}, {"reorder", "write keep .a, .b or emit"},
	{"lag", "write step shift .a by .k"}, {"diff", "write step delta .a by .k"}, {NULL, NULL}};

int statement_parse(struct map_words *w, struct map_step *s)
{
	struct strbuf text = STRBUF_INIT;
	size_t end;

	if (w->s[0] == '.' || w->s[0] == '$') {
		s->kind = STEP_SET;
		return parse_set(w, s);
	}
	for (size_t i = 0; i < KINDS; i++)
		if (words_take(w, kinds[i].name) || (kinds[i].kind == STEP_DEL && words_take(w, "drop"))) {
			s->kind = kinds[i].kind;
			if (!words_more(w) && s->kind != STEP_FLATTEN && s->kind != STEP_UNFLATTEN)
				return words_fail(w, "it is written %s", kinds[i].form);
			int r = kinds[i].parse(w, s);
			return r < 0 ? r : words_end(w);
		}
	if (rule_begins(w))
		return rule_statement(w, s);
	for (end = 0; end < w->len && !strchr(" \t\r\n(", w->s[end]);)
		end++;
	char *name = xstrndup(w->s, end);
	hint_unknown(&text, "statement", name, hints, kind_name);
	int r = words_fail(w, "%s", text.s);
	free(name);
	strbuf_release(&text);
	return r;
}

void statement_help(struct strbuf *out)
{
	strbuf_addstr(out, "Statements, with ';' or line ends between:\n");
	opt_line(out, ".a = EXPR", "set a field, or add it");
	for (size_t i = 0; i < KINDS; i++)
		opt_line(out, kinds[i].form, kinds[i].help);
	strbuf_addstr(out, "The rules of weir-clean(1) are statements, too, as in require .a.\n");
	strbuf_addstr(out, "`weir help expr` has the expressions.\n");
}
