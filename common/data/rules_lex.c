/* Rules of cleaning: the words and fields of a line. */
#include "common/data/rules_lex.h"

#include <errno.h>
#include <string.h>

int rules_fail(struct rules_line *in, size_t pos, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	strbuf_vaddf(in->err, fmt, args);
	va_end(args);
	in->pos = pos;
	return -EINVAL;
}

bool rules_more(struct rules_line *in)
{
	while (in->pos < in->len && rules_is_blank(in->s[in->pos]))
		in->pos++;
	return in->pos < in->len;
}

int rules_word(struct rules_line *in, const char *what, const char **ret_s, size_t *ret_len)
{
	if (!rules_more(in))
		return rules_fail(in, in->pos, "%s is missing", what);
	*ret_s = in->s + in->pos;
	for (*ret_len = 0; in->pos < in->len && !rules_is_blank(in->s[in->pos]); in->pos++)
		++*ret_len;
	return 0;
}

static int column(struct rules_line *in, struct expr_field *field)
{
	size_t start = in->pos++;
	uint64_t n = 0;

	for (; in->pos < in->len && in->s[in->pos] >= '0' && in->s[in->pos] <= '9' && n < 1000000; in->pos++)
		n = n * 10 + (uint64_t)(in->s[in->pos] - '0');
	if (n == 0 || n >= 1000000)
		return rules_fail(in, start, "a column is $1 to $999999");
	*field = (struct expr_field){.column = (uint32_t)n};
	return 0;
}

/* One field; the line is at its first byte. */
static int field(struct rules_line *in, struct expr_field *f)
{
	struct strbuf reason = STRBUF_INIT;
	size_t used = 0;
	int r = 0;

	if (in->pos < in->len && in->s[in->pos] == '$')
		return column(in, f);
	*f = (struct expr_field){0};
	if (in->pos >= in->len || in->s[in->pos] != '.')
		return rules_fail(in, in->pos, "a field is expected here, such as .name or $1");
	if (path_scan(&f->path, in->s + in->pos, in->len - in->pos, &used, &reason) < 0)
		r = rules_fail(in, in->pos + used, "%s", reason.s);
	else
		in->pos += used;
	strbuf_release(&reason);
	return r;
}

int rules_field(struct rules_line *in, struct expr_field *ret)
{
	int r = field(in, ret);

	if (r < 0 || in->pos >= in->len || rules_is_blank(in->s[in->pos]) || in->s[in->pos] == ',')
		return r;
	path_release(&ret->path);
	if (in->s[in->pos] == ';')
		return rules_fail(in, in->pos, "there is one rule per line, and one per option");
	return rules_fail(in, in->pos, "this does not belong to a field (names with it go in quotes: .\"a-b\")");
}
