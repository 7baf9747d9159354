/* Expressions: dividing the text into words. */
#include "common/data/expr_words.h"

#include <errno.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/json_impl.h"
#include "common/data/json_text.h"
#include "common/data/utf8.h"

int expr_lex_fail(struct expr_lex *lex, size_t pos, const char *fmt, ...)
{
	va_list args;

	strbuf_addf(lex->err, "expression, character %zu: ", pos + 1);
	va_start(args, fmt);
	strbuf_vaddf(lex->err, fmt, args);
	va_end(args);
	return -EINVAL;
}

static char at(const struct expr_lex *lex, size_t pos)
{
	return pos < lex->len ? lex->text[pos] : '\0';
}

static bool is_letter(char c)
{
	char lower = (char)(c | 0x20);

	return (lower >= 'a' && lower <= 'z') || c == '_';
}

/* Take the bytes up to POS as the text of the constant. */
static void take_text(struct expr_lex *lex, size_t pos)
{
	lex->op = EXPR_CONST;
	lex->quote_len = 0;
	strbuf_clear(&lex->name);
	strbuf_add(&lex->name, lex->text + lex->start, pos - lex->start);
	lex->pos = pos;
}

static int lex_string(struct expr_lex *lex)
{
	char quote = at(lex, lex->start);
	size_t pos = lex->start + 1, len, lone;

	while (pos < lex->len && lex->text[pos] != quote)
		pos += lex->text[pos] == '\\' ? 2 : 1;
	if (pos >= lex->len)
		return expr_lex_fail(lex, lex->start, "this string has no end");
	lex->op = EXPR_CONST;
	lex->pos = pos + 1;
	lex->quote_len = pos + 1 - lex->start;
	strbuf_clear(&lex->name);
	strbuf_add(&lex->name, lex->text + lex->start + 1, lex->quote_len - 2);
	lex->value = (struct value){.type = VALUE_STRING};
	/* An invalid escape may be meant for a regular expression; the parser checks it when it needs a string. */
	if (json_unescape(lex->name.s, lex->name.s, lex->name.len, &len, &lone) < 0 || lone != SIZE_MAX)
		lex->value.type = VALUE_MISSING;
	else
		strbuf_setlen(&lex->name, len);
	return 0;
}

static int64_t unit_us(const char *s, size_t len)
{
	static const struct {
		const char *name;
		int64_t us;
	} units[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000}, {"m", 60000000}, {"h", 3600000000}, {"d", 86400000000}};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strlen(units[i].name) == len && memcmp(units[i].name, s, len) == 0)
			return units[i].us;
	return 0;
}

/* 500ms, 1h30m: whole numbers with units. */
static int lex_duration(struct expr_lex *lex)
{
	int64_t sum = 0;
	size_t pos = lex->start;

	while (ascii_is_digit(at(lex, pos))) {
		int64_t n = 0, part;
		bool overflow = false;
		for (; ascii_is_digit(at(lex, pos)); pos++)
			overflow |=
				__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, at(lex, pos) - '0', &n);
		size_t unit = pos;
		while (is_letter(at(lex, pos)))
			pos++;
		int64_t us = unit_us(lex->text + unit, pos - unit);
		if (!us)
			return expr_lex_fail(lex, unit, "a duration has units us, ms, s, m, h or d");
		if (overflow || __builtin_mul_overflow(n, us, &part) || __builtin_add_overflow(sum, part, &sum))
			return expr_lex_fail(lex, lex->start, "this duration is too long");
	}
	take_text(lex, pos);
	lex->value = (struct value){.type = VALUE_DURATION, .i = sum};
	return 0;
}

static int lex_number(struct expr_lex *lex)
{
	size_t pos = lex->start;

	while (ascii_is_digit(at(lex, pos)))
		pos++;
	if (is_letter(at(lex, pos)) && (at(lex, pos) | 0x20) != 'e')
		return lex_duration(lex);
	while (ascii_is_digit(at(lex, pos)) || is_letter(at(lex, pos)) || at(lex, pos) == '.' ||
		(strchr("+-", at(lex, pos)) && at(lex, pos) && (at(lex, pos - 1) | 0x20) == 'e'))
		pos++;
	take_text(lex, pos);
	lex->value = (struct value){0};
	if (!json_take_number(lex->name.s, lex->name.len, &lex->value))
		return expr_lex_fail(lex, lex->start, "'%s' is not a number", lex->name.s);
	return 0;
}

/* Whether the bracket at POS belongs to a path: [0], ["name"].  Otherwise it is computed: [-1], [1:3], [.k]. */
static bool in_path(const struct expr_lex *lex, size_t pos)
{
	size_t from = pos + 1, to = from;

	if (at(lex, from) != '"') {
		while (ascii_is_digit(at(lex, to)))
			to++;
		return to > from && at(lex, to) == ']';
	}
	for (to++; at(lex, to) && at(lex, to) != '"'; to++)
		to += at(lex, to) == '\\' && at(lex, to + 1);
	return at(lex, to) != '"' || at(lex, to + 1) == ']';
}

