/* The time of a record: see when.h. */
#include "when.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/num.h"
#include "common/data/json.h"

#define SHOWN 40 /* bytes of a value in a message */

static int init_field(struct when *when, struct strbuf *err)
{
	struct path path;
	int r = path_init(&path, when->spec, err);
	if (r < 0)
		return r;
	when->kind = WHEN_FIELD;
	r = json_new(&when->json);
	if (r == 0)
		when->field = json_add(when->json, &path);
	else
		strbuf_addstr(err, "out of memory");
	path_release(&path);
	return r;
}

static int init_column(struct when *when, struct strbuf *err)
{
	const char *at = strrchr(when->spec, '@');
	if (!at || num_u64(at + 1, &when->column) < 0 || !when->column) {
		strbuf_addstr(err, "is not now, .FIELD or FORMAT@COLUMN");
		return -EINVAL;
	}
	when->kind = WHEN_COLUMN;
	char *format = xstrndup(when->spec, (size_t)(at - when->spec));
	int r = time_format_init(&when->format, format, err);
	free(format);
	return r;
}

int when_init(struct when *when, const char *spec, bool strip, struct strbuf *err)
{
	*when = (struct when){.kind = WHEN_NOW, .spec = spec, .strip = strip};
	int r = 0;
	if (*spec == '.')
		r = init_field(when, err);
	else if (strcmp(spec, "now") != 0)
		r = init_column(when, err);
	if (r == 0 && strip && when->kind != WHEN_COLUMN) {
		strbuf_addstr(err, "has no column that --strip could take off");
		r = -EINVAL;
	}
	return r;
}

void when_release(struct when *when)
{
	json_free(when->json);
	if (when->kind == WHEN_COLUMN)
		time_format_release(&when->format);
	*when = (struct when){0};
}

void when_begin(struct when_span *span, struct when *when, const char *s, size_t len, char delim)
{
	*span = (struct when_span){when, s, s + len, delim};
	if (when->kind == WHEN_FIELD)
		json_span(when->json, s, len, delim);
}

static void show(struct strbuf *why, const char *s, size_t len)
{
	strbuf_addf(why, "'%.*s%s'", (int)(len < SHOWN ? len : SHOWN), s, len < SHOWN ? "" : "…");
}

static int next_field(struct when_span *span, struct timed *ret, struct strbuf *why)
{
	struct when *when = span->when;
	int r = json_next(when->json, &ret->rec, &ret->len);
	if (r == 0)
		return 0;
	if (r == -EBADMSG) {
		const struct json_error *e = json_error(when->json);
		strbuf_addf(why, "not JSON at byte %zu: %s", e->pos + 1, e->what);
		return r;
	}
	if (r < 0) {
		strbuf_addstr(why, diag_strerror(r));
		return r;
	}
	const struct value *v = &json_values(when->json)[when->field];
	if (value_time(v, &when->times, &ret->time) == 0)
		return 1;
	strbuf_addf(why, "no time in %s: ", when->spec);
	if (v->type == VALUE_MISSING)
		strbuf_addstr(why, "it is missing");
	else
		show(why, v->raw, v->raw_len);
	return -EINVAL;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Where the COLUMNth field begins, NULL when there are fewer. */
static const char *find_column(uint64_t column, const char *s, const char *end)
{
	for (;;) {
		while (s < end && blank(*s))
			s++;
		if (s == end)
			return NULL;
		if (--column == 0)
			return s;
		while (s < end && !blank(*s))
			s++;
	}
}

static int next_column(struct when_span *span, struct timed *ret, struct strbuf *why)
{
	const struct when *when = span->when;
	const char *end = ret->rec + ret->len;
	const char *s = find_column(when->column, ret->rec, end);
	size_t used = 0;
	if (!s) {
		strbuf_addf(why, "no time: there is no field %llu", (unsigned long long)when->column);
		return -EINVAL;
	}
	if (time_format_parse(&when->format, s, (size_t)(end - s), &used, &ret->time) < 0) {
		strbuf_addf(why, "no time '%s' in ", when->spec);
		show(why, s, (size_t)(end - s));
		return -EINVAL;
	}
	/* The rest of the field in which the time ends goes too, and one separator: a value may begin with blanks. */
	const char *stop = s + used;
	while (stop < end && !blank(*stop))
		stop++;
	ret->cut = (size_t)(s - ret->rec);
	ret->cut_len = (size_t)(stop - s) + (stop < end);
	return 1;
}

int when_next(struct when_span *span, struct timed *ret, struct strbuf *why)
{
	strbuf_clear(why);
	ret->cut = ret->cut_len = 0;
	if (span->when->kind == WHEN_FIELD)
		return next_field(span, ret, why);
	if (span->s == span->end)
		return 0;
	const char *d = memchr(span->s, span->delim, (size_t)(span->end - span->s));
	ret->rec = span->s;
	ret->len = (size_t)(d - span->s);
	span->s = d + 1;
	if (span->when->kind == WHEN_COLUMN)
		return next_column(span, ret, why);
	clock_gettime(CLOCK_REALTIME, &ret->time);
	return 1;
}
