/* The words of a schema's text: see schema_lex.h. */
#include "common/data/schema_lex.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "common/base/ascii.h"
#include "common/data/schema_name.h"
#include "common/data/utf8.h"

/* How a message names a place, in a text of one line and in one of several. */
static void add_place(const struct schema_lex *in, size_t pos, struct strbuf *out)
{
	size_t line = 1, start = 0;

	for (size_t i = 0; i < pos; i++) {
		if (in->s[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	if (memchr(in->s, '\n', in->len))
		strbuf_addf(out, "line %zu, ", line);
	strbuf_addf(out, "character %zu: ", pos - start + 1);
}

int schema_lex_fail(struct schema_lex *in, size_t pos, const char *fmt, ...)
{
	va_list args;

	add_place(in, pos, in->err);
	va_start(args, fmt);
	strbuf_vaddf(in->err, fmt, args);
	va_end(args);
	return -EINVAL;
}

static bool is_plain(char c)
{
	char lower = (char)(c | 0x20);

	return (lower >= 'a' && lower <= 'z') || ascii_is_digit(c) || c == '_' || (unsigned char)c >= 0x80;
}

char schema_lex_peek(struct schema_lex *in)
{
	for (; in->pos < in->len; in->pos++) {
		if (in->s[in->pos] == '#') {
			const char *lf = memchr(in->s + in->pos, '\n', in->len - in->pos);
			in->pos = lf ? (size_t)(lf - in->s) : in->len;
		}
		if (in->pos == in->len || !ascii_is_blank(in->s[in->pos]))
			break;
	}
	return in->pos < in->len ? in->s[in->pos] : '\0';
}

int schema_lex_expected(struct schema_lex *in, const char *what)
{
	(void)schema_lex_peek(in);
	if (in->pos == in->len)
		return schema_lex_fail(in, in->pos, "%s is missing at the end", what);
	size_t n = 0, left = in->len - in->pos;
	while (n < left && n < 40 && is_plain(in->s[in->pos + n]))
		n++;
	if (n > 1)
		n = utf8_valid_prefix(in->s + in->pos, n);
	if (!n)
		n = 1;
	return schema_lex_fail(in, in->pos, "'%.*s' stands where %s is expected", (int)n, in->s + in->pos, what);
}

bool schema_lex_take(struct schema_lex *in, char c)
{
	if (schema_lex_peek(in) != c || in->pos == in->len)
		return false;
	in->pos++;
	return true;
}

bool schema_lex_word(struct schema_lex *in, const char *word)
{
	size_t n = strlen(word);

	(void)schema_lex_peek(in);
	if (in->len - in->pos < n || strncasecmp(in->s + in->pos, word, n) != 0 ||
		(in->pos + n < in->len && is_plain(in->s[in->pos + n])))
		return false;
	in->pos += n;
	return true;
}

int schema_lex_plain(struct schema_lex *in, const char *what, struct strbuf *out)
{
	(void)schema_lex_peek(in);
	size_t start = in->pos;
	while (in->pos < in->len && is_plain(in->s[in->pos]))
		in->pos++;
	if (in->pos == start)
		return schema_lex_expected(in, what);
	size_t valid = utf8_valid_prefix(in->s + start, in->pos - start);
	if (start + valid < in->pos)
		return schema_lex_fail(in, start + valid, "this is not UTF-8");
	strbuf_add(out, in->s + start, in->pos - start);
	return 0;
}

int schema_lex_quoted(struct schema_lex *in, char quote, struct strbuf *out)
{
	if (!schema_lex_take(in, quote))
		return schema_lex_expected(in, quote == '\'' ? "a text in single quotes" : "a name in quotes");
	size_t start = in->pos - 1;
	for (; in->pos < in->len; in->pos++) {
		if (in->s[in->pos] == quote) {
			in->pos++;
			if (in->pos == in->len || in->s[in->pos] != quote)
				return 0;
		}
		strbuf_addch(out, in->s[in->pos]);
	}
	return schema_lex_fail(in, start, "this quote is not closed");
}

static bool is_syntax(char c)
{
	return ascii_is_blank(c) || (c && strchr(":,<>()[]#\"`'", c));
}

/* Report a character directly after a plain name that is allowed only in quotes. */
static int check_after(struct schema_lex *in)
{
	char c = in->pos < in->len ? in->s[in->pos] : ' ';

	if (is_syntax(c))
		return 0;
	if (c == '.')
		return schema_lex_fail(in, in->pos,
			"a name with a '.' goes in quotes; fields of fields are written NAME struct<NAME TYPE, ...>");
	return schema_lex_fail(in, in->pos, "a name with characters other than letters, digits and _ goes in quotes");
}

int schema_lex_name(struct schema_lex *in, char **ret)
{
	struct strbuf name = STRBUF_INIT;
	char c = schema_lex_peek(in);
	size_t start = in->pos;
	int r;

	if (c == '"' || c == '`')
		r = schema_lex_quoted(in, c, &name);
	else if (in->pos < in->len && !is_plain(c) && !is_syntax(c))
		r = check_after(in);
	else
		r = schema_lex_plain(in, "a name", &name);
	const char *fault = r == 0 ? schema_name_fault(name.s, name.len) : NULL;
	if (fault)
		r = schema_lex_fail(in, start, "this name %s", fault);
	else if (r == 0 && c != '"' && c != '`')
		r = check_after(in);
	if (r == 0)
		*ret = strbuf_detach(&name);
	strbuf_release(&name);
	return r;
}

int schema_lex_number(struct schema_lex *in, const char *what, unsigned low, unsigned high, unsigned *ret)
{
	unsigned n = 0;

	if (!ascii_is_digit(schema_lex_peek(in)))
		return schema_lex_expected(in, what);
	size_t start = in->pos;
	for (; in->pos < in->len && ascii_is_digit(in->s[in->pos]); in->pos++)
		n = n > high ? n : n * 10 + (unsigned)(in->s[in->pos] - '0');
	if (n < low || n > high)
		return schema_lex_fail(in, start, "%s is not from %u to %u", what, low, high);
	*ret = n;
	return 0;
}
