/* Raw records in another form: see raw_form.h. */
#include "cmd/lake-cat/raw_form.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/lake-cat/hive.h"
#include "common/base/alloc.h"
#include "common/data/json.h"
#include "common/data/json_scan.h"
#include "common/data/name_index.h"
#include "common/data/value_out.h"
#include "common/lake/delta_value.h"

static int init_columns(struct raw_form *f, enum records_format format, char delim, struct strbuf *err)
{
	const struct project_want want = {
		.fields = f->opt->columns, .bare = true, .format = format, .header = f->opt->header, .delim = delim};
	struct strbuf why = STRBUF_INIT;
	int r = project_init(&f->project, &want, f->records, &why);
	if (r < 0)
		strbuf_addf(err, "--columns: %s", why.s);
	strbuf_release(&why);
	return r;
}

int raw_form_init(
	struct raw_form *f, const struct cat_form *opt, struct records *records, char delim, struct strbuf *err)
{
	/* The formats of records are those of rows, after RECORDS_AUTO. */
	enum records_format format = (enum records_format)(opt->format + 1);
	*f = (struct raw_form){.wanted = true, .opt = opt, .records = records, .header_due = opt->header};
	if (opt->columns)
		return init_columns(f, format, delim, err);
	records_want_row(records, RECORDS_ALL);
	project_init_names(&f->project, format, delim, records_separator(records, true));
	return 0;
}

void raw_form_release(struct raw_form *f)
{
	project_release(&f->project);
	members_release(&f->members);
	free(f->given);
	free(f->values);
	*f = (struct raw_form){0};
}

/* --- partition columns -------------------------------------------------------------------------------------------- */

static void give(struct raw_form *f, const struct expr_field *field, int slot, const json_t *columns)
{
	const struct path_step *step = field->path.steps;
	f->slots = (size_t)slot >= f->slots ? (size_t)slot + 1 : f->slots;
	if (field->column || field->path.count != 1 || !step->name)
		return;
	size_t column = hive_column(columns, step->name, step->len);
	if (column == SIZE_MAX)
		return;
	f->given = xroom(f->given, f->given_count, sizeof *f->given);
	f->given[f->given_count++] = (struct raw_form_given){(size_t)slot, column};
}

void raw_form_partition(struct raw_form *f, const json_t *columns, const struct delta_value *values)
{
	if (!f->wanted)
		return;
	f->partition = values;
	for (size_t i = 0; f->opt->columns && i < f->project.fields.count; i++) {
		const struct fields_entry *e = &f->project.fields.all[i];
		if (!e->expr)
			give(f, &e->field, e->slot, columns);
		for (size_t k = 0; e->expr && k < expr_fields(e->expr); k++)
			give(f, expr_field(e->expr, k), expr_slot(e->expr, k), columns);
	}
	f->values = f->given_count ? xcalloc(f->slots, sizeof *f->values) : NULL;
}

/* The values of the fields of the current record. */
static const struct value *take_fields(struct raw_form *f)
{
	const struct value *values = records_values(f->records);
	if (f->given_count) {
		memcpy(f->values, values, f->slots * sizeof *f->values);
		for (size_t i = 0; i < f->given_count; i++) {
			const struct raw_form_given *g = &f->given[i];
			if (values[g->slot].type == VALUE_MISSING)
				f->values[g->slot] = f->partition[g->column].v;
		}
		values = f->values;
	}
	if (f->project.fields.computes)
		(void)fields_compute(&f->project.fields, values); /* what cannot be computed is null */
	return values;
}

/* --- whole records ------------------------------------------------------------------------------------------------ */

/* The columns of the current record, called $1, $2 and so on. */
static const struct value *take_row(struct raw_form *f)
{
	size_t count;
	const struct value *values = records_row(f->records, &count);
	while (f->project.fields.count < count) {
		char name[24];
		snprintf(name, sizeof name, "$%zu", f->project.fields.count + 1);
		project_add_name(&f->project, name);
	}
	f->project.count = count;
	return values;
}

/* The columns are the members of the record of LEN bytes at S, the first one. */
static int choose_members(struct raw_form *f, const char *s, size_t len)
{
	struct fields *fields = &f->project.fields;
	struct strbuf text = STRBUF_INIT;
	struct name_index index = {0};
	struct json_scan scan;
	struct json_item item;
	struct value name;
	bool is_new;
	const char *brace = memchr(s, '{', len), **names;
	if (brace) /* else it is not an object, which members_next() says */
		json_scan_begin(&scan, brace, (size_t)(s + len - brace));
	while (brace && json_scan_next(&scan, &item)) {
		if (!item.key)
			break;
		value_of_json(item.key, item.key_len, &text, &name);
		char *copy = xstrndup(name.s, name.len);
		(void)name_index_add(&index, copy, strlen(copy), &is_new);
		if (is_new)
			project_add_name(&f->project, copy);
		free(copy);
	}
	strbuf_release(&text);
	name_index_release(&index);
	names = xcalloc(fields->count + 1, sizeof *names);
	for (size_t i = 0; i < fields->count; i++)
		names[i] = fields->all[i].name;
	int r = members_init(&f->members, names, fields->count);
	free(names);
	return r;
}

/* The members of the record of LEN bytes at REC, as columns. */
static int take_members(
	struct raw_form *f, const char *rec, size_t len, const struct value **ret, const char **ret_what)
{
	if (f->lasting) {
		*ret_what = "in TSV and CSV that a later run goes on with, the columns of JSON are those of --columns";
		return -EINVAL;
	}
	int r = f->members.json ? 0 : choose_members(f, rec, len);
	if (r < 0)
		return r;
	members_span(&f->members, rec, len + 1, f->project.delim);
	r = members_next(&f->members, &rec, &len);
	*ret = f->members.values;
	if (r < 0) {
		*ret_what = members_error(&f->members)->what;
		return r;
	}
	if (!f->members.others)
		return 0;
	*ret_what = "it has a field that the first record lacks, so there is no column for it";
	return -EBADMSG;
}

/* --- records ------------------------------------------------------------------------------------------------------ */

static void begin(struct raw_form *f)
{
	enum records_format input = records_format(f->records);
	if (!f->begun)
		project_begin(&f->project, input);
	f->begun = true;
}

bool raw_form_same(struct raw_form *f)
{
	begin(f);
	return !f->opt->columns && f->project.copy && !f->opt->header;
}

static void add_header(struct raw_form *f, struct strbuf *out)
{
	if (!f->header_due)
		return;
	f->header_due = false;
	project_header(&f->project, out);
	strbuf_addch(out, f->project.delim);
}

int raw_form_add(struct raw_form *f, const char *rec, size_t len, struct strbuf *out, const char **ret_what)
{
	const struct value *values = NULL;
	int r = 0;
	begin(f);
	if (f->opt->columns)
		values = take_fields(f);
	else if (records_format(f->records) != RECORDS_JSON)
		values = take_row(f);
	else
		r = take_members(f, rec, len, &values, ret_what);
	if (r < 0)
		return r;
	add_header(f, out);
	char *to = strbuf_grow(out, project_room(&f->project, values) + 1);
	char *end = project_write(&f->project, values, to);
	if (project_breaks(&f->project, to, (size_t)(end - to), f->marked)) {
		*ret_what = PROJECT_BREAKS;
		return -EBADMSG;
	}
	*end++ = f->project.delim;
	strbuf_extend(out, (size_t)(end - to));
	return 0;
}

void raw_form_end(struct raw_form *f, struct strbuf *out)
{
	if (f->wanted && f->opt->columns)
		add_header(f, out);
}
