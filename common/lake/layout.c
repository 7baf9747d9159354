/* Partitions: see layout.h.  Patterns are read in layout_parse.c. */
#include "common/lake/layout.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/visible.h"
#include "common/lake/percent.h"

#define NAME_LIMIT 255 /* bytes in a name, on nearly every file system */
#define SHOWN      64  /* bytes of a value or a name in a message */

int layout_init_by(struct layout *layout, const char *list, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;

	*layout = (struct layout){0};
	int r = partition_by_parse(&layout->by, list, err);
	if (r < 0)
		return r;
	layout->columns = xcalloc(layout->by.count, sizeof *layout->columns);
	for (; layout->count < layout->by.count; layout->count++)
		layout->columns[layout->count] = xstrdup(layout->by.fields[layout->count].column);
	partition_by_print(&layout->by, &text);
	layout->text = strbuf_detach(&text);
	return 0;
}

static void part_release(struct layout_part *part)
{
	for (size_t i = 0; part->times && i < part->value.count; i++)
		time_pattern_release(&part->times[i]);
	free(part->times);
	template_release(&part->value);
}

void layout_release(struct layout *layout)
{
	for (size_t i = 0; i < layout->count; i++) {
		free(layout->columns[i]);
		if (layout->parts)
			part_release(&layout->parts[i]);
	}
	for (size_t i = 0; i < layout->nfields; i++)
		free(layout->fields[i].name);
	free(layout->columns);
	free(layout->parts);
	free(layout->fields);
	free(layout->text);
	partition_by_release(&layout->by);
	*layout = (struct layout){0};
}

/* --- values ------------------------------------------------------------------------------------------------------- */

int64_t layout_unit(const struct layout *layout, const struct timespec *t)
{
	return layout->finest ? time_pattern_unit(layout->finest, t) : 0;
}

int layout_key(const struct layout *layout, const struct timespec *t, const struct value *values, struct strbuf *key,
	struct strbuf *why)
{
	strbuf_clear(key);
	strbuf_addf(key, "%" PRId64, layout_unit(layout, t));
	for (size_t i = 0; i < layout->nfields; i++) {
		const struct layout_field *f = &layout->fields[i];
		const struct value *v = &values[f->slot];
		const char *s = NULL, *wrong = "";
		size_t len = 0;
		int r = template_text(v, &s, &len, &wrong);
		if (r == 0) {
			strbuf_addf(key, " %zu:", len);
			strbuf_add(key, s, len);
		} else if (r == -ENODATA) {
			strbuf_addch(key, ' ');
		} else {
			strbuf_addf(why, "field %s, which a partition is named by: ", f->name);
			visible_add_start(why, v->raw ? v->raw : v->s, v->raw ? v->raw_len : v->len, SHOWN);
			strbuf_addf(why, " %s", wrong);
			return r;
		}
	}
	return 0;
}

/* The value of the column PART, whose first field is *FIELD, which becomes the one after its last; NULL: it is null. */
static char *part_value(const struct layout *layout, struct layout_part *part, size_t *field, const struct timespec *t,
	const struct value *values)
{
	struct strbuf out = STRBUF_INIT;
	bool null = false;

	for (size_t i = 0; i < part->value.count; i++) {
		const char *s = NULL, *why;
		size_t len = 0;
		if (part->value.pieces[i].text)
			strbuf_addstr(&out, time_pattern_name(&part->times[i], t));
		else if (template_text(&values[layout->fields[(*field)++].slot], &s, &len, &why) < 0)
			null = true;
		else
			strbuf_add(&out, s, len);
	}
	if (!null && strcmp(out.s, LAYOUT_NULL) != 0)
		return strbuf_detach(&out);
	strbuf_release(&out);
	return NULL;
}

char **layout_values(struct layout *layout, const struct timespec *t, const struct value *values)
{
	char **ret = xcalloc(layout->count + 1, sizeof *ret);
	size_t field = 0;

	for (size_t i = 0; i < layout->count; i++)
		ret[i] = part_value(layout, &layout->parts[i], &field, t, values);
	return ret;
}

char **layout_constant(const struct layout *layout, const char *value)
{
	char **values = xcalloc(layout->count + 1, sizeof *values);
	for (size_t i = 0; i < layout->count && value && strcmp(value, LAYOUT_NULL) != 0; i++)
		values[i] = xstrdup(value);
	return values;
}

char **layout_copy_values(const struct layout *layout, char *const *values)
{
	char **copy = xcalloc(layout->count + 1, sizeof *copy);
	for (size_t i = 0; i < layout->count; i++)
		copy[i] = values[i] ? xstrdup(values[i]) : NULL;
	return copy;
}

void layout_free_values(const struct layout *layout, char **values)
{
	for (size_t i = 0; values && i < layout->count; i++)
		free(values[i]);
	free(values);
}

/* --- directories -------------------------------------------------------------------------------------------------- */

int layout_dir(const struct layout *layout, char *const *values, struct strbuf *ret)
{
	for (size_t i = 0; i < layout->count; i++) {
		size_t from = ret->len;
		percent_encode_name(ret, layout->columns[i]);
		strbuf_addch(ret, '=');
		percent_encode_name(ret, values[i] ? values[i] : LAYOUT_NULL);
		if (ret->len - from > NAME_LIMIT)
			return -ENAMETOOLONG;
		strbuf_addch(ret, '/');
	}
	return 0;
}

void layout_too_long(const char *dir, struct strbuf *err)
{
	const char *slash = strrchr(dir, '/');
	const char *last = slash ? slash + 1 : dir;
	strbuf_addf(err,
		"the partition '%.*s…' has a name that is too long: a directory of %zu bytes, of which %d are possible",
		SHOWN, last, strlen(last), NAME_LIMIT);
}
