/* Schemas: writing Delta's JSON, and checking what Delta allows.  See schema_delta.h. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "common/data/jsonout.h"
#include "common/data/schema_delta.h"
#include "common/data/schema_delta_impl.h"
#include "common/data/schema_types.h"

static void write_type(const struct schema_field *f, struct strbuf *out);

static void write_string(const char *s, size_t len, struct strbuf *out)
{
	char *p = strbuf_grow(out, JSONOUT_MAX(len)), *end = jsonout_string(p, s, len);

	strbuf_extend(out, (size_t)(end - p));
}

static const char *bool_text(bool b)
{
	return b ? "true" : "false";
}

static void write_primitive(const struct schema_field *f, struct strbuf *out)
{
	static const char *const names[] = {
		[SCHEMA_BOOL] = "boolean",
		[SCHEMA_INT32] = "integer",
		[SCHEMA_INT64] = "long",
		[SCHEMA_FLOAT] = "float",
		[SCHEMA_DOUBLE] = "double",
		[SCHEMA_STRING] = "string",
		[SCHEMA_BINARY] = "binary",
		[SCHEMA_DATE] = "date",
		[SCHEMA_TIMESTAMP] = "timestamp",
		[SCHEMA_TIMESTAMP_NTZ] = "timestamp_ntz",
	};

	if (f->type == SCHEMA_DECIMAL)
		strbuf_addf(out, "\"decimal(%u,%u)\"", (unsigned)f->precision, (unsigned)f->scale);
	else
		strbuf_addf(out, "\"%s\"", f->bits == 8 ? "byte" : f->bits == 16 ? "short" : names[f->type]);
}

/* The ids of elements, keys and values below F, each after a comma; PATH names F. */
static void write_nested_ids(const struct schema_field *f, struct strbuf *path, struct strbuf *out)
{
	size_t before = path->len;

	for (size_t i = 0; f->type != SCHEMA_STRUCT && i < f->count; i++) {
		strbuf_addf(path, ".%s", f->children[i].name);
		strbuf_addch(out, ',');
		write_string(path->s, path->len, out);
		strbuf_addf(out, ":%d", f->children[i].id);
		write_nested_ids(&f->children[i], path, out);
		strbuf_setlen(path, before);
	}
}

static void write_metadata(const struct schema_field *f, struct strbuf *out)
{
	struct strbuf path = STRBUF_INIT, ids = STRBUF_INIT;

	strbuf_addf(out, "{\"" SCHEMA_DELTA_ID "\":\"%d\"", f->id);
	strbuf_addstr(&path, f->name);
	write_nested_ids(f, &path, &ids);
	if (ids.len) {
		ids.s[0] = '{'; /* so that the first comma is left out */
		strbuf_addch(&ids, '}');
		strbuf_addstr(out, ",\"" SCHEMA_DELTA_NESTED_IDS "\":");
		write_string(ids.s, ids.len, out);
	}
	if (f->unit != TIME_AUTO)
		strbuf_addf(out, ",\"" SCHEMA_DELTA_UNIT "\":\"%s\"", schema_unit_name(f->unit));
	if (f->comment) {
		strbuf_addstr(out, ",\"comment\":");
		write_string(f->comment, strlen(f->comment), out);
	}
	if (f->metadata) { /* the members of an object that is not empty */
		strbuf_addch(out, ',');
		strbuf_add(out, f->metadata + 1, strlen(f->metadata) - 2);
	}
	strbuf_addch(out, '}');
	strbuf_release(&path);
	strbuf_release(&ids);
}

static void write_struct(const struct schema_field *f, struct strbuf *out)
{
	strbuf_addstr(out, "{\"type\":\"struct\",\"fields\":[");
	for (size_t i = 0; i < f->count; i++) {
		const struct schema_field *child = &f->children[i];
		strbuf_addstr(out, i ? ",{\"name\":" : "{\"name\":");
		write_string(child->name, strlen(child->name), out);
		strbuf_addstr(out, ",\"type\":");
		write_type(child, out);
		strbuf_addf(out, ",\"nullable\":%s,\"metadata\":", bool_text(!child->required));
		write_metadata(child, out);
		strbuf_addch(out, '}');
	}
	strbuf_addstr(out, "]}");
}

static void write_type(const struct schema_field *f, struct strbuf *out)
{
	switch (f->type) {
	case SCHEMA_STRUCT:
		write_struct(f, out);
		return;
	case SCHEMA_LIST:
		strbuf_addstr(out, "{\"type\":\"array\",\"elementType\":");
		write_type(&f->children[0], out);
		strbuf_addf(out, ",\"containsNull\":%s}", bool_text(!f->children[0].required));
		return;
	case SCHEMA_MAP:
		strbuf_addstr(out, "{\"type\":\"map\",\"keyType\":");
		write_type(&f->children[0], out);
		strbuf_addstr(out, ",\"valueType\":");
		write_type(&f->children[1], out);
		strbuf_addf(out, ",\"valueContainsNull\":%s}", bool_text(!f->children[1].required));
		return;
	default:
		write_primitive(f, out);
	}
}

void schema_to_delta(const struct schema *s, struct strbuf *out)
{
	write_struct(&s->root, out);
}
