/* Schemas: reading their text.  See schema_text.h. */
#include "common/data/schema_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/data/schema_clash.h"
#include "common/data/schema_impl.h"
#include "common/data/schema_lex.h"
#include "common/data/schema_types.h"
#include "common/data/utf8.h"

struct schema_parse {
	struct schema_lex in;
	int depth;
	size_t fields;
};

static int parse_type(struct schema_parse *p, struct schema_field *f);

/* What may follow a type: `not null`, `null`, `comment 'text'`. */
static int parse_after(struct schema_parse *p, struct schema_field *f, bool comment)
{
	struct strbuf text = STRBUF_INIT;
	int r = 0;

	if (schema_lex_word(&p->in, "not")) {
		if (!schema_lex_word(&p->in, "null"))
			return schema_lex_expected(&p->in, "null");
		f->required = true;
	} else {
		(void)schema_lex_word(&p->in, "null");
	}
	if (comment && schema_lex_word(&p->in, "comment")) {
		r = schema_lex_quoted(&p->in, '\'', &text);
		if (r == 0 && (memchr(text.s, '\0', text.len) || !utf8_valid(text.s, text.len)))
			r = schema_lex_fail(&p->in, p->in.pos, "this comment is not UTF-8, or has a NUL");
		if (r == 0)
			f->comment = strbuf_detach(&text);
		strbuf_release(&text);
	}
	return r;
}

/* The fields of PARENT up to CLOSE, which is '\0' for the end of the text. */
static int parse_fields(struct schema_parse *p, struct schema_field *parent, char close)
{
	size_t start = p->in.pos;
	int r = 0;

	do {
		if (++p->fields > SCHEMA_MAX_FIELDS)
			return schema_lex_fail(&p->in, p->in.pos, "there are more than %d fields", SCHEMA_MAX_FIELDS);
		struct schema_field *f = schema_field_append(parent);
		r = schema_lex_name(&p->in, &f->name);
		if (r == 0) {
			(void)schema_lex_take(&p->in, ':');
			r = parse_type(p, f);
		}
		if (r == 0)
			r = parse_after(p, f, true);
	} while (r == 0 && schema_lex_take(&p->in, ','));
	if (r == 0 && (close ? !schema_lex_take(&p->in, close) : p->in.pos < p->in.len))
		r = schema_lex_expected(&p->in, close == '>' ? "',' or '>'" : close ? "',' or ')'" : "','");
	if (r < 0)
		return r;
	struct strbuf clash = STRBUF_INIT;
	if (schema_clash(parent, &clash) < 0)
		r = schema_lex_fail(&p->in, start, "%s", clash.s);
	strbuf_release(&clash);
	return r;
}

/* The bracket that closes the one at the current position; '\0', with the reason, when there is none. */
static char open_bracket(struct schema_parse *p)
{
	if (schema_lex_take(&p->in, '<'))
		return '>';
	if (schema_lex_take(&p->in, '('))
		return ')';
	(void)schema_lex_expected(&p->in, "'<'");
	return '\0';
}

/* Read a child of PARENT that has no name of its own, up to END. */
static int parse_part(struct schema_parse *p, struct schema_field *parent, const char *name, char end)
{
	struct schema_field *f = schema_field_append(parent);

	f->name = xstrdup(name);
	if (++p->fields > SCHEMA_MAX_FIELDS)
		return schema_lex_fail(&p->in, p->in.pos, "there are more than %d fields", SCHEMA_MAX_FIELDS);
	int r = parse_type(p, f);
	if (r == 0)
		r = parse_after(p, f, false);
	char what[] = "'?'";
	what[1] = end;
	return r == 0 && !schema_lex_take(&p->in, end) ? schema_lex_expected(&p->in, what) : r;
}

static int parse_nested(struct schema_parse *p, struct schema_field *f)
{
	char close = open_bracket(p);

	if (!close)
		return -EINVAL;
	if (f->type == SCHEMA_STRUCT)
		return parse_fields(p, f, close);
	if (f->type == SCHEMA_LIST)
		return parse_part(p, f, "element", close);
	int r = parse_part(p, f, "key", ',');
	f->children[0].required = true; /* before the second child is made, because that may move the first */
	return r < 0 ? r : parse_part(p, f, "value", close);
}

static int parse_decimal(struct schema_parse *p, struct schema_field *f)
{
	unsigned precision, scale = 0;

	if (!schema_lex_take(&p->in, '('))
		return schema_lex_fail(&p->in, p->in.pos,
			"decimal needs its digits, and how many of them are after the point: decimal(12,2)");
	int r = schema_lex_number(&p->in, "the number of digits", 1, SCHEMA_MAX_PRECISION, &precision);
	if (r == 0 && schema_lex_take(&p->in, ','))
		r = schema_lex_number(&p->in, "the number of digits after the point", 0, precision, &scale);
	if (r == 0 && !schema_lex_take(&p->in, ')'))
		r = schema_lex_expected(&p->in, "')'");
	f->precision = (uint8_t)precision;
	f->scale = (uint8_t)scale;
	return r;
}

/* Read `with time zone`, `without time zone` or `with local time zone`, if it is next. */
static int parse_zone(struct schema_parse *p, struct schema_field *f)
{
	bool without = schema_lex_word(&p->in, "without");

	if (!without && !schema_lex_word(&p->in, "with"))
		return 0;
	(void)schema_lex_word(&p->in, "local");
	if (!schema_lex_word(&p->in, "time") || !schema_lex_word(&p->in, "zone"))
		return schema_lex_expected(&p->in, "time zone");
	f->type = without ? SCHEMA_TIMESTAMP_NTZ : SCHEMA_TIMESTAMP;
	return 0;
}

