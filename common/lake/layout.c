/* Partitions: see layout.h. */
#include "common/lake/layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/data/utf8.h"
#include "common/lake/percent.h"

#define NAME_LIMIT 255 /* bytes in a name, on nearly every file system */

/* A column whose name begins with '_' would hide its directories from readers. */
static bool name_ok(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", s[i]))
			return false;
	return len > 0 && *s != '_';
}

/* Compile one part, COLUMN=PATTERN. */
static int add_part(struct layout *layout, const char *s, size_t len, struct strbuf *err)
{
	const char *eq = memchr(s, '=', len);
	if (!eq || !name_ok(s, (size_t)(eq - s)) || eq + 1 == s + len) {
		strbuf_addf(err, "has '%.*s', which is not COLUMN=PATTERN", (int)len, s);
		return -EINVAL;
	}
	char *name = xstrndup(s, (size_t)(eq - s));
	if (strcasecmp(name, "value") == 0) {
		strbuf_addf(err, "has the column '%s', in which the records are", name);
		free(name);
		return -EINVAL;
	}
	for (size_t i = 0; i < layout->count; i++) {
		if (strcasecmp(layout->columns[i], name) == 0) { /* readers of tables ignore case in names */
			strbuf_addf(err, "has the column '%s' twice", name);
			free(name);
			return -EINVAL;
		}
	}
	if (memchr(eq, '{', (size_t)(s + len - eq))) {
		strbuf_addf(err, "has '%.*s': partitions are by time only, not by fields", (int)len, s);
		free(name);
		return -EINVAL;
	}
	char *pattern = xstrndup(eq + 1, (size_t)(s + len - eq - 1));
	layout->columns = xreallocarray(layout->columns, layout->count + 1, sizeof *layout->columns);
	layout->patterns = xreallocarray(layout->patterns, layout->count + 1, sizeof *layout->patterns);
	layout->columns[layout->count] = name;
	int r = time_pattern_init(&layout->patterns[layout->count], pattern, err);
	free(pattern);
	if (layout->patterns[layout->count].unit_s < layout->patterns[layout->finest].unit_s)
		layout->finest = layout->count;
	layout->by_time |= layout->patterns[layout->count].any;
	layout->count++;
	return r;
}

int layout_init(struct layout *layout, const char *pattern, struct strbuf *err)
{
	*layout = (struct layout){0};
	if (!pattern)
		return 0;
	if (!utf8_valid(pattern, strlen(pattern))) {
		strbuf_addstr(err, "is not UTF-8");
		return -EINVAL;
	}
	size_t n = strlen(pattern);
	while (n && pattern[n - 1] == '/')
		n--;
	for (const char *s = pattern, *end = pattern + n; s <= end;) {
		const char *slash = memchr(s, '/', (size_t)(end - s)), *stop = slash ? slash : end;
		int r = add_part(layout, s, (size_t)(stop - s), err);
		if (r < 0)
			return r;
		s = stop + 1;
	}
	layout->text = xstrndup(pattern, n);
	if (layout->by_time)
		return 0;
	strbuf_addstr(err, "has no conversion of a time, such as %F: partitions are by time only");
	return -EINVAL;
}

void layout_release(struct layout *layout)
{
	for (size_t i = 0; i < layout->count; i++) {
		free(layout->columns[i]);
		time_pattern_release(&layout->patterns[i]);
	}
	free(layout->columns);
	free(layout->patterns);
	free(layout->text);
	*layout = (struct layout){0};
}

int64_t layout_unit(const struct layout *layout, const struct timespec *t)
{
	return layout->count ? time_pattern_unit(&layout->patterns[layout->finest], t) : 0;
}

char **layout_values(struct layout *layout, const struct timespec *t)
{
	char **values = xcalloc(layout->count + 1, sizeof *values);
	for (size_t i = 0; i < layout->count; i++)
		values[i] = xstrdup(time_pattern_name(&layout->patterns[i], t));
	return values;
}

char **layout_constant(const struct layout *layout, const char *value)
{
	char **values = xcalloc(layout->count + 1, sizeof *values);
	for (size_t i = 0; i < layout->count && value && strcmp(value, LAYOUT_NULL) != 0; i++)
		values[i] = xstrdup(value);
	return values;
}

void layout_free_values(const struct layout *layout, char **values)
{
	for (size_t i = 0; values && i < layout->count; i++)
		free(values[i]);
	free(values);
}

int layout_dir(const struct layout *layout, char *const *values, struct strbuf *ret)
{
	for (size_t i = 0; i < layout->count; i++) {
		size_t from = ret->len;
		strbuf_addf(ret, "%s=", layout->columns[i]);
		percent_encode(ret, values[i] ? values[i] : LAYOUT_NULL, "");
		if (ret->len - from > NAME_LIMIT)
			return -ENAMETOOLONG;
		strbuf_addch(ret, '/');
	}
	return 0;
}
