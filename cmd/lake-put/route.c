/* Tables by a field of their records: see route.h. */
#include "route.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

#define PART_MAX 255 /* bytes of a name in a directory */

void route_release(struct route *route)
{
	free(route->before);
	free(route->after);
	free(route->text);
	path_release(&route->field.path);
	*route = (struct route){0};
}

/* Where the path begins in a URL: behind what says where the store is. */
static size_t path_begin(const char *table)
{
	const char *scheme = strstr(table, "://");
	const char *slash = scheme ? strchr(scheme + 3, '/') : NULL;
	return slash ? (size_t)(slash - table) : scheme ? strlen(table) : 0;
}

/* The template T of the operand TABLE has the one field PIECE. */
static int take_field(
	struct route *route, const struct template *t, size_t piece, const char *table, struct strbuf *err)
{
	struct template_piece *p = &t->pieces[piece];
	size_t end = piece + 1 < t->count ? t->pieces[piece + 1].pos : strlen(table);
	route->many = true;
	route->text = xstrndup(table + p->pos + 1, end - p->pos - 2);
	route->before = xstrdup(piece ? t->pieces[piece - 1].text : "");
	route->after = xstrdup(piece + 1 < t->count ? t->pieces[piece + 1].text : "");
	route->field = p->field;
	p->field = (struct expr_field){0};
	if (p->pos > path_begin(table) || !strstr(table, "://"))
		return 0;
	strbuf_addf(err, "{%s} stands before the path: it can only name a directory", route->text);
	return -EINVAL;
}

static int take_template(struct route *route, const struct template *t, const char *table, struct strbuf *err)
{
	if (t->fields > 1) {
		strbuf_addstr(err, "there is more than one field");
		return -EINVAL;
	}
	for (size_t i = 0; i < t->count; i++)
		if (!t->pieces[i].text)
			return take_field(route, t, i, table, err);
	route->before = xstrdup(t->count ? t->pieces[0].text : "");
	return 0;
}

int route_parse(const char *table, struct route *ret, struct strbuf *err)
{
	struct template t;
	*ret = (struct route){0};
	int r = template_init(&t, table, strlen(table), err);
	if (r == 0)
		r = take_template(ret, &t, table, err);
	template_release(&t);
	return r;
}

/* What stands before the name in its part of the path, and what behind it. */
static const char *part_before(const struct route *route)
{
	const char *slash = strrchr(route->before, '/');
	return slash ? slash + 1 : route->before;
}

static size_t part_after(const struct route *route)
{
	return strcspn(route->after, "/");
}

int route_check(const struct route *route, const char *name, size_t len, struct strbuf *err)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	const char *before = part_before(route);
	const char first = *before ? *before : len ? *name : '\0';
	size_t part = strlen(before) + len + part_after(route), good = 0;
	while (good < len && name[good] && strchr(chars, name[good]))
		good++;
	if (!len || len > ROUTE_NAME_MAX || part > PART_MAX)
		strbuf_addf(err, "is %s to be the name of a table", len ? "too long" : "too short");
	else if (good < len)
		strbuf_addstr(err,
			"cannot be the name of a table, which has letters, digits, '.', '_' and '-' of ASCII only");
	else if (first == '.' || first == '_')
		strbuf_addf(err, "cannot be the name of a table: what begins with '%c' is hidden from readers of lakes",
			first);
	else
		return 0;
	return -EINVAL;
}

void route_url(const struct route *route, const char *name, struct strbuf *out)
{
	strbuf_addf(out, "%s%s%s", route->before, name, route->after);
}

void route_directory(const struct route *route, struct strbuf *out)
{
	size_t len = (size_t)(part_before(route) - route->before);
	bool root = len == 1 || (len > 1 && route->before[len - 2] == '/');
	if (len)
		strbuf_add(out, route->before, root ? len : len - 1);
	else
		strbuf_addch(out, '.');
}

bool route_match(const struct route *route, const char *entry, char **ret)
{
	const char *before = part_before(route);
	size_t len = strlen(entry), head = strlen(before), tail = part_after(route);
	struct strbuf why = STRBUF_INIT;
	if (len <= head + tail || memcmp(entry, before, head) != 0 ||
		memcmp(entry + len - tail, route->after, tail) != 0)
		return false;
	size_t middle = len - head - tail;
	bool good = route_check(route, entry + head, middle, &why) == 0;
	if (good)
		*ret = xstrndup(entry + head, middle);
	strbuf_release(&why);
	return good;
}
