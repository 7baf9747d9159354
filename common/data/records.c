/* Records of JSON, TSV or CSV: see records.h. */
#include "common/data/records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json.h"
#include "common/data/records_impl.h"
#include "common/data/time.h"

int records_new(
	struct records **ret, const struct records_opts *opts, const struct filter_opts *filter, struct strbuf *err)
{
	if (opts->header && opts->format == RECORDS_JSON) {
		strbuf_addstr(err, "--header is for TSV and CSV, not for JSON");
		return -EINVAL;
	}
	if (opts->tz && time_zone_set(opts->tz) < 0) {
		strbuf_addf(err, TIME_NO_ZONE, opts->tz);
		return -EINVAL;
	}
	struct records *r = xcalloc(1, sizeof(*r));
	r->format = (enum records_format)opts->format;
	r->header = opts->header;
	r->lines = opts->lines;
	r->max_record = filter->max_record ? filter->max_record : MAX_RECORD_DEFAULT;
	r->delim = filter->null ? '\0' : '\n';
	strbuf_init(&r->open);
	strbuf_init(&r->again);
	strbuf_init(&r->text);
	strbuf_init(&r->names);
	strbuf_init(&r->last_names);
	int e = json_new(&r->json);
	if (e < 0)
		records_free(r);
	else
		*ret = r;
	return e;
}

void records_free(struct records *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->field_count; i++)
		free(r->fields[i].name);
	free(r->fields);
	free(r->values);
	json_free(r->json);
	columns_release(&r->row);
	columns_release(&r->head);
	strbuf_release(&r->open);
	strbuf_release(&r->again);
	strbuf_release(&r->text);
	strbuf_release(&r->names);
	strbuf_release(&r->last_names);
	free(r);
}

static int refuse(struct strbuf *err, const char *what)
{
	strbuf_addstr(err, what);
	return -EINVAL;
}

int records_check(struct records *r, const struct expr_field *field, struct strbuf *err)
{
	if (field->column && r->format == RECORDS_JSON) {
		strbuf_addf(err, "$%u is a column, but JSON has none", field->column);
		return -EINVAL;
	}
	if (field->column || r->format == RECORDS_JSON)
		return 0;
	if (!r->header && (r->format != RECORDS_AUTO || r->field_count))
		return refuse(err, "fields of TSV and CSV are $1, $2, …; names like .a need --header");
	if (!r->header)
		r->format = RECORDS_JSON;
	else if (field->path.count != 1 || !field->path.steps[0].name)
		return refuse(err, "with --header a field is one name, like .a or .\"a name\"");
	return 0;
}

int records_add(struct records *r, const struct expr_field *field, struct strbuf *err)
{
	int e = records_check(r, field, err);

	if (e < 0)
		return e;
	if (r->format == RECORDS_JSON)
		return json_add(r->json, &field->path);
	size_t n = r->field_count++;
	r->fields = xreallocarray(r->fields, n + 1, sizeof(*r->fields));
	r->values = xreallocarray(r->values, n + 1, sizeof(*r->values));
	r->values[n] = (struct value){.type = VALUE_MISSING};
	r->fields[n] = (struct records_field){.column = field->column};
	if (!field->column) {
		r->fields[n].len = field->path.steps[0].len;
		r->fields[n].name = xstrndup(field->path.steps[0].name, r->fields[n].len);
	}
	return (int)n;
}

int records_field(struct expr_field *ret, const char *s, struct strbuf *err)
{
	size_t digits = strspn(s + (*s == '$'), "0123456789");

	*ret = (struct expr_field){0};
	if (*s != '$')
		return path_init(&ret->path, s, err);
	unsigned long column = digits && digits < 8 ? strtoul(s + 1, NULL, 10) : 0;
	if (!digits || s[1 + digits] || column < 1 || column > COLUMNS_MAX) {
		strbuf_addf(err, "'%s' is not a column: $1, $2, …", s);
		return -EINVAL;
	}
	ret->column = (uint32_t)column;
	return 0;
}

int records_bind(struct records *r, struct expr *e, struct strbuf *err)
{
	for (size_t i = 0; i < expr_fields(e); i++) {
		int slot = records_add(r, expr_field(e, i), err);
		if (slot < 0)
			return slot;
		expr_bind(e, i, slot);
	}
	return 0;
}

void records_want_row(struct records *r, size_t count)
{
	r->row_wanted = true;
	r->row_count = count;
}

const struct value *records_names(const struct records *r)
{
	return r->head.values;
}

const struct value *records_row(const struct records *r, size_t *ret_count)
{
	*ret_count = r->row.count;
	return r->row.values;
}

enum records_format records_format(const struct records *r)
{
	return r->format;
}

const struct value *records_values(const struct records *r)
{
	return r->format == RECORDS_JSON ? json_values(r->json) : r->values;
}

bool records_same_header(const struct records *r)
{
	return r->names.len == r->last_names.len && memcmp(r->names.s, r->last_names.s, r->names.len) == 0;
}

size_t records_columns(const struct records *r)
{
	return r->columns;
}

const struct records_error *records_error(const struct records *r)
{
	return &r->error;
}

const char *records_input(const struct records *r)
{
	return r->input;
}

uint64_t records_number(const struct records *r)
{
	return r->number;
}
