/* Reading the words of a statement: see words.h. */
#include "cmd/map/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/ascii.h"
#include "common/data/records.h"

int words_fail(struct map_words *w, const char *fmt, ...)
{
	va_list args;

	strbuf_addf(w->err, "statement '%.*s': ", (int)(w->len < 200 ? w->len : 200), w->s);
	va_start(args, fmt);
	strbuf_vaddf(w->err, fmt, args);
	va_end(args);
	return -EINVAL;
}

bool words_more(struct map_words *w)
{
	while (w->pos < w->len && ascii_is_blank(w->s[w->pos]))
		w->pos++;
	return w->pos < w->len;
}

bool words_take(struct map_words *w, const char *name)
{
	size_t len = strlen(name);

	if (!words_more(w) || w->len - w->pos < len || memcmp(w->s + w->pos, name, len) != 0)
		return false;
	if (w->pos + len < w->len && !ascii_is_blank(w->s[w->pos + len]))
		return false;
	w->pos += len;
	return true;
}

bool words_mark(struct map_words *w, char c)
{
	if (!words_more(w) || w->s[w->pos] != c)
		return false;
	w->pos++;
	return true;
}

/* $12 */
static int column(struct map_words *w, struct expr_field *ret)
{
	size_t end = w->pos + 1;
	struct strbuf reason = STRBUF_INIT;

	while (end < w->len && ascii_is_digit(w->s[end]))
		end++;
	char *text = xstrndup(w->s + w->pos, end - w->pos);
	int r = records_field(ret, text, &reason);
	if (r < 0)
		r = words_fail(w, "%s", reason.s);
	w->pos = end;
	free(text);
	strbuf_release(&reason);
	return r;
}

int words_field(struct map_words *w, struct expr_field *ret)
{
	struct strbuf reason = STRBUF_INIT;
	size_t used;

	*ret = (struct expr_field){0};
	if (!words_more(w) || (w->s[w->pos] != '.' && w->s[w->pos] != '$'))
		return words_fail(w, "a field is missing, .name or $1");
	if (w->s[w->pos] == '$')
		return column(w, ret);
	int r = path_scan(&ret->path, w->s + w->pos, w->len - w->pos, &used, &reason);
	if (r < 0)
		r = words_fail(w, "character %zu: %s", w->pos + used + 1, reason.s);
	else
		w->pos += used;
	strbuf_release(&reason);
	return r;
}

int words_text(struct map_words *w, const char *what, char **ret)
{
	size_t from, to;

	if (!words_more(w))
		return words_fail(w, "%s is missing", what);
	char quote = w->s[w->pos] == '"' || w->s[w->pos] == '\'' ? w->s[w->pos] : '\0';
	from = to = w->pos + (quote != '\0');
	while (to < w->len && (quote ? w->s[to] != quote : !ascii_is_blank(w->s[to])))
		to += quote && w->s[to] == '\\' && to + 1 < w->len ? 2 : 1;
	if (quote && to >= w->len)
		return words_fail(w, "%s has no closing quote", what);
	*ret = xstrndup(w->s + from, to - from);
	w->pos = to + (quote != '\0');
	return 0;
}

bool words_last(struct map_words *w, struct map_words *ret)
{
	size_t end = w->len, from = end;
	char quote = end && (w->s[end - 1] == '"' || w->s[end - 1] == '\'') ? w->s[end - 1] : '\0';

	if (quote)
		for (from = end - 1; from > w->pos && w->s[from - 1] != quote;)
			from--;
	while (from > w->pos && !ascii_is_blank(w->s[from - 1]))
		from--;
	*ret = *w;
	ret->pos = w->len = from;
	return from > w->pos;
}

int words_end(struct map_words *w)
{
	if (!words_more(w))
		return 0;
	return words_fail(w, "'%.*s' is too much", (int)(w->len - w->pos < 40 ? w->len - w->pos : 40), w->s + w->pos);
}
