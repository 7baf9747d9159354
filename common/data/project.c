/* Some fields of a record: see project.h. */
#include "common/data/project.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/columnsout.h"
#include "common/data/jsonout.h"
#include "common/data/name_index.h"

/* For texts up to this length, room is reserved for the longest possible output; longer texts are measured first. */
#define SHORT_TEXT (64u << 10)

/* `"name":` of a field, with the text before it in an object. */
static void make_key(struct strbuf *key, const char *name, bool first)
{
	size_t len = strlen(name);

	strbuf_init(key);
	char *start = strbuf_grow(key, JSONOUT_MAX(len) + 2), *end = start;
	*end++ = first ? '{' : ',';
	end = jsonout_string(end, name, len);
	*end++ = ':';
	strbuf_extend(key, (size_t)(end - start));
}

/*
 * Refuse two members or columns with one name, of which readers would see only one.  Without a header, columns may have
 * the same name.
 */
static int check_names(const struct project *p, bool header, struct strbuf *err)
{
	struct name_index names = {0};
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->fields.count; i++) {
		const struct fields_entry *f = &p->fields.all[i];
		bool named = header || p->format == RECORDS_JSON || f->expr || !f->field.column, is_new;
		(void)name_index_add(&names, f->name, strlen(f->name), &is_new);
		if (is_new || !named)
			continue;
		strbuf_addf(err, "two fields are called '%s' in the output", f->name);
		r = -EINVAL;
	}
	name_index_release(&names);
	return r;
}

int project_init(struct project *p, const struct project_want *want, struct records *r, struct strbuf *err)
{
	*p = (struct project){.format = want->format,
		.delim = want->delim,
		.sep = records_separator(r, true),
		.fields.bare = want->bare};
	int e = fields_add(&p->fields, want->fields, r, err);
	if (e == 0)
		e = check_names(p, want->header, err);
	if (e < 0)
		return e;
	p->count = p->fields.count;
	p->keys = xcalloc(p->count, sizeof *p->keys);
	for (size_t i = 0; i < p->count; i++)
		make_key(&p->keys[i], p->fields.all[i].name, i == 0);
	return 0;
}

void project_init_names(struct project *p, enum records_format format, char delim, char sep)
{
	*p = (struct project){.format = format, .delim = delim, .sep = sep};
}

void project_add_name(struct project *p, const char *name)
{
	size_t n = p->fields.count;

	fields_add_name(&p->fields, name);
	p->keys = xroom(p->keys, n, sizeof *p->keys);
	make_key(&p->keys[n], name, n == 0);
	p->count = n + 1;
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

/*
 * Whether V of entry E is copied as it is written in the record.  In TSV and CSV a value of another type than these
 * have is not of the record.
 */
static bool is_copied(const struct project *p, const struct fields_entry *e, const struct value *v)
{
	return p->copy && !e->expr && (p->format == RECORDS_JSON || v->type == VALUE_TEXT);
}

size_t project_room(const struct project *p, const struct value *values)
{
	size_t room = 16;

	for (size_t i = 0; i < p->count; i++) {
		const struct fields_entry *e = &p->fields.all[i];
		const struct value *v = fields_value(e, values);
		size_t len = v->len > v->raw_len ? v->len : v->raw_len;
		room += p->keys[i].len + 4;
		if (is_copied(p, e, v))
			room += v->raw_len;
		else if (p->format != RECORDS_JSON)
			room += COLUMNSOUT_MAX(len);
		else
			room += v->raw_len +
				(v->len < SHORT_TEXT ? JSONOUT_MAX(v->len) : jsonout_bytes_size(v->s, v->len));
	}
	return room;
}

static char *copy(char *to, const char *s, size_t len)
{
	if (len)
		memcpy(to, s, len);
	return to + len;
}

static char *write_json(const struct project *p, const struct value *v, bool computed, char *to)
{
	if (v->type <= VALUE_NULL)
		return copy(to, "null", 4);
	bool json = computed ? v->type != VALUE_TEXT : p->copy;
	return json ? copy(to, v->raw, v->raw_len) : jsonout_bytes(to, v->s, v->len);
}

/* Numbers, true and false, and JSON strings without an escape contain nothing that TSV would escape. */
static bool harmless(const struct value *v)
{
	return v->type < VALUE_STRING || (v->type == VALUE_STRING && v->len + 2 == v->raw_len);
}

/* Write a field of TSV or CSV; null is an empty one. */
static char *write_column(const struct project *p, const struct value *v, bool copied, char *to)
{
	if (v->type <= VALUE_NULL)
		return to;
	if (copied)
		return copy(to, v->raw, v->raw_len);
	if (p->format == RECORDS_TSV && harmless(v))
		return copy(to, v->s, v->len);
	return columnsout_field(to, p->format == RECORDS_CSV, v->s, v->len, p->sep, p->delim);
}

char *project_write(const struct project *p, const struct value *values, char *to)
{
	char *start = to;

	if (p->format == RECORDS_JSON) {
		for (size_t i = 0; i < p->count; i++) {
			to = copy(to, p->keys[i].s, p->keys[i].len);
			to = write_json(p, fields_value(&p->fields.all[i], values), p->fields.all[i].expr, to);
		}
		*to++ = '}';
		return to;
	}
	for (size_t i = 0; i < p->count; i++) {
		if (i)
			*to++ = p->format == RECORDS_TSV ? '\t' : p->sep;
		const struct fields_entry *e = &p->fields.all[i];
		const struct value *v = fields_value(e, values);
		to = write_column(p, v, is_copied(p, e, v), to);
	}
	return p->format == RECORDS_CSV ? columnsout_csv_end(start, to) : to;
}

bool project_breaks(const struct project *p, const char *s, size_t len, bool marked)
{
	bool risk = p->format == RECORDS_TSV ? p->delim != '\n' : marked;

	return risk && memchr(s, p->delim, len);
}

void project_header(const struct project *p, struct strbuf *out)
{
	const struct project names = {.format = p->format, .delim = p->delim, .sep = p->sep};

	for (size_t i = 0; i < p->count; i++) {
		const char *name = p->fields.all[i].name;
		const struct value v = {.type = VALUE_TEXT, .s = name, .len = strlen(name)};
		if (i)
			strbuf_addch(out, p->format == RECORDS_TSV ? '\t' : p->sep);
		char *start = strbuf_grow(out, COLUMNSOUT_MAX(v.len));
		strbuf_extend(out, (size_t)(write_column(&names, &v, false, start) - start));
	}
	if (!out->len && p->format == RECORDS_CSV)
		strbuf_addstr(out, "\"\"");
}
