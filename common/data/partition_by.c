/* What a table is partitioned by: see partition_by.h. */
#include "common/data/partition_by.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/data/schema_lex.h"
#include "common/data/schema_name.h"

#define MAX_N 1000000

bool partition_by_is(const char *text)
{
	char quote = '\0';

	for (; *text; text++) {
		if (quote)
			quote = *text == quote ? '\0' : quote;
		else if (*text == '"' || *text == '`')
			quote = *text;
		else if (*text == '=')
			return false;
	}
	return true;
}

/* A name of the source, plain or in quotes; WORD, when it is not NULL, is one that was read already. */
static int take_step(struct schema_lex *in, struct path *path, char *word)
{
	struct strbuf name = STRBUF_INIT;
	char c = schema_lex_peek(in);
	size_t start = in->pos;
	int r = 0;

	if (word)
		strbuf_addstr(&name, word);
	else if (c == '"' || c == '`')
		r = schema_lex_quoted(in, c, &name);
	else
		r = schema_lex_plain(in, "a column", &name);
	const char *fault = r == 0 ? schema_name_fault(name.s, name.len) : NULL;
	if (fault)
		r = schema_lex_fail(in, start, "this name %s", fault);
	else if (r == 0 && path->count == PATH_MAX_STEPS)
		r = schema_lex_fail(in, start, "this is nested too deeply");
	if (r == 0) {
		path->steps = xreallocarray(path->steps, path->count + 1, sizeof *path->steps);
		path->steps[path->count].len = name.len;
		path->steps[path->count++].name = strbuf_detach(&name);
	}
	strbuf_release(&name);
	return r;
}

/* geo.city, of which WORD may be the first name. */
static int take_source(struct schema_lex *in, struct path *path, char *word)
{
	int r = take_step(in, path, word);

	while (r == 0 && schema_lex_take(in, '.'))
		r = take_step(in, path, NULL);
	return r;
}

/* The transform that WORD, which began at START, names. */
static int find_transform(struct schema_lex *in, const char *word, size_t start, enum transform_kind *ret)
{
	for (int i = 0; i < TRANSFORMS; i++) {
		if (strcasecmp(word, transform_name((enum transform_kind)i)) == 0) {
			*ret = (enum transform_kind)i;
			return 0;
		}
	}
	return schema_lex_fail(in, start,
		"there is no transform '%s'; they are identity, year, month, day, hour, bucket(N, COLUMN) and "
		"truncate(N, COLUMN)",
		word);
}

/* What follows WORD, which began at START, and a '('. */
static int take_transform(struct schema_lex *in, const char *word, size_t start, struct partition_field *f)
{
	unsigned n = 0;
	int r = find_transform(in, word, start, &f->transform.kind);

	if (r == 0 && transform_has_number(f->transform.kind)) {
		r = schema_lex_number(in, "the number", 1, MAX_N, &n);
		if (r == 0 && !schema_lex_take(in, ','))
			r = schema_lex_expected(in, "a ','");
		f->transform.n = n;
	}
	if (r == 0)
		r = take_source(in, &f->source, NULL);
	if (r == 0 && !schema_lex_take(in, ')'))
		r = schema_lex_expected(in, "a '.' or a ')'");
	return r;
}

static int take_field(struct schema_lex *in, struct partition_field *f)
{
	struct strbuf word = STRBUF_INIT;
	char c = schema_lex_peek(in);
	size_t start = in->pos;
	int r;

	if (c == '"' || c == '`')
		return take_source(in, &f->source, NULL);
	r = schema_lex_plain(in, "a column or a transform", &word);
	if (r == 0)
		r = schema_lex_take(in, '(') ? take_transform(in, word.s, start, f)
					     : take_source(in, &f->source, word.s);
	strbuf_release(&word);
	return r;
}

static char *column_of(const struct partition_field *f)
{
	struct strbuf name = STRBUF_INIT;

	for (size_t i = 0; i < f->source.count; i++)
		strbuf_addf(&name, "%s%s", i ? "_" : "", f->source.steps[i].name);
	if (f->transform.kind == TRANSFORM_TRUNCATE)
		strbuf_addf(&name, "_trunc_%u", f->transform.n);
	else if (f->transform.kind == TRANSFORM_BUCKET)
		strbuf_addf(&name, "_bucket_%u", f->transform.n);
	else if (f->transform.kind != TRANSFORM_IDENTITY)
		strbuf_addf(&name, "_%s", transform_name(f->transform.kind));
	return strbuf_detach(&name);
}

/* Whether the names A and B are equal, or differ only in case. */
static bool alike(const char *a, const char *b)
{
	struct strbuf x = STRBUF_INIT, y = STRBUF_INIT;

	schema_name_fold(a, strlen(a), &x);
	schema_name_fold(b, strlen(b), &y);
	bool same = strcmp(x.s, y.s) == 0;
	strbuf_release(&x);
	strbuf_release(&y);
	return same;
}

static int take_next(struct schema_lex *in, struct partition_by *by)
{
	by->fields = xreallocarray(by->fields, by->count + 1, sizeof *by->fields);
	struct partition_field *f = &by->fields[by->count++];
	*f = (struct partition_field){0};
	(void)schema_lex_peek(in);
	size_t start = in->pos;
	int r = take_field(in, f);
	if (r < 0)
		return r;
	f->column = column_of(f);
	for (size_t i = 0; i + 1 < by->count; i++)
		if (alike(by->fields[i].column, f->column))
			return schema_lex_fail(in, start, "there is a partition column '%s' already", f->column);
	return 0;
}

int partition_by_parse(struct partition_by *by, const char *text, struct strbuf *err)
{
	struct schema_lex in = {.s = text, .len = strlen(text), .err = err};
	int r;

	*by = (struct partition_by){0};
	do
		r = take_next(&in, by);
	while (r == 0 && schema_lex_take(&in, ','));
	(void)schema_lex_peek(&in);
	if (r == 0 && in.pos < in.len)
		r = schema_lex_expected(&in, "a ',' or the end");
	return r;
}

void partition_by_release(struct partition_by *by)
{
	for (size_t i = 0; i < by->count; i++) {
		path_release(&by->fields[i].source);
		free(by->fields[i].column);
	}
	free(by->fields);
	*by = (struct partition_by){0};
}

void partition_by_print(const struct partition_by *by, struct strbuf *out)
{
	for (size_t i = 0; i < by->count; i++) {
		const struct partition_field *f = &by->fields[i];
		const enum transform_kind kind = f->transform.kind;
		strbuf_addstr(out, i ? ", " : "");
		if (kind != TRANSFORM_IDENTITY)
			strbuf_addf(out, "%s(", transform_name(kind));
		if (transform_has_number(kind))
			strbuf_addf(out, "%u, ", f->transform.n);
		for (size_t j = 0; j < f->source.count; j++) {
			strbuf_addstr(out, j ? "." : "");
			schema_name_print(f->source.steps[j].name, f->source.steps[j].len, out);
		}
		if (kind != TRANSFORM_IDENTITY)
			strbuf_addch(out, ')');
	}
}

const struct schema_field *partition_source(const struct partition_field *f, const struct schema_field *root)
{
	for (size_t i = 0; root && i < f->source.count; i++) {
		const struct path_step *step = &f->source.steps[i];
		root = root->type == SCHEMA_STRUCT ? schema_child(root, step->name, step->len) : NULL;
	}
	return root;
}
