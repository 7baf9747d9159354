/* Schemas: writing their text.  See schema_text.h. */
#include <string.h>

#include "common/data/schema_name.h"
#include "common/data/schema_text.h"
#include "common/data/schema_types.h"

static void print_after(const struct schema_field *f, struct strbuf *out)
{
	if (f->required)
		strbuf_addstr(out, " not null");
	if (!f->comment)
		return;
	strbuf_addstr(out, " comment '");
	for (const char *s = f->comment; *s; s++) {
		if (*s == '\'')
			strbuf_addch(out, '\'');
		strbuf_addch(out, *s);
	}
	strbuf_addch(out, '\'');
}

static void print_fields(const struct schema_field *parent, struct strbuf *out)
{
	for (size_t i = 0; i < parent->count; i++) {
		const struct schema_field *f = &parent->children[i];
		if (i)
			strbuf_addstr(out, ", ");
		schema_name_print(f->name, strlen(f->name), out);
		strbuf_addch(out, ' ');
		schema_print_type(f, out);
		print_after(f, out);
	}
}

void schema_print_type(const struct schema_field *f, struct strbuf *out)
{
	strbuf_addstr(out, schema_type_name(f));
	if (f->type == SCHEMA_DECIMAL)
		strbuf_addf(out, "(%u,%u)", (unsigned)f->precision, (unsigned)f->scale);
	else if (f->unit != TIME_AUTO)
		strbuf_addf(out, "(%s)", schema_unit_name(f->unit));
	if (!schema_has_children(f->type))
		return;
	strbuf_addch(out, '<');
	if (f->type == SCHEMA_STRUCT) {
		print_fields(f, out);
	} else {
		for (size_t i = 0; i < f->count; i++) {
			if (i)
				strbuf_addch(out, ',');
			schema_print_type(&f->children[i], out);
			if (f->children[i].required && !(f->type == SCHEMA_MAP && i == 0))
				strbuf_addstr(out, " not null");
		}
	}
	strbuf_addch(out, '>');
}

void schema_print(const struct schema *s, struct strbuf *out)
{
	print_fields(&s->root, out);
}
