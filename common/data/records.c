/* Records of JSON, TSV or CSV: see records.h. */
#include "common/data/records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json.h"
#include "common/data/records_impl.h"
#include "common/data/time.h"

static const char *header_option(const struct records_opts *opts)
{
	return opts->header_option ? opts->header_option : "--header";
}

int records_new(
	struct records **ret, const struct records_opts *opts, const struct filter_opts *filter, struct strbuf *err)
{
	if (opts->header && opts->format == RECORDS_JSON) {
		strbuf_addf(err, "%s is for TSV and CSV, not for JSON", header_option(opts));
		return -EINVAL;
	}
	if (opts->sep && !opts->writes_csv && (opts->format == RECORDS_JSON || opts->format == RECORDS_TSV)) {
		strbuf_addstr(err, "--delimiter is for CSV");
		return -EINVAL;
	}
	if (opts->tz && time_zone_set(opts->tz) < 0) {
		strbuf_addf(err, TIME_NO_ZONE, opts->tz);
		return -EINVAL;
	}
	struct records *r = xcalloc(1, sizeof(*r));
	r->format = (enum records_format)opts->format;
	r->header = opts->header;
	r->header_option = header_option(opts);
	r->lines = opts->lines;
	r->max_record = filter_max_record(filter);
	r->delim = filter->null ? '\0' : '\n';
	r->sep = opts->sep ? opts->sep : ',';
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

int records_parse_delimiter(const char *value, void *dest, struct strbuf *err)
{
	struct records_opts *opts = dest;
	char c = strcmp(value, "\\t") == 0 ? '\t' : *value;

	if ((value[0] && value[1] && c != '\t') || !value[0] || (unsigned char)c >= 0x7f || strchr("\"\r\n", c)) {
		strbuf_addstr(err, "is not one character of ASCII other than a quote and the ends of lines");
		return -EINVAL;
	}
	opts->sep = c;
	if (opts->format == RECORDS_AUTO)
		opts->format = RECORDS_CSV;
	return 0;
}

char records_separator(const struct records *r, bool csv)
{
	return csv ? r->sep : '\t';
}

void records_free(struct records *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->field_count; i++)
		free(r->fields[i].name);
	for (size_t i = 0; i < r->beside_count; i++)
		free(r->beside[i]);
	free(r->beside);
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

void records_beside(struct records *r, const char *name)
{
	r->beside = xroom(r->beside, r->beside_count, sizeof *r->beside);
	r->beside[r->beside_count++] = xstrdup(name);
}

bool records_is_beside(const struct records *r, const char *name, size_t len)
{
	for (size_t i = 0; i < r->beside_count; i++)
		if (strncmp(r->beside[i], name, len) == 0 && !r->beside[i][len])
			return true;
	return false;
}

static bool is_beside(const struct records *r, const struct expr_field *field)
{
	const struct path_step *step = field->path.steps;

	return !field->column && field->path.count == 1 && step->name && records_is_beside(r, step->name, step->len);
}

int records_check(struct records *r, const struct expr_field *field, struct strbuf *err)
{
	if (field->column && r->format == RECORDS_JSON) {
		strbuf_addf(err, "$%u is a column, but JSON has none", field->column);
		return -EINVAL;
	}
	if (field->column || r->format == RECORDS_JSON)
		return 0;
	if (!r->header && is_beside(r, field))
		return 0;
	if (!r->header && (r->format != RECORDS_AUTO || r->numbered))
		return strbuf_addf(err, "fields of TSV and CSV are $1, $2, …; names like .a need %s", r->header_option),
		       -EINVAL;
	if (!r->header)
		r->format = RECORDS_JSON;
	else if (field->path.count != 1 || !field->path.steps[0].name)
		return strbuf_addf(err, "with %s a field is one name, like .a or .\"a name\"", r->header_option),
		       -EINVAL;
	return 0;
}

int records_add(struct records *r, const struct expr_field *field, struct strbuf *err)
{
	int e = records_check(r, field, err);

	if (e < 0)
		return e;
	r->numbered |= field->column != 0;
	/* Until the format is known, both readers have the fields, with the same indexes. */
	bool open = r->format == RECORDS_AUTO && !r->header && !r->numbered;
	int slot = r->format == RECORDS_JSON || open ? json_add(r->json, &field->path) : -1;
	if (r->format == RECORDS_JSON || (open && (size_t)slot < r->field_count))
		return slot;
	size_t n = r->field_count++;
	r->fields = xroom(r->fields, n, sizeof(*r->fields));
	r->values = xroom(r->values, n, sizeof(*r->values));
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

void records_within(struct records *r, int depth)
{
	json_within(r->json, depth);
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

bool records_plain(const struct records *r)
{
	return r->row.plain;
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
