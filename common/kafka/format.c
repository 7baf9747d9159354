/* Output formats: compiling.  See format.h. */
#include "common/kafka/format.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/escape.h"

static struct format_piece *add(struct format *f, enum format_verb verb)
{
	f->pieces = xreallocarray(f->pieces, f->count + 1, sizeof *f->pieces);
	struct format_piece *piece = &f->pieces[f->count++];
	*piece = (struct format_piece){.verb = verb};
	return piece;
}

/* End the literal that is being gathered in TEXT. */
static void end_literal(struct format *f, struct strbuf *text)
{
	if (!text->len)
		return;
	struct format_piece *piece = add(f, FORMAT_LITERAL);
	piece->len = text->len;
	piece->text = strbuf_detach(text);
}

static bool fits(enum format_verb verb, enum format_modifier modifier)
{
	switch (modifier) {
	case FORMAT_HEX:
	case FORMAT_BASE64:
		return verb == FORMAT_KEY || verb == FORMAT_VALUE;
	case FORMAT_BIG32:
		return verb == FORMAT_PARTITION || verb == FORMAT_KEY_LEN || verb == FORMAT_VALUE_LEN;
	case FORMAT_BIG64:
		return verb == FORMAT_OFFSET || verb == FORMAT_TIMESTAMP;
	default:
		return true;
	}
}

/* The modifier of LEN bytes at S, without braces. */
static int set_modifier(struct format_piece *piece, char verb, const char *s, size_t len, struct strbuf *err)
{
	static const char *const names[] = {"", "hex", "base64", "big32", "big64"};
	if (piece->verb == FORMAT_DATE) {
		char *pattern = xstrndup(s, len);
		piece->modifier = FORMAT_STRFTIME;
		int r = time_pattern_init(&piece->date, pattern, err);
		free(pattern);
		return r;
	}
	for (size_t i = 1; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == len && memcmp(names[i], s, len) == 0 &&
			fits(piece->verb, (enum format_modifier)i)) {
			piece->modifier = (enum format_modifier)i;
			return 0;
		}
	strbuf_addf(err, "'%%%c' has no modifier '{%.*s}'", verb, (int)(len < 40 ? len : 40), s);
	return -EINVAL;
}

/* The verb at *S, after the percent sign; moves *S after it and its modifier. */
static int parse_verb(struct format *f, const char **s, struct strbuf *text, struct strbuf *err)
{
	static const char letters[] = "tpoTdkKsSh";
	char c = **s;
	const char *at = c ? strchr(letters, c) : NULL;
	if (c == '%') {
		strbuf_addch(text, '%');
		*s += 1;
		return 0;
	}
	if (!at) {
		strbuf_addf(err, "'%%%.1s' is not one of %%t %%p %%o %%T %%d %%k %%K %%s %%S %%h %%%%", *s);
		return -EINVAL;
	}
	end_literal(f, text);
	struct format_piece *piece = add(f, (enum format_verb)(at - letters + 1));
	f->headers |= piece->verb == FORMAT_HEADERS;
	*s += 1;
	if (**s != '{')
		return 0;
	const char *name = *s + 1, *close = strchr(name, '}');
	if (!close) {
		strbuf_addf(err, "the '{' after '%%%c' is not closed", c);
		return -EINVAL;
	}
	*s = close + 1;
	return set_modifier(piece, c, name, (size_t)(close - name), err);
}

static bool ends_with_delim(const struct format *f)
{
	if (!f->count || f->pieces[f->count - 1].verb != FORMAT_LITERAL)
		return false;
	const struct format_piece *last = &f->pieces[f->count - 1];
	return last->text[last->len - 1] == f->frame.delim;
}

int format_init(struct format *f, const char *s, const struct frame *frame, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	int r = 0;
	*f = (struct format){.frame = *frame};
	while (*s && !r) {
		if (*s == '%' || *s == '\\') {
			s++;
			r = s[-1] == '%' ? parse_verb(f, &s, &text, err) : escape_next(&s, &text, err);
		} else {
			strbuf_addch(&text, *s++);
		}
	}
	end_literal(f, &text);
	strbuf_release(&text);
	f->framed = ends_with_delim(f);
	return r;
}

void format_release(struct format *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->pieces[i].text);
		if (f->pieces[i].modifier == FORMAT_STRFTIME)
			time_pattern_release(&f->pieces[i].date);
	}
	free(f->pieces);
	*f = (struct format){0};
}
