/* Some fields of a record: see project.h. */
#include "cmd/filter/project.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/columnsout.h"
#include "common/data/jsonout.h"

/* For texts up to this length, room is reserved for the longest possible output; longer texts are measured first. */
#define SHORT_TEXT (64u << 10)

/* `"name":` of a field, with the text before it in an object. */
static void make_key(struct strbuf *key, const struct expr_field *field, bool first)
{
	struct strbuf name = STRBUF_INIT;

	field_name(field, &name);
	strbuf_init(key);
	char *start = strbuf_grow(key, JSONOUT_MAX(name.len) + 2), *end = start;
	*end++ = first ? '{' : ',';
	end = jsonout_string(end, name.s, name.len);
	*end++ = ':';
	strbuf_extend(key, (size_t)(end - start));
	strbuf_release(&name);
}

/*
 * Refuse two members or columns with one name, of which readers would see only one.  Without a header, columns may have
 * the same name.
 */
static int check_names(const struct project *p, bool header, struct strbuf *err)
{
	for (size_t i = 1; i < p->fields.count; i++) {
		const struct fields_entry *f = &p->fields.all[i];
		bool named = header || p->format == RECORDS_JSON || !f->field.column;
		for (size_t k = 0; k < i && named; k++)
			if (strcmp(f->name, p->fields.all[k].name) == 0) {
				strbuf_addf(err, "two fields are called '%s' in the output", f->name);
				return -EINVAL;
			}
	}
	return 0;
}

int project_init(struct project *p, const char *fields, enum records_format format, struct records *r, bool header,
	char delim, struct strbuf *err)
{
	*p = (struct project){.format = format, .delim = delim};
	int e = fields_add(&p->fields, fields, r, err);
	if (e == 0)
		e = check_names(p, header, err);
	if (e < 0)
		return e;
	p->keys = xcalloc(p->fields.count, sizeof *p->keys);
	for (size_t i = 0; i < p->fields.count; i++)
		make_key(&p->keys[i], &p->fields.all[i].field, i == 0);
	return 0;
}

void project_release(struct project *p)
{
	for (size_t i = 0; p->keys && i < p->fields.count; i++)
		strbuf_release(&p->keys[i]);
	free(p->keys);
	fields_release(&p->fields);
	*p = (struct project){0};
}

void project_begin(struct project *p, enum records_format input)
{
	if (p->format == RECORDS_AUTO)
		p->format = input;
	p->copy = p->format == input;
}

size_t project_room(const struct project *p, const struct value *values)
{
	size_t room = 16;

	for (size_t i = 0; i < p->fields.count; i++) {
		const struct value *v = &values[p->fields.all[i].slot];
		size_t len = v->len > v->raw_len ? v->len : v->raw_len;
		room += p->keys[i].len + 4;
		if (p->copy)
			room += v->raw_len;
		else if (p->format != RECORDS_JSON)
			room += COLUMNSOUT_MAX(len);
		else
			room += v->len < SHORT_TEXT ? JSONOUT_MAX(v->len) : jsonout_bytes_size(v->s, v->len);
	}
	return room;
}

static char *copy(char *to, const char *s, size_t len)
{
	if (len)
		memcpy(to, s, len);
	return to + len;
}

static char *write_json(const struct project *p, const struct value *v, char *to)
{
	if (v->type <= VALUE_NULL)
		return copy(to, "null", 4);
	return p->copy ? copy(to, v->raw, v->raw_len) : jsonout_bytes(to, v->s, v->len);
}

/* Numbers, true and false, and JSON strings without an escape contain nothing that TSV would escape. */
static bool harmless(const struct value *v)
{
	return v->type < VALUE_STRING || (v->type == VALUE_STRING && v->len + 2 == v->raw_len);
}

/* Write a field of TSV or CSV; null is an empty one. */
static char *write_column(const struct project *p, const struct value *v, char *to)
{
	if (v->type <= VALUE_NULL)
		return to;
	if (p->copy)
		return copy(to, v->raw, v->raw_len);
	if (p->format == RECORDS_TSV && harmless(v))
		return copy(to, v->s, v->len);
	return columnsout_field(to, p->format == RECORDS_CSV, v->s, v->len, p->delim);
}

char *project_write(const struct project *p, const struct value *values, char *to)
{
	char *start = to;

	if (p->format == RECORDS_JSON) {
		for (size_t i = 0; i < p->fields.count; i++) {
			to = copy(to, p->keys[i].s, p->keys[i].len);
			to = write_json(p, &values[p->fields.all[i].slot], to);
		}
		*to++ = '}';
		return to;
	}
	for (size_t i = 0; i < p->fields.count; i++) {
		if (i)
			*to++ = p->format == RECORDS_TSV ? '\t' : ',';
		to = write_column(p, &values[p->fields.all[i].slot], to);
	}
	return p->format == RECORDS_CSV ? columnsout_csv_end(start, to) : to;
}

void project_header(const struct project *p, struct strbuf *out)
{
	const struct project names = {.format = p->format, .delim = p->delim};
	struct strbuf name = STRBUF_INIT;

	for (size_t i = 0; i < p->fields.count; i++) {
		strbuf_clear(&name);
		field_name(&p->fields.all[i].field, &name);
		const struct value v = {.type = VALUE_TEXT, .s = name.s, .len = name.len};
		if (i)
			strbuf_addch(out, p->format == RECORDS_TSV ? '\t' : ',');
		char *start = strbuf_grow(out, COLUMNSOUT_MAX(name.len));
		strbuf_extend(out, (size_t)(write_column(&names, &v, start) - start));
	}
	if (!out->len && p->format == RECORDS_CSV)
		strbuf_addstr(out, "\"\"");
	strbuf_release(&name);
}
