/* The times of records: see times.h. */
#include "times.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/num.h"

#define SHOWN 40 /* bytes of a value in a message */

/* FORMAT@N with its '@' at AT. */
static int init_column(struct times *times, const char *at, struct strbuf *err)
{
	char *format = xstrndup(times->text, (size_t)(at - times->text));
	int r = time_format_init(&times->format, format, err);

	free(format);
	return r;
}

int times_init(struct times *times, const char *text, bool strip, const struct records_opts *records,
	const struct filter_opts *filter, struct strbuf *err)
{
	const char *at = strrchr(text, '@');

	*times = (struct times){.text = text, .strip = strip};
	bool column = at && num_u64(at + 1, &times->column) == 0 && times->column;
	int r = records_new(&times->records, records, filter, err);
	if (r < 0)
		return r;
	r = column ? init_column(times, at, err) : when_init(&times->when, text, times->records, err);
	if (r == -EINVAL && !column && !strpbrk(text, ".$(")) {
		strbuf_clear(err);
		strbuf_addstr(err, "is not now, .FIELD, $N, FORMAT@.FIELD, FORMAT@N or an expression");
	}
	if (r == 0 && strip && !column) {
		strbuf_addstr(err, "has no column that --drop-time could take off");
		r = -EINVAL;
	}
	return r;
}

int times_want(struct times *times, struct layout *layout, struct strbuf *err)
{
	if (layout->nfields && times->column) {
		strbuf_addstr(err, "is for lines of text, which have no fields to partition by");
		return -EINVAL;
	}
	for (size_t i = 0; i < layout->nfields; i++) {
		struct layout_field *f = &layout->fields[i];
		f->slot = records_add(times->records, f->field, err);
		if (f->slot < 0)
			return f->slot;
	}
	times->fields = layout->nfields > 0;
	return 0;
}

const struct value *times_values(const struct times *times)
{
	return times->column ? NULL : records_values(times->records);
}

void times_release(struct times *times)
{
	if (times->column)
		time_format_release(&times->format);
	when_release(&times->when);
	records_free(times->records);
	*times = (struct times){0};
}

void times_begin(struct times *times, const char *s, size_t len, const struct flow *flow)
{
	times->s = s;
	times->end = s + len;
	times->delim = flow->delim;
	clock_gettime(CLOCK_REALTIME, &times->now);
	if (!times->column)
		records_span(times->records, s, len, flow);
}

static void show(struct strbuf *what, const char *s, size_t len)
{
	strbuf_addf(what, "'%.*s%s'", (int)(len < SHOWN ? len : SHOWN), s, len < SHOWN ? "" : "…");
}

static int no_time(const struct times *times, const struct value *values, struct times_error *error)
{
	strbuf_addf(&error->what, "no time in %s", times->text);
	if (times->when.kind != WHEN_FIELD)
		return -EBADMSG;
	const struct value *v = &values[times->when.slot];
	strbuf_addstr(&error->what, ": ");
	if (v->type == VALUE_MISSING)
		strbuf_addstr(&error->what, "it is missing");
	else
		show(&error->what, v->raw, v->raw_len);
	return -EBADMSG;
}

int times_unread(const struct times *times, int r, struct times_error *error)
{
	const struct records_error *e = records_error(times->records);

	if (r == -EBADMSG)
		strbuf_addf(&error->where, "byte %zu", e->pos + 1);
	strbuf_addstr(&error->what, r == -EBADMSG || r == -ENOENT ? e->what : diag_strerror(r));
	return r == -ENOENT ? -EILSEQ : r;
}

int times_read(struct times *times, struct timespec *ret, struct times_error *error)
{
	const struct value *values = records_values(times->records);

	return when_read(&times->when, values, ret) == 0 ? 1 : no_time(times, values, error);
}

static int next_value(struct times *times, struct timed *ret, struct times_error *error)
{
	int r = records_next(times->records, &ret->rec, &ret->len);

	if (r == 0)
		return 0;
	if (r < 0)
		return times_unread(times, r, error);
	if (times->when.kind != WHEN_NOW)
		return times_read(times, &ret->time, error);
	ret->time = times->now;
	return 1;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Where field number COLUMN begins; NULL when there are fewer fields. */
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

static int next_column(struct times *times, struct timed *ret, struct times_error *error)
{
	if (times->s == times->end)
		return 0;
	const char *end = memchr(times->s, times->delim, (size_t)(times->end - times->s));
	ret->rec = times->s;
	ret->len = (size_t)(end - times->s);
	times->s = end + 1;
	const char *s = find_column(times->column, ret->rec, end);
	size_t used = 0;
	if (!s) {
		strbuf_addf(&error->what, "no time: there is no field %llu", (unsigned long long)times->column);
		return -EBADMSG;
	}
	if (time_format_parse(&times->format, s, (size_t)(end - s), &used, &ret->time) < 0) {
		strbuf_addf(&error->what, "no time '%s' in ", times->text);
		show(&error->what, s, (size_t)(end - s));
		return -EBADMSG;
	}
	/*
	 * The rest of the field in which the time ends is removed, too, and only one separator, because a value may
	 * begin with blanks.
	 */
	const char *stop = s + used;
	while (stop < end && !blank(*stop))
		stop++;
	ret->cut = (size_t)(s - ret->rec);
	ret->cut_len = (size_t)(stop - s) + (stop < end);
	return 1;
}

int times_next(struct times *times, struct timed *ret, struct times_error *error)
{
	strbuf_clear(&error->where);
	strbuf_clear(&error->what);
	ret->cut = ret->cut_len = 0;
	return times->column ? next_column(times, ret, error) : next_value(times, ret, error);
}