/* Where the path that begins at the current word ends at the latest: before the first bracket that is computed. */
static size_t path_limit(const struct expr_lex *lex)
{
	bool quoted = false;

	for (size_t pos = lex->start; pos < lex->len; pos++) {
		char c = lex->text[pos];
		if (quoted && c == '\\')
			pos++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && c == '[' && !in_path(lex, pos))
			return pos;
		else if (!quoted && strchr(" \t\r\n,()", c)) /* no path goes on after these */
			return lex->len;
	}
	return lex->len;
}

static int lex_path(struct expr_lex *lex)
{
	struct strbuf reason = STRBUF_INIT;
	size_t used;
	int r = path_scan(&lex->field.path, lex->text + lex->start, path_limit(lex) - lex->start, &used, &reason);

	if (r < 0)
		r = expr_lex_fail(lex, lex->start + used, "%s", reason.s);
	strbuf_release(&reason);
	if (r < 0)
		return r;
	lex->op = EXPR_FIELD;
	lex->field.column = 0;
	lex->has_field = true;
	lex->pos = lex->start + used;
	return 0;
}

static int lex_column(struct expr_lex *lex)
{
	uint32_t column = 0;
	size_t pos = lex->start + 1;

	for (; ascii_is_digit(at(lex, pos)) && column < 1000000; pos++)
		column = column * 10 + (uint32_t)(at(lex, pos) - '0');
	if (column < 1 || column > 1000000 || is_letter(at(lex, pos)))
		return expr_lex_fail(lex, lex->start, "a column is $1, $2, …, a field with a name .name");
	lex->op = EXPR_FIELD;
	lex->field = (struct expr_field){.column = column};
	lex->has_field = true;
	lex->pos = pos;
	return 0;
}

static int lex_name(struct expr_lex *lex)
{
	size_t pos = lex->start;

	while (is_letter(at(lex, pos)) || ascii_is_digit(at(lex, pos)))
		pos++;
	take_text(lex, pos);
	lex->op = expr_word(lex->name.s, &lex->value);
	return 0;
}

/* @users.txt or @"a file" after `in`: the name is the text of the word. */
static int lex_file(struct expr_lex *lex)
{
	size_t from = lex->start + 1, to;
	char quote = at(lex, from) == '"' || at(lex, from) == '\'' ? at(lex, from) : '\0';

	from += quote != 0;
	for (to = from; to < lex->len; to++)
		if (quote ? lex->text[to] == quote : strchr(" \t\r\n,;()[]{}", lex->text[to]) != NULL)
			break;
	if (to == from || (quote && to == lex->len))
		return expr_lex_fail(lex, lex->start, "the name of a file must follow '@'");
	take_text(lex, to + (quote != 0));
	strbuf_clear(&lex->name);
	strbuf_add(&lex->name, lex->text + from, to - from);
	lex->op = EXPR_FILE;
	return 0;
}

static int lex_mark(struct expr_lex *lex)
{
	const char *s = lex->text + lex->start;
	size_t len = 0, foreign_len = 0;
	const char *foreign = expr_foreign_mark(s, &foreign_len);

	lex->op = expr_mark(s, &len);
	lex->pos = lex->start + len;
	if (foreign && foreign_len > len)
		return expr_lex_fail(lex, lex->start, "'%.*s' %s", (int)foreign_len, s, foreign);
	if (lex->op == EXPR_END)
		return expr_lex_fail(lex, lex->start, "this does not belong to an expression");
	return 0;
}

int expr_lex_next(struct expr_lex *lex)
{
	lex->end = lex->pos;
	while (at(lex, lex->pos) && strchr(" \t\r\n", at(lex, lex->pos)))
		lex->pos++;
	bool after_in = lex->op == EXPR_IN;
	lex->start = lex->pos;
	char c = at(lex, lex->pos);
	if (lex->pos == lex->len) {
		lex->op = EXPR_END;
		return 0;
	}
	if (c == '"' || c == '\'')
		return lex_string(lex);
	if (ascii_is_digit(c))
		return lex_number(lex);
	if (c == '.')
		return lex_path(lex);
	if (c == '$')
		return lex_column(lex);
	if (is_letter(c))
		return lex_name(lex);
	return c == '@' && after_in ? lex_file(lex) : lex_mark(lex);
}

static bool in_name(char c)
{
	return c == '_' || c == '-' || (unsigned char)c >= 0x80 || ascii_is_digit(c) ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

int expr_lex_dash(struct expr_lex *lex)
{
	size_t from = lex->start, to = lex->start;

	while (from > 0 && in_name(lex->text[from - 1]))
		from--;
	while (to < lex->len && in_name(lex->text[to]))
		to++;
	if (from == lex->start || from == 0 || lex->text[from - 1] != '.' || lex->text[from] == '-')
		return 0;
	if (lex->text[lex->start - 1] != '-' || (to < lex->len && lex->text[to] == '('))
		return 0;
	return expr_lex_fail(
		lex, lex->start, "a name with '-' in it is quoted: .\"%.*s\"", (int)(to - from), lex->text + from);
}
