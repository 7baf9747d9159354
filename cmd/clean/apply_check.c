/* Rules that a field keeps or breaks, and casts: see apply.h. */
#include <string.h>

#include "cmd/clean/apply_check.h"

/* Convert a string that holds a number or truth value; a column is text and stays text. */
static bool cast(struct doc *d, struct field_edit *c, enum value_type type)
{
	if (c->v.type == VALUE_STRING)
		doc_set_json(d, c, type, c->v.s, c->v.len, c->v.s, c->v.len);
	return true;
}

static bool to_int(struct doc *d, struct field_edit *c)
{
	if (c->v.type == VALUE_INT)
		return true;
	return cell_is_text(c) && rules_is_int(c->v.s, c->v.len) && cast(d, c, VALUE_INT);
}

static bool to_float(struct doc *d, struct field_edit *c)
{
	long double n;
	if (c->v.type == VALUE_INT || c->v.type == VALUE_DOUBLE)
		return true;
	if ((!cell_is_text(c) && c->v.type != VALUE_NUMBER) || !rules_number(c->v.s, c->v.len, &n) ||
		__builtin_isinf((double)n))
		return false;
	return cast(d, c, rules_is_int(c->v.s, c->v.len) ? VALUE_INT : VALUE_DOUBLE);
}

static bool to_bool(struct doc *d, struct field_edit *c)
{
	if (c->v.type == VALUE_BOOL)
		return true;
	bool yes = c->v.len == 4 && memcmp(c->v.s, "true", 4) == 0;
	bool no = c->v.len == 5 && memcmp(c->v.s, "false", 5) == 0;
	return cell_is_text(c) && (yes || no) && cast(d, c, VALUE_BOOL);
}

static bool to_string(struct doc *d, struct field_edit *c)
{
	if (c->v.type == VALUE_ARRAY || c->v.type == VALUE_OBJECT)
		return false;
	if (!cell_is_text(c))
		doc_set_string(d, c, c->v.raw, c->v.raw_len);
	return true;
}

bool apply_require(struct plan *p, struct step *s, struct field_edit *c)
{
	(void)p, (void)s;
	return !cell_null(c);
}

bool apply_type(struct plan *p, struct step *s, struct field_edit *c)
{
	struct timespec t;
	switch ((enum rule_type)s->rule->choice) {
	case RULE_INT:
		return to_int(&p->doc, c);
	case RULE_FLOAT:
		return to_float(&p->doc, c);
	case RULE_BOOL:
		return to_bool(&p->doc, c);
	case RULE_STRING:
		return to_string(&p->doc, c);
	case RULE_TIMESTAMP:
		return value_time(&c->v, &s->times, &t) == 0;
	}
	return false;
}

bool apply_range(struct plan *p, struct step *s, struct field_edit *c)
{
	long double n;
	(void)p;
	return cell_number(c, &n) && n >= s->rule->low && n <= s->rule->high;
}

/* If the match is given up, the text counts as not matching. */
bool apply_match(struct plan *p, struct step *s, struct field_edit *c)
{
	(void)p;
	return cell_is_text(c) && regex_match(s->rule->re, c->v.s, c->v.len) == 1;
}

static bool is_word(const struct field_edit *c, const struct rule_word *w)
{
	long double n;
	if (w->is_number && cell_number(c, &n))
		return n == w->number;
	if (c->v.type != VALUE_BOOL && !cell_is_text(c))
		return false;
	return (cell_is_text(c) || !w->quoted) && c->v.len == w->len && memcmp(c->v.s, w->s, w->len) == 0;
}

bool apply_one_of(struct plan *p, struct step *s, struct field_edit *c)
{
	(void)p;
	for (size_t i = 0; i < s->rule->word_count; i++)
		if (is_word(c, &s->rule->words[i]))
			return true;
	return false;
}
