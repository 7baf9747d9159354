/* Patterns of partitions: see layout.h. */
#include "common/lake/layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/data/utf8.h"

/* A column whose name begins with '_' would hide its directories from readers. */
static bool name_ok(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", s[i]))
			return false;
	return len > 0 && *s != '_';
}

/* What is wrong with a further column of that name: words that go after "has"; 0 or -EINVAL. */
static int check_name(const struct layout *layout, const char *name, struct strbuf *err)
{
	if (strcasecmp(name, "value") == 0) {
		strbuf_addf(err, "has the column '%s', in which the records are", name);
		return -EINVAL;
	}
	for (size_t i = 0; i < layout->count; i++) {
		if (strcasecmp(layout->columns[i], name) == 0) { /* readers of tables ignore case in names */
			strbuf_addf(err, "has the column '%s' twice", name);
			return -EINVAL;
		}
	}
	return 0;
}

/* Note the piece I of PART, which is a field; its template is the LEN bytes at S. */
static void add_field(struct layout *layout, const struct layout_part *part, size_t i, const char *s, size_t len)
{
	const struct template_piece *p = &part->value.pieces[i];
	size_t from = p->pos + 1, to = i + 1 < part->value.count ? p[1].pos : len;

	layout->fields = xreallocarray(layout->fields, layout->nfields + 1, sizeof *layout->fields);
	layout->fields[layout->nfields++] =
		(struct layout_field){.field = &p->field, .name = xstrndup(s + from, to - 1 - from)};
}

/* Compile the value of the last column, the LEN bytes at S. */
static int compile(struct layout *layout, const char *s, size_t len, struct strbuf *err)
{
	struct layout_part *part = &layout->parts[layout->count - 1];
	struct strbuf why = STRBUF_INIT;
	int r = template_init(&part->value, s, len, &why);

	if (r < 0)
		strbuf_addf(err, "has '%.*s', %s", (int)len, s, why.s);
	part->times = xcalloc(part->value.count + 1, sizeof *part->times);
	for (size_t i = 0; r == 0 && i < part->value.count; i++) {
		struct time_pattern *times = &part->times[i];
		if (part->value.pieces[i].text)
			r = time_pattern_init(times, part->value.pieces[i].text, err);
		else
			add_field(layout, part, i, s, len);
		if (times->any && (!layout->finest || times->unit_s < layout->finest->unit_s))
			layout->finest = times;
	}
	strbuf_release(&why);
	return r;
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
	if (check_name(layout, name, err) < 0) {
		free(name);
		return -EINVAL;
	}
	layout->columns = xreallocarray(layout->columns, layout->count + 1, sizeof *layout->columns);
	layout->parts = xreallocarray(layout->parts, layout->count + 1, sizeof *layout->parts);
	layout->columns[layout->count] = name;
	layout->parts[layout->count++] = (struct layout_part){0};
	return compile(layout, eq + 1, (size_t)(s + len - eq - 1), err);
}

/* Where the part at S ends: a slash in a field's name is part of the name. */
static const char *part_end(const char *s, const char *end)
{
	bool field = false, quoted = false;

	for (; s < end && (field || *s != '/'); s++) {
		if (quoted) {
			quoted = *s != '"';
			s += *s == '\\' && s + 1 < end;
		} else if (field) {
			quoted = *s == '"';
			field = *s != '}';
		} else if (*s == '{' && s[1] == '{') {
			s++;
		} else {
			field = *s == '{';
		}
	}
	return s;
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
		const char *stop = part_end(s, end);
		int r = add_part(layout, s, (size_t)(stop - s), err);
		if (r < 0)
			return r;
		s = stop + 1;
	}
	layout->text = xstrndup(pattern, n);
	if (layout->finest || layout->nfields)
		return 0;
	strbuf_addstr(err, "has neither a conversion of a time, such as %F, nor a field, such as {.region}");
	return -EINVAL;
}
