/* The parts of statements: see statement_parts.h. */
#include "cmd/map/statement_parts.h"

#include <string.h>

#include "common/base/alloc.h"

int statement_field(struct map_words *w, struct map_step *s)
{
	s->fields = xreallocarray(s->fields, s->field_count + 1, sizeof *s->fields);
	int r = words_field(w, &s->fields[s->field_count]);
	s->field_count += r == 0;
	return r;
}

int statement_word(struct map_words *w, struct map_step *s, const char *what)
{
	s->words = xreallocarray(s->words, s->word_count + 1, sizeof *s->words);
	int r = words_text(w, what, &s->words[s->word_count]);
	s->word_count += r == 0;
	return r;
}

int statement_target(struct map_words *w, const struct expr_field *f)
{
	if (!f->column && (!f->path.count || !f->path.steps[0].name))
		return words_fail(w, "a field is set by its name, as in .name; emit makes a whole record");
	return 0;
}

int statement_as(struct map_words *w, struct map_step *s, const char *word)
{
	if (!words_take(w, word))
		return 0;
	int r = words_field(w, &s->as);
	s->has_as = r == 0;
	return r < 0 ? r : statement_target(w, &s->as);
}

static int list(struct map_words *w, struct map_step *s)
{
	int r;

	do {
		r = statement_field(w, s);
		if (r == 0)
			r = statement_target(w, &s->fields[s->field_count - 1]);
	} while (r == 0 && words_mark(w, ','));
	return r;
}

/* Whether A is an element of an array, as a whole, and B is one of it or a part of one: when A is gone B may have
 * another number. */
static bool moves(const struct path *a, const struct path *b)
{
	const struct path array = {.steps = a->steps, .count = a->count ? a->count - 1 : 0};

	return a->count && b->count >= a->count && !a->steps[array.count].name && !b->steps[array.count].name &&
	       path_covers(&array, b);
}

int statement_del(struct map_words *w, struct map_step *s)
{
	int r = list(w, s);

	for (size_t i = 1; r == 0 && i < s->field_count; i++)
		for (size_t k = 0; r == 0 && k < i; k++)
			if (moves(&s->fields[k].path, &s->fields[i].path) ||
				moves(&s->fields[i].path, &s->fields[k].path))
				r = words_fail(
					w, "two elements of an array: when one is gone the others have other numbers");
	return r;
}

bool statement_same(const struct expr_field *a, const struct expr_field *b)
{
	if (a->column || b->column)
		return a->column == b->column;
	return path_covers(&a->path, &b->path) && path_covers(&b->path, &a->path);
}

bool statement_into_array(const struct path *path)
{
	for (size_t i = 0; i < path->count; i++)
		if (!path->steps[i].name)
			return true;
	return false;
}

int statement_keep(struct map_words *w, struct map_step *s)
{
	int r = list(w, s);

	for (size_t i = 0; r == 0 && i < s->field_count; i++)
		if (statement_into_array(&s->fields[i].path))
			r = words_fail(w, "keep cannot go into arrays");
	return r;
}
