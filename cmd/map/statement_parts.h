/* Parts that several kinds of statements have. */
#ifndef WEIR_CMD_MAP_STATEMENT_PARTS_H
#define WEIR_CMD_MAP_STATEMENT_PARTS_H

#include "cmd/map/step.h"
#include "cmd/map/words.h"

/* Each returns 0, or -EINVAL with a reason. */

/* Append the next word of W, a field, to the fields of S. */
int statement_field(struct map_words *w, struct map_step *s) MUST_CHECK;

/* The same for a text, and the words of S; WHAT it is, for the message. */
int statement_word(struct map_words *w, struct map_step *s, const char *what) MUST_CHECK;

/* F can be written: it is not the whole record. */
int statement_target(struct map_words *w, const struct expr_field *f) MUST_CHECK;

/* If WORD ("as") comes next, take the field after it into s->as. */
int statement_as(struct map_words *w, struct map_step *s, const char *word) MUST_CHECK;

/* The fields of del, of which no two are elements of one array, and those of keep, which are not in arrays. */
int statement_del(struct map_words *w, struct map_step *s) MUST_CHECK;
int statement_keep(struct map_words *w, struct map_step *s) MUST_CHECK;

/* Whether A and B are written in the same way. */
bool statement_same(const struct expr_field *a, const struct expr_field *b);

bool statement_into_array(const struct path *path);

#endif
