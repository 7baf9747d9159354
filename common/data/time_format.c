/* Times: compiled patterns for reading them. */
#include "common/data/time_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

#define SIMPLE "YymdejHkIlMSfpsaAbBhzZuwnt%"

static const char *shorthand(char c)
{
	switch (c) {
	case 'D':
		return "%m/%d/%y";
	case 'F':
		return "%Y-%m-%d";
	case 'R':
		return "%H:%M";
	case 'T':
		return "%H:%M:%S";
	case 'r':
		return "%I:%M:%S %p";
	case 'c':
		return "%a %b %e %H:%M:%S %Y";
	default:
		return NULL;
	}
}

/* Write PATTERN to OUT with its abbreviations (such as %F for %Y-%m-%d) expanded. */
static int expand(const char *pattern, struct strbuf *out, struct strbuf *err)
{
	bool year = false;

	for (const char *p = pattern; *p; p++) {
		if (*p != '%') {
			strbuf_addch(out, *p);
			continue;
		}
		const char *longhand = shorthand(*++p);
		year |= *p && strchr("YysDFc", *p);
		if (longhand) {
			strbuf_addstr(out, longhand);
		} else if (*p && strchr(SIMPLE, *p)) {
			strbuf_addch(out, '%');
			strbuf_addch(out, *p);
		} else {
			strbuf_addf(err, "'%s': no conversion %%%s", pattern, *p ? (char[]){*p, 0} : "");
			return -EINVAL;
		}
	}
	if (!year) {
		strbuf_addf(err, "'%s': a time needs a year (%%Y, %%y or %%s)", pattern);
		return -EINVAL;
	}
	return 0;
}

int time_format_init(struct time_format *f, const char *pattern, struct strbuf *err)
{
	static const struct {
		const char *name;
		enum time_unit unit;
	} units[] = {{"s", TIME_S}, {"ms", TIME_MS}, {"us", TIME_US}, {"ns", TIME_NS}};

	*f = (struct time_format){.kind = TIME_FORMAT_UNIT};
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strcmp(pattern, units[i].name) == 0) {
			f->unit = units[i].unit;
			return 0;
		}
	if (strcmp(pattern, "rfc3339") == 0) {
		f->kind = TIME_FORMAT_RFC3339;
		return 0;
	}
	struct strbuf out = STRBUF_INIT;
	int r = expand(pattern, &out, err);
	if (r < 0) {
		strbuf_release(&out);
		return r;
	}
	f->kind = TIME_FORMAT_PATTERN;
	f->pattern = strbuf_detach(&out);
	return 0;
}

void time_format_release(struct time_format *f)
{
	free(f->pattern);
	f->pattern = NULL;
}

int time_format_parse(const struct time_format *f, const char *s, size_t len, size_t *ret_used, struct timespec *ret)
{
	const char *p = s, *end = s + len;
	struct timespec t;
	int r;

	if (f->kind == TIME_FORMAT_UNIT)
		r = time_scan_epoch(&p, end, f->unit, &t);
	else if (f->kind == TIME_FORMAT_RFC3339)
		r = time_scan_rfc3339(&p, end, &t);
	else
		r = time_scan_strptime(&p, end, f->pattern, &t);
	if (r < 0)
		return r;
	*ret_used = (size_t)(p - s);
	*ret = t;
	return 0;
}
