/* Some fields of a record: see project.h. */
#include "cmd/filter/project.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/columnsout.h"
#include "common/data/jsonout.h"

/* Texts up to this get the room that suffices for any; longer ones are measured first. */
#define SHORT_TEXT (64u << 10)

/* .geo.city is geo.city, .items[0] is items[0], . is itself, $1 is $1. */
static void make_name(const struct expr_field *field, struct strbuf *name)
{
	if (field->column)
		strbuf_addf(name, "$%u", field->column);
	else if (!field->path.count)
		strbuf_addch(name, '.');
	for (size_t i = 0; i < field->path.count; i++) {
		const struct path_step *step = &field->path.steps[i];
		if (step->name && i)
			strbuf_addch(name, '.');
		if (step->name)
			strbuf_add(name, step->name, step->len);
		else
			strbuf_addf(name, "[%u]", step->index);
	}
}

static void add_field(struct project *p, const struct expr_field *field, int slot)
{
	p->fields = xreallocarray(p->fields, p->count + 1, sizeof(*p->fields));
	struct project_field *f = &p->fields[p->count];
	*f = (struct project_field){.field = *field, .slot = slot};
	strbuf_init(&f->name);
	strbuf_init(&f->key);
	make_name(field, &f->name);
	char *key = strbuf_grow(&f->key, JSONOUT_MAX(f->name.len) + 2);
	char *end = key;
	*end++ = p->count ? ',' : '{';
	end = jsonout_string(end, f->name.s, f->name.len);
	*end++ = ':';
	strbuf_extend(&f->key, (size_t)(end - key));
	p->count++;
}

/* The field at S: its length into *ret_used. */
static int scan_field(struct expr_field *field, const char *s, size_t *ret_used, struct strbuf *err)
{
	*ret_used = 0;
	if (*s != '$' && *s != '.') {
		strbuf_addstr(err, "a field is .a or $1");
		return -EINVAL;
	}
	if (*s == '.') {
		field->column = 0;
		return path_scan(&field->path, s, strlen(s), ret_used, err);
	}
	char *column = xstrndup(s, strcspn(s, ","));
	int r = records_field(field, column, err);
	if (r == 0)
		*ret_used = strlen(column);
	free(column);
	return r;
}

int project_init(struct project *p, const char *fields, enum records_format format, struct records *r, char delim,
	struct strbuf *err)
{
	*p = (struct project){.format = format, .delim = delim};
	for (const char *s = fields;; s++) {
		struct expr_field field = {0};
		struct strbuf why = STRBUF_INIT;
		size_t used;
		int slot = scan_field(&field, s, &used, &why);
		if (slot < 0)
			strbuf_addf(err, "character %zu: %s", (size_t)(s - fields) + used + 1, why.s);
		strbuf_release(&why);
		if (slot < 0)
			return slot;
		slot = records_add(r, &field, err);
		if (slot < 0) {
			path_release(&field.path);
			return slot;
		}
		add_field(p, &field, slot);
		s += used;
		if (!*s)
			return 0;
		if (*s != ',') {
			strbuf_addf(err, "character %zu: ',' was expected", (size_t)(s - fields) + 1);
			return -EINVAL;
		}
	}
}

void project_release(struct project *p)
{
	for (size_t i = 0; i < p->count; i++) {
		path_release(&p->fields[i].field.path);
		strbuf_release(&p->fields[i].name);
		strbuf_release(&p->fields[i].key);
	}
	free(p->fields);
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

	for (size_t i = 0; i < p->count; i++) {
		const struct value *v = &values[p->fields[i].slot];
		size_t len = v->len > v->raw_len ? v->len : v->raw_len;
		room += p->fields[i].key.len + 4;
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

/* Numbers, true and false, and strings of JSON that have no escape have nothing that TSV would escape. */
static bool harmless(const struct value *v)
{
	return v->type < VALUE_STRING || (v->type == VALUE_STRING && v->len + 2 == v->raw_len);
}

/* A field of TSV or CSV; null is an empty one. */
static char *write_column(const struct project *p, const struct value *v, char *to)
{
	if (v->type <= VALUE_NULL)
		return to;
	if (p->copy)
		return copy(to, v->raw, v->raw_len);
	if (p->format == RECORDS_TSV && harmless(v))
		return copy(to, v->s, v->len);
	return p->format == RECORDS_TSV ? columnsout_tsv(to, v->s, v->len) : columnsout_csv(to, v->s, v->len, p->delim);
}

char *project_write(const struct project *p, const struct value *values, char *to)
{
	if (p->format == RECORDS_JSON) {
		for (size_t i = 0; i < p->count; i++) {
			const struct project_field *f = &p->fields[i];
			to = copy(to, f->key.s, f->key.len);
			to = write_json(p, &values[f->slot], to);
		}
		*to++ = '}';
		return to;
	}
	for (size_t i = 0; i < p->count; i++) {
		if (i)
			*to++ = p->format == RECORDS_TSV ? '\t' : ',';
		to = write_column(p, &values[p->fields[i].slot], to);
	}
	return to;
}

void project_header(const struct project *p, struct strbuf *out)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct strbuf *name = &p->fields[i].name;
		const struct value v = {.type = VALUE_TEXT, .s = name->s, .len = name->len};
		struct project names = {.format = p->format, .delim = p->delim};
		if (i)
			strbuf_addch(out, p->format == RECORDS_TSV ? '\t' : ',');
		char *start = strbuf_grow(out, COLUMNSOUT_MAX(name->len));
		strbuf_extend(out, (size_t)(write_column(&names, &v, start) - start));
	}
}
