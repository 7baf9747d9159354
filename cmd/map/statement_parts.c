/* The parts of statements: see statement_parts.h. */
#include "cmd/map/statement_parts.h"

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
