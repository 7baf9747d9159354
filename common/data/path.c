/* Paths to a value within a record. */
#include "common/data/path.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/ascii.h"
#include "common/data/json_text.h"
#include "common/data/utf8.h"

struct path_scan {
	const char *s;
	size_t len, pos;
};

static char peek(const struct path_scan *in)
{
	return in->pos < in->len ? in->s[in->pos] : '\0';
}

static bool is_name(char c, bool first)
{
	char lower = (char)(c | 0x20);

	return (lower >= 'a' && lower <= 'z') || c == '_' || c == '@' || c == '$' || (unsigned char)c >= 0x80 ||
	       (!first && ascii_is_digit(c));
}

static int fail(struct strbuf *err, const char *reason)
{
	strbuf_addstr(err, reason);
	return -EINVAL;
}

/* A string in quotes at IN: the member's name. */
static int scan_quoted(struct path_scan *in, struct path_step *step, struct strbuf *err)
{
	size_t start = ++in->pos, lone, bad;

	while (in->pos < in->len && in->s[in->pos] != '"')
		in->pos += in->s[in->pos] == '\\' ? 2 : 1;
	if (in->pos >= in->len) {
		in->pos = in->len;
		return fail(err, "a closing quote is missing");
	}
	size_t len = in->pos - start, valid = utf8_valid_prefix(in->s + start, len);
	if (valid < len) {
		in->pos = start + valid;
		return fail(err, "the name is not UTF-8");
	}
	char *name = xstrndup(in->s + start, len);
	if (json_unescape(name, in->s + start, len, &bad, &lone) < 0 || lone != SIZE_MAX) {
		in->pos = start + (lone != SIZE_MAX ? lone : bad);
		free(name);
		return fail(err, "no such escape");
	}
	name[bad] = '\0';
	*step = (struct path_step){.name = name, .len = bad};
	in->pos++;
	return 0;
}

/* The reason why an index cannot be C or begin with C. */
static const char *no_index(char c)
{
	return c == ']'   ? "'[]' does not stand for all elements, as in jq; [0] is the first"
	       : c == ':' ? "there are no slices, as [0:10] in jq"
	       : c == '-' ? "an index counts from the front: 0, 1, …"
			  : "an index (0, 1, …) or a name in quotes must follow '['";
}

/* [0] or ["name"]; IN is at the bracket. */
static int scan_bracket(struct path_scan *in, struct path_step *step, struct strbuf *err)
{
	uint64_t index = 0;

	in->pos++;
	if (peek(in) == '"') {
		int r = scan_quoted(in, step, err);
		if (r < 0)
			return r;
	} else {
		if (!ascii_is_digit(peek(in)))
			return fail(err, no_index(peek(in)));
		for (; ascii_is_digit(peek(in)); in->pos++) {
			index = index * 10 + (uint64_t)(peek(in) - '0');
			if (index > PATH_MAX_INDEX)
				return fail(err, "the index is too large");
		}
		*step = (struct path_step){.index = (uint32_t)index};
	}
	if (peek(in) != ']') {
		free(step->name);
		return fail(err, peek(in) == ':' ? no_index(':') : "']' is missing");
	}
	in->pos++;
	return 0;
}

static int scan_name(struct path_scan *in, struct path_step *step, struct strbuf *err)
{
	size_t start = in->pos;

	while (is_name(peek(in), in->pos == start))
		in->pos++;
	if (in->pos == start)
		return fail(err, "a name must follow '.' (other than letters, digits and '_' goes in quotes)");
	size_t len = in->pos - start, valid = utf8_valid_prefix(in->s + start, len);
	if (valid < len) {
		in->pos = start + valid;
		return fail(err, "the name is not UTF-8");
	}
	*step = (struct path_step){.name = xstrndup(in->s + start, len), .len = len};
	return 0;
}

/* One step; IN is at '.' or '['. */
static int scan_step(struct path_scan *in, struct path_step *step, struct strbuf *err)
{
	if (peek(in) == '.')
		in->pos++;
	if (peek(in) == '[')
		return scan_bracket(in, step, err);
	if (peek(in) == '"')
		return scan_quoted(in, step, err);
	return scan_name(in, step, err);
}

static bool is_root(const struct path_scan *in)
{
	char next = in->pos + 1 < in->len ? in->s[in->pos + 1] : '\0';

	return in->pos == 0 && !is_name(next, true) && next != '.' && next != '[' && next != '"' &&
	       !ascii_is_digit(next);
}

int path_scan(struct path *p, const char *s, size_t len, size_t *ret_used, struct strbuf *err)
{
	struct path_scan in = {.s = s, .len = len};
	int r = 0;

	*p = (struct path){0};
	if (peek(&in) != '.') {
		*ret_used = 0;
		return fail(err, "a path begins with '.', as in .name");
	}
	if (is_root(&in)) {
		*ret_used = 1;
		return 0;
	}
	while (r == 0 && (peek(&in) == '.' || peek(&in) == '[')) {
		struct path_step step;
		r = p->count == PATH_MAX_STEPS ? fail(err, "too many steps") : scan_step(&in, &step, err);
		if (r == 0) {
			p->steps = xreallocarray(p->steps, p->count + 1, sizeof(*p->steps));
			p->steps[p->count++] = step;
		}
	}
	*ret_used = in.pos;
	if (r < 0)
		path_release(p);
	return r;
}

/* In the name in quotes that ends at END a doubled quote stands for one, as in SQL: \", which is as long. */
static void undouble(char *s, const char *end)
{
	for (s++; s + 1 < end; s++) {
		if (*s == '"' && s[1] != '"')
			return;
		if (*s == '"')
			*s = '\\';
		s += *s == '\\';
	}
}

int path_scan_column(struct path *p, const char *s, size_t len, size_t *ret_used, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	bool dot = *s == '.';
	strbuf_addstr(&text, dot ? "" : ".");
	strbuf_add(&text, s, len);
	if (text.s[1] == '"')
		undouble(text.s + 1, text.s + text.len);
	int r = path_scan(p, text.s, text.len, ret_used, err);
	*ret_used -= !dot && *ret_used;
	strbuf_release(&text);
	return r;
}

int path_init(struct path *p, const char *s, struct strbuf *err)
{
	struct strbuf reason = STRBUF_INIT;
	size_t len = strlen(s), used;
	int r = path_scan(p, s, len, &used, &reason);

	if (r == 0 && used < len) {
		path_release(p);
		r = fail(&reason, "this does not belong to a path (a name with it goes in quotes: .\"a-b\")");
	}
	if (r < 0)
		strbuf_addf(err, "path '%s', character %zu: %s", s, used + 1, reason.s);
	strbuf_release(&reason);
	return r;
}

static bool same_step(const struct path_step *a, const struct path_step *b)
{
	if (!a->name || !b->name)
		return !a->name && !b->name && a->index == b->index;
	return a->len == b->len && memcmp(a->name, b->name, a->len) == 0;
}

bool path_covers(const struct path *a, const struct path *b)
{
	if (a->count > b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!same_step(&a->steps[i], &b->steps[i]))
			return false;
	return true;
}

void path_release(struct path *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->steps[i].name);
	free(p->steps);
	*p = (struct path){0};
}