static int parse_timestamp(struct schema_parse *p, struct schema_field *f)
{
	struct strbuf unit = STRBUF_INIT;
	int r = 0;

	if (schema_lex_take(&p->in, '(')) {
		(void)schema_lex_peek(&p->in);
		size_t start = p->in.pos;
		r = schema_lex_plain(&p->in, "s, ms, us or ns", &unit);
		/* (6), as Trino writes it, is the precision of all timestamps here; others are refused */
		if (r == 0 && strcmp(unit.s, "6") != 0 && schema_unit_find(unit.s, &f->unit) < 0)
			r = schema_lex_fail(&p->in, start,
				"the unit of numbers is s, ms, us or ns, not '%s'; a timestamp always has microseconds",
				unit.s);
		if (r == 0 && !schema_lex_take(&p->in, ')'))
			r = schema_lex_expected(&p->in, "')'");
		strbuf_release(&unit);
	}
	return r < 0 ? r : parse_zone(p, f);
}

/* Read the parameters of F's type, whose name was written as WORD. */
static int parse_parameters(struct schema_parse *p, struct schema_field *f, const char *word)
{
	if (schema_has_children(f->type))
		return parse_nested(p, f);
	if (f->type == SCHEMA_DECIMAL)
		return parse_decimal(p, f);
	if (f->type == SCHEMA_TIMESTAMP || f->type == SCHEMA_TIMESTAMP_NTZ)
		return parse_timestamp(p, f);
	if (f->type == SCHEMA_DOUBLE)
		(void)schema_lex_word(&p->in, "precision");
	if (schema_lex_peek(&p->in) == '(')
		return schema_lex_fail(
			&p->in, p->in.pos, "%s has nothing in parentheses: write %s", word, schema_type_name(f));
	return 0;
}

/* F's type is followed by `[]`: the type that was read becomes that of its elements. */
static int parse_postfix(struct schema_parse *p, struct schema_field *f)
{
	while (schema_lex_take(&p->in, '[')) {
		if (!schema_lex_take(&p->in, ']'))
			return schema_lex_expected(&p->in, "']' (arrays have any length)");
		if (p->depth + schema_field_depth(f) >= SCHEMA_MAX_DEPTH)
			return schema_lex_fail(
				&p->in, p->in.pos, "there are more than %d levels of types", SCHEMA_MAX_DEPTH);
		p->fields++;
		struct schema_field element = *f;
		element.name = xstrdup("element");
		*f = (struct schema_field){.name = f->name, .type = SCHEMA_LIST};
		*schema_field_append(f) = element;
	}
	return 0;
}

static int parse_type(struct schema_parse *p, struct schema_field *f)
{
	struct strbuf word = STRBUF_INIT;

	(void)schema_lex_peek(&p->in);
	size_t start = p->in.pos;
	int r = schema_lex_plain(&p->in, "a type", &word);
	const struct schema_word *found = r == 0 ? schema_word_find(word.s) : NULL;
	if (r == 0 && !found && strcasecmp(word.s, "character") == 0 && schema_lex_word(&p->in, "varying"))
		found = schema_word_find("varchar");
	if (r == 0 && !found) {
		struct strbuf reason = STRBUF_INIT;
		schema_word_unknown(word.s, &reason);
		r = schema_lex_fail(&p->in, start, "%s", reason.s);
		strbuf_release(&reason);
	}
	if (r == 0 && ++p->depth > SCHEMA_MAX_DEPTH)
		r = schema_lex_fail(&p->in, start, "there are more than %d levels of types", SCHEMA_MAX_DEPTH);
	if (r == 0) {
		f->type = found->type;
		f->bits = found->bits;
		r = parse_parameters(p, f, word.s);
		p->depth--;
	}
	if (r == 0)
		r = parse_postfix(p, f);
	strbuf_release(&word);
	return r;
}

/* All columns, or `struct<…>` around them, as Spark prints them. */
static int parse_root(struct schema_parse *p, struct schema_field *root)
{
	size_t start = p->in.pos;

	if (schema_lex_word(&p->in, "struct") && schema_lex_peek(&p->in) == '<') {
		p->in.pos++;
		int r = parse_fields(p, root, '>');
		(void)schema_lex_peek(&p->in);
		return r == 0 && p->in.pos < p->in.len ? schema_lex_expected(&p->in, "the end") : r;
	}
	p->in.pos = start;
	if (!schema_lex_peek(&p->in) && p->in.pos == p->in.len)
		return schema_lex_fail(&p->in, 0, "there are no columns; a schema is NAME TYPE, NAME TYPE, ...");
	return parse_fields(p, root, '\0');
}

int schema_parse_text(struct schema *s, const char *text, size_t len, struct strbuf *err)
{
	struct schema_parse p = {.in = {.s = text, .len = len, .err = err}};
	struct schema parsed;

	schema_init(&parsed);
	int r = parse_root(&p, &parsed.root);
	if (r < 0) {
		schema_release(&parsed);
		return r;
	}
	schema_give_ids(&parsed.root, &parsed.last_id);
	*s = parsed;
	return 0;
}
