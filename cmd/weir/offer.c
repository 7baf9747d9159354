/* Candidates: see offer.h. */
#include "cmd/weir/offer.h"

#include <jansson.h>
#include <string.h>

enum {
	RECORDS = 100, /* of a sample that are looked at */
	DEPTH = 3,     /* of members within members */
	COLUMNS = 200,
};

/* Append LINE unless it is there or could not be typed as it is. */
static void add_line(struct strbuf *out, const char *line)
{
	size_t len = strlen(line);
	if (!len || line[strcspn(line, " \t\n\"'\\")])
		return;
	for (const char *at = out->s; *at; at += strcspn(at, "\n") + 1)
		if (strncmp(at, line, len) == 0 && at[len] == '\n')
			return;
	strbuf_addf(out, "%s\n", line);
}

static int is_among(const char *word, char *const *list)
{
	for (; word && *list; list++)
		if (strcmp(word, *list) == 0)
			return 1;
	return 0;
}

void offer_members(const char *rows, const char *name, char *const *topics, struct strbuf *out)
{
	while (*rows) {
		size_t len = strcspn(rows, "\n");
		json_t *row = json_loadb(rows, len, 0, NULL), *value = json_object_get(row, name);
		struct strbuf number = STRBUF_INIT;
		if (json_is_integer(value))
			strbuf_addf(&number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		if (!topics || is_among(json_string_value(json_object_get(row, "topic")), topics))
			add_line(out, json_is_string(value) ? json_string_value(value) : number.s);
		strbuf_release(&number);
		json_decref(row);
		rows += len + (rows[len] == '\n');
	}
}

/* The paths of the members of OBJECT, which is at PATH. */
static void add_members(struct strbuf *out, json_t *object, const char *path, int depth)
{
	const char *key;
	json_t *value;
	json_object_foreach(object, key, value)
	{
		struct strbuf member = STRBUF_INIT;
		strbuf_addf(&member, "%s.%s", path, key);
		if (!key[strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")]) {
			add_line(out, member.s);
			if (depth < DEPTH)
				add_members(out, value, member.s, depth + 1);
		}
		strbuf_release(&member);
	}
}

static void add_columns(struct strbuf *out, const char *s, size_t len, int header)
{
	char delimiter = memchr(s, '\t', len) ? '\t' : memchr(s, ';', len) && !memchr(s, ',', len) ? ';' : ',';
	const char *end = s + len;
	for (int i = 1; s <= end && i <= COLUMNS; i++) {
		const char *next = memchr(s, delimiter, (size_t)(end - s));
		struct strbuf column = STRBUF_INIT;
		next = next ? next : end;
		if (header && next > s)
			strbuf_addf(&column, ".%.*s", (int)(next - s), s);
		else if (!header)
			strbuf_addf(&column, "$%d", i);
		add_line(out, column.s);
		strbuf_release(&column);
		s = next + 1;
	}
}

void offer_fields(const char *s, size_t len, int header, struct strbuf *out)
{
	const char *end = s + len;
	for (int i = 0; i < RECORDS && s < end; i++) {
		const char *lf = memchr(s, '\n', (size_t)(end - s));
		size_t line = lf ? (size_t)(lf - s) : (size_t)(end - s);
		if (*s != '{' && i == 0 && !memchr(s, '\0', line) && *s != 0x17)
			add_columns(out, s, line, header);
		if (*s != '{')
			return;
		json_t *record = json_loadb(s, line, JSON_DISABLE_EOF_CHECK, NULL);
		add_members(out, record, "", 1);
		json_decref(record);
		s += line + 1;
	}
}

void offer_profiles(const struct config *c, struct strbuf *out)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->entries[i].profile)
			add_line(out, c->entries[i].profile);
}
