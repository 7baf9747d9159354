/* Sections with settings: see aws_ini.h. */
#include "common/lake/aws_ini.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/lake/secret.h"

struct aws_ini_item {
	size_t section;
	char *key, *inner; /* in lower case; inner may be NULL */
	struct strbuf value;
};

struct aws_ini {
	char **sections; /* names, one for each line that has one */
	size_t nsections;
	struct aws_ini_item *items;
	size_t nitems;
};

/* The state of the parser. */
struct aws_ini_place {
	struct aws_ini *ini;
	const char *wrong; /* the reason of an error */
	bool open;         /* the last item may continue on the next line */
	bool nested;       /* … with nested settings */
	size_t indent;     /* indentation of the item's line */
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static size_t trimmed(const char *s, size_t len)
{
	while (len && is_space(s[len - 1]))
		len--;
	return len;
}

static int refuse(struct aws_ini_place *p, const char *why)
{
	p->wrong = why;
	return -EBADMSG;
}

static char *lower_case(const char *s, size_t len)
{
	char *lower = xstrndup(s, len);
	for (char *c = lower; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
	return lower;
}

/* The name of a section, from the LEN bytes at S: its words separated by one blank, without quotes. */
static char *section_name(const char *s, size_t len)
{
	struct strbuf name = STRBUF_INIT;
	char quote = '\0';
	for (size_t i = 0; i < len; i++) {
		if (quote ? s[i] == quote : s[i] == '"' || s[i] == '\'') {
			quote = quote ? '\0' : s[i];
		} else if (quote || !is_space(s[i])) {
			strbuf_addch(&name, s[i]);
		} else if (name.len && i + 1 < len && !is_space(s[i + 1])) {
			strbuf_addch(&name, ' ');
		}
	}
	char *copy = xstrdup(name.s);
	strbuf_release(&name);
	return copy;
}

static int read_section(struct aws_ini_place *p, const char *s)
{
	const char *end = strchr(s, ']');
	if (!end)
		return refuse(p, "']' is missing");
	const char *rest = end + 1 + strspn(end + 1, " \t");
	if (*rest && *rest != '#' && *rest != ';')
		return refuse(p, "something follows ']'");
	char *name = section_name(s + 1, (size_t)(end - s - 1));
	if (!*name) {
		free(name);
		return refuse(p, "the section has no name");
	}
	p->ini->sections = xroom(p->ini->sections, p->ini->nsections, sizeof *p->ini->sections);
	p->ini->sections[p->ini->nsections++] = name;
	p->open = false;
	return 0;
}

/* Add the setting of the line S, nested in KEY when that is not NULL. */
static int read_setting(struct aws_ini_place *p, const char *s, const char *key)
{
	const char *equals = strchr(s, '=');
	size_t len = equals ? trimmed(s, (size_t)(equals - s)) : 0;
	if (!p->ini->nsections)
		return refuse(p, "there is no [section] before it");
	if (!len)
		return refuse(p, "it is neither [section] nor 'name = value'");
	p->ini->items = xroom(p->ini->items, p->ini->nitems, sizeof *p->ini->items);
	struct aws_ini_item *item = &p->ini->items[p->ini->nitems++];
	char *name = lower_case(s, len);
	*item = (struct aws_ini_item){.section = p->ini->nsections - 1};
	item->key = key ? xstrdup(key) : name;
	item->inner = key ? name : NULL;
	strbuf_init(&item->value);
	secret_addstr(&item->value, equals + 1 + strspn(equals + 1, " \t"));
	return 0;
}

/* Handle a line that is indented deeper than the setting before it. */
static int go_on(struct aws_ini_place *p, const char *s)
{
	struct aws_ini_item *item = &p->ini->items[p->ini->nitems - 1];
	if (p->nested || !item->value.len) {
		p->nested = true;
		char *key = xstrdup(item->key); /* the array of items may move */
		int r = read_setting(p, s, key);
		free(key);
		return r;
	}
	secret_addstr(&item->value, "\n");
	secret_addstr(&item->value, s);
	return 0;
}

/* Handle LINE, which has no blanks at its end. */
static int read_line(struct aws_ini_place *p, const char *line)
{
	size_t indent = strspn(line, " \t");
	const char *s = line + indent;
	if (!*s || *s == '#' || *s == ';')
		return 0;
	if (p->open && indent > p->indent)
		return go_on(p, s);
	if (*s == '[')
		return read_section(p, s);
	p->open = true;
	p->nested = false;
	p->indent = indent;
	return read_setting(p, s, NULL);
}

int aws_ini_parse(const char *s, size_t len, struct aws_ini **ret, struct strbuf *err)
{
	struct aws_ini_place place = {.ini = xcalloc(1, sizeof *place.ini)};
	const char *end = s + len;
	struct strbuf line = STRBUF_INIT;
	size_t n = 0;
	int r = 0;
	if (len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) /* the byte order mark that Windows editors write */
		s += 3;
	while (r == 0 && s < end) {
		const char *lf = memchr(s, '\n', (size_t)(end - s));
		size_t size = (size_t)((lf ? lf : end) - s);
		n++;
		strbuf_setlen(&line, 0);
		secret_add(&line, s, trimmed(s, size && s[size - 1] == '\r' ? size - 1 : size));
		r = memchr(line.s, '\0', line.len) ? refuse(&place, "it has a NUL") : read_line(&place, line.s);
		s = lf ? lf + 1 : end;
	}
	secret_release(&line);
	if (r < 0) {
		strbuf_addf(err, "line %zu: %s", n, place.wrong);
		aws_ini_free(place.ini);
		return r;
	}
	*ret = place.ini;
	return 0;
}

int aws_ini_read(const char *path, struct aws_ini **ret, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT, why = STRBUF_INIT;
	int r = secret_read(path, AWS_INI_MAX, &text);
	if (r == -EINVAL || r == -EMSGSIZE) {
		strbuf_addf(err, "'%s' is %s", path, r == -EINVAL ? "not a regular file" : "longer than 1 MiB");
		r = -EBADMSG;
	} else if (r < 0) {
		strbuf_addf(err, "cannot read '%s': %s", path, diag_strerror(r));
	} else {
		r = aws_ini_parse(text.s, text.len, ret, &why);
		if (r < 0)
			strbuf_addf(err, "'%s', %s", path, why.s);
	}
	secret_release(&text);
	strbuf_release(&why);
	return r;
}

void aws_ini_free(struct aws_ini *ini)
{
	if (!ini)
		return;
	for (size_t i = 0; i < ini->nitems; i++) {
		free(ini->items[i].key);
		free(ini->items[i].inner);
		secret_release(&ini->items[i].value);
	}
	for (size_t i = 0; i < ini->nsections; i++)
		free(ini->sections[i]);
	free(ini->items);
	free(ini->sections);
	free(ini);
}

bool aws_ini_has(const struct aws_ini *ini, const char *section)
{
	for (size_t i = 0; ini && i < ini->nsections; i++) {
		if (strcmp(ini->sections[i], section) == 0)
			return true;
	}
	return false;
}

const char *aws_ini_get(const struct aws_ini *ini, const char *section, const char *key, const char *inner)
{
	for (size_t i = ini ? ini->nitems : 0; i-- > 0;) {
		const struct aws_ini_item *item = &ini->items[i];
		if (strcmp(item->key, key) == 0 && !item->inner == !inner &&
			(!inner || strcmp(item->inner, inner) == 0) &&
			strcmp(ini->sections[item->section], section) == 0)
			return item->value.len ? item->value.s : NULL;
	}
	return NULL;
}
