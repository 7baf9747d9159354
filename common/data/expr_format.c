/* Expressions: format(), after printf(3). */
#include <stdio.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/expr_func.h"
#include "common/data/number.h"
#include "common/data/value_out.h"

#define FLAGS     "-+ 0#"
#define CONVERT   "sdxXofeEgG"
#define MAX_WIDTH 999

/* A conversion of a format: %[flags][width][.precision]letter. */
struct conversion {
	char text[24];        /* for printf, without the letter */
	int width, precision; /* -1: not given */
	bool left;
	char letter; /* '%': a percent sign; 0: it is none */
};

static int number_at(const char **s, const char *end)
{
	int n = 0;

	for (; *s < end && ascii_is_digit(**s); ++*s)
		n = n > MAX_WIDTH ? n : n * 10 + (**s - '0');
	return n;
}

/* Read the conversion at *S, after its '%', and go behind it. */
static struct conversion conversion_at(const char **s, const char *end)
{
	struct conversion c = {.width = -1, .precision = -1};
	const char *from = *s;
	size_t len = 1;

	while (*s < end && strchr(FLAGS, **s) && *s - from < 5)
		++*s;
	c.left = memchr(from, '-', (size_t)(*s - from)) != NULL;
	if (*s < end && ascii_is_digit(**s))
		c.width = number_at(s, end);
	if (*s < end && **s == '.') {
		++*s;
		c.precision = number_at(s, end);
	}
	if (c.width > MAX_WIDTH || c.precision > MAX_WIDTH || *s == end || (**s != '%' && !strchr(CONVERT, **s)))
		return c;
	c.letter = *(*s)++;
	c.text[0] = '%';
	for (size_t i = 0; i < 5 && strchr(FLAGS, from[i]); i++)
		c.text[len++] = from[i];
	if (c.width >= 0)
		len += (size_t)snprintf(c.text + len, sizeof c.text - len, "%d", c.width);
	if (c.precision >= 0)
		(void)snprintf(c.text + len, sizeof c.text - len, ".%d", c.precision);
	return c;
}

int expr_prepare_format(struct expr_lex *lex, struct expr_node *n)
{
	const struct value *f = &n->b->value;
	size_t wanted = 0;

	if (n->b->op != EXPR_CONST || f->type != VALUE_STRING)
		return expr_lex_fail(lex, n->b->pos, "the format has to be a string");
	for (const char *s = f->s, *end = s + f->len; s < end;) {
		if (*s++ != '%')
			continue;
		struct conversion c = conversion_at(&s, end);
		if (!c.letter)
			return expr_lex_fail(lex, n->b->pos,
				"in a format %% is followed by flags, width, precision and one of " CONVERT "%%");
		wanted += c.letter != '%';
	}
	if (wanted != n->count - 1)
		return expr_lex_fail(
			lex, n->pos, "the format has %zu conversions, but there are %zu values", wanted, n->count - 1);
	return 0;
}

static void add_string(struct strbuf *out, const struct conversion *c, const struct value *v)
{
	struct strbuf text = STRBUF_INIT;

	value_add_text(&text, v);
	size_t len = c->precision >= 0 ? expr_char_at(text.s, text.len, (uint64_t)c->precision) : text.len;
	int pad = c->width - (int)(len < MAX_WIDTH * 4 ? expr_char_count(text.s, len) : MAX_WIDTH);
	for (int i = 0; !c->left && i < pad; i++)
		strbuf_addch(out, ' ');
	strbuf_add(out, text.s, len);
	for (int i = 0; c->left && i < pad; i++)
		strbuf_addch(out, ' ');
	strbuf_release(&text);
}

/* The letter of C for a number; a whole one with %d and the like, which printf calls PRId64 and so on. */
static void add_number(struct strbuf *out, const struct conversion *c, const struct value *v)
{
	bool whole = strchr("dxXo", c->letter);
	char form[32];

	(void)snprintf(form, sizeof form, "%s%s%c", c->text, whole ? "ll" : "", c->letter);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (whole)
		strbuf_addf(out, form, (long long)v->i);
	else
		strbuf_addf(out, form, number_double(v));
#pragma GCC diagnostic pop
}

const struct value *expr_call_format(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *f = n->args[0];
	struct strbuf *out = expr_text(n);
	size_t next = 1;

	for (const char *s = f->s, *end = s + f->len; s < end;) {
		if (*s != '%') {
			strbuf_addch(out, *s++);
			continue;
		}
		s++;
		struct conversion c = conversion_at(&s, end);
		if (c.letter == '%') {
			strbuf_addch(out, '%');
			continue;
		}
		const struct value *v = n->args[next++];
		struct value room;
		if (c.letter == 's') {
			add_string(out, &c, v);
			continue;
		}
		v = expr_number(v, &room);
		if (!v || (strchr("dxXo", c.letter) && v->type != VALUE_INT))
			return expr_fail(e, n, "a value is not of the type that its % wants", tmp);
		add_number(out, &c, v);
	}
	return expr_give_text(e, n, VALUE_STRING, tmp);
}
