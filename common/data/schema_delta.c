/* Schemas: reading Delta's JSON.  See schema_delta.h. */
#include "common/data/schema_delta.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/num.h"
#include "common/data/schema_clash.h"
#include "common/data/schema_delta_impl.h"
#include "common/data/schema_impl.h"
#include "common/data/schema_name.h"
#include "common/data/schema_types.h"

/* JSON that is being read. */
struct reader {
	struct strbuf path; /* of the field, as messages name it */
	struct strbuf *err;
	const json_t *nested_ids; /* the nested ids of the column, by `column.element`; NULL: none */
	struct strbuf nested;     /* the key there */
	size_t fields;
	int depth;
};

static const struct {
	const char *name;
	enum schema_type type;
	uint8_t bits;
} names[] = {
	{"string", SCHEMA_STRING, 0},
	{"long", SCHEMA_INT64, 0},
	{"integer", SCHEMA_INT32, 0},
	{"short", SCHEMA_INT32, 16},
	{"byte", SCHEMA_INT32, 8},
	{"float", SCHEMA_FLOAT, 0},
	{"double", SCHEMA_DOUBLE, 0},
	{"boolean", SCHEMA_BOOL, 0},
	{"binary", SCHEMA_BINARY, 0},
	{"date", SCHEMA_DATE, 0},
	{"timestamp", SCHEMA_TIMESTAMP, 0},
	{"timestamp_ntz", SCHEMA_TIMESTAMP_NTZ, 0},
};

static int read_type(struct reader *in, const json_t *type, struct schema_field *f);

static int fail(struct reader *in, int r, const char *fmt, ...) PRINTF_LIKE(3, 4);
static int fail(struct reader *in, int r, const char *fmt, ...)
{
	va_list args;

	strbuf_addstr(in->err, in->path.len ? "column " : "the schema");
	if (in->path.len)
		strbuf_addf(in->err, "'%s'", in->path.s);
	strbuf_addch(in->err, ' ');
	va_start(args, fmt);
	strbuf_vaddf(in->err, fmt, args);
	va_end(args);
	return r;
}

/* decimal(12,2); decimal alone has ten digits, as in Spark. */
static int read_decimal(struct reader *in, const char *name, struct schema_field *f)
{
	unsigned precision = 10, scale = 0;
	int end = 0;

	if (strcmp(name, "decimal") != 0 &&
		(sscanf(name, "decimal(%2u,%2u)%n", &precision, &scale, &end) < 2 || name[end] || !end))
		return fail(in, -EINVAL, "has a type that is not like decimal(12,2): '%s'", name);
	if (precision < 1 || precision > SCHEMA_MAX_PRECISION || scale > precision)
		return fail(in, -EINVAL, "has a decimal type with an impossible number of digits: '%s'", name);
	f->type = SCHEMA_DECIMAL;
	f->precision = (uint8_t)precision;
	f->scale = (uint8_t)scale;
	return 0;
}

static int read_primitive(struct reader *in, const char *name, struct schema_field *f)
{
	if (strncmp(name, "decimal", 7) == 0)
		return read_decimal(in, name, f);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i].name, name) == 0) {
			f->type = names[i].type;
			f->bits = names[i].bits;
			return 0;
		}
	}
	return fail(in, -ENOTSUP, "has a type that weir cannot write: '%s'", name);
}

/* The id under KEY of OBJECT, a number or the text of one; 0: there is none. */
static int id_in(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	uint64_t id = json_integer_value(value) > 0 ? (uint64_t)json_integer_value(value) : 0;

	if (json_is_string(value) && num_u64(json_string_value(value), &id) < 0)
		return 0;
	return id < INT_MAX ? (int)id : 0;
}

/* The object under KEY of OBJECT, perhaps as text; the caller owns a reference.  NULL: there is none. */
static json_t *object_in(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	return json_is_string(value) ? json_loads(json_string_value(value), 0, NULL) : json_incref(value);
}

/* Read TYPE, the type of a child of F that has no name of its own. */
static int read_part(
	struct reader *in, const json_t *type, const char *name, const json_t *nullable, struct schema_field *f)
{
	size_t path = in->path.len, nested = in->nested.len;
	struct schema_field *part = schema_field_append(f);

	part->name = xstrdup(name);
	part->required = json_is_false(nullable);
	strbuf_addf(&in->path, ".%s", name);
	strbuf_addf(&in->nested, ".%s", name);
	part->id = id_in(in->nested_ids, in->nested.s);
	int r = ++in->fields > SCHEMA_MAX_FIELDS
			? fail(in, -ENOTSUP, "is one of more than %d fields", SCHEMA_MAX_FIELDS)
			: read_type(in, type, part);
	strbuf_setlen(&in->path, path);
	strbuf_setlen(&in->nested, nested);
	return r;
}

/* Take the members that weir knows out of the METADATA of F, and keep the rest. */
static int read_metadata(struct reader *in, json_t *metadata, struct schema_field *f)
{
	json_t *rest = json_is_object(metadata) ? json_copy(metadata) : NULL;
	const char *comment = json_string_value(json_object_get(rest, "comment"));
	const char *unit = json_string_value(json_object_get(rest, SCHEMA_DELTA_UNIT));

	if (!rest)
		return !metadata || json_is_null(metadata) ? 0
							   : fail(in, -EINVAL, "has metadata that is not an object");
	f->id = id_in(rest, SCHEMA_DELTA_ID);
	if (!f->id)
		f->id = id_in(rest, "parquet.field.id"); /* Spark's and UniForm's */
	if (comment && strlen(comment) == json_string_length(json_object_get(rest, "comment"))) {
		f->comment = xstrdup(comment);
		json_object_del(rest, "comment");
	}
	if (unit && schema_unit_find(unit, &f->unit) == 0)
		json_object_del(rest, SCHEMA_DELTA_UNIT);
	json_object_del(rest, SCHEMA_DELTA_ID);
	json_object_del(rest, SCHEMA_DELTA_NESTED_IDS);
	if (json_object_size(rest))
		f->metadata = json_dumps(rest, JSON_COMPACT);
	int r = json_object_size(rest) && !f->metadata ? -ENOMEM : 0;
	json_decref(rest);
	return r;
}

/* One of the fields of a struct. */
static int read_field(struct reader *in, const json_t *json, struct schema_field *f)
{
	const json_t *name = json_object_get(json, "name"), *nullable = json_object_get(json, "nullable");
	const json_t *ids = in->nested_ids;
	json_t *metadata = json_object_get(json, "metadata");
	struct strbuf nested = in->nested;

	if (!json_is_string(name))
		return fail(in, -EINVAL, "has a field without a name");
	const char *fault = schema_name_fault(json_string_value(name), json_string_length(name));
	if (fault)
		return fail(in, -EINVAL, "has a field whose name %s", fault);
	if (!json_is_boolean(nullable))
		return fail(in, -EINVAL, "has a field '%s' without \"nullable\"", json_string_value(name));
	f->name = xstrdup(json_string_value(name));
	f->required = json_is_false(nullable);
	size_t path = in->path.len;
	if (path)
		strbuf_addch(&in->path, '.');
	schema_name_print(f->name, strlen(f->name), &in->path);
	json_t *nested_ids = object_in(metadata, SCHEMA_DELTA_NESTED_IDS);
	in->nested_ids = nested_ids;
	strbuf_init(&in->nested);
	strbuf_addstr(&in->nested, f->name);
	int r = ++in->fields > SCHEMA_MAX_FIELDS
			? fail(in, -ENOTSUP, "is one of more than %d fields", SCHEMA_MAX_FIELDS)
			: read_metadata(in, metadata, f);
	if (r == 0)
		r = read_type(in, json_object_get(json, "type"), f);
	if (r == 0 && f->unit != TIME_AUTO && f->type != SCHEMA_TIMESTAMP && f->type != SCHEMA_TIMESTAMP_NTZ)
		r = fail(in, -EINVAL, "has a unit, which only timestamps have");
	strbuf_setlen(&in->path, path);
	strbuf_release(&in->nested);
	json_decref(nested_ids);
	in->nested = nested;
	in->nested_ids = ids;
	return r;
}

/* The fields of the struct TYPE. */
static int read_fields(struct reader *in, const json_t *type, struct schema_field *f)
{
	const json_t *fields = json_object_get(type, "fields");
	struct strbuf clash = STRBUF_INIT;
	int r = 0;

	if (!json_is_array(fields))
		return fail(in, -EINVAL, "has a struct without \"fields\"");
	for (size_t i = 0; r == 0 && i < json_array_size(fields); i++)
		r = read_field(in, json_array_get(fields, i), schema_field_append(f));
	if (r == 0 && schema_clash(f, &clash) < 0)
		r = fail(in, -EINVAL, "has names that many engines take for one: %s", clash.s);
	strbuf_release(&clash);
	return r;
}

static int read_nested(struct reader *in, const json_t *type, struct schema_field *f)
{
	const char *kind = json_string_value(json_object_get(type, "type"));

	if (!kind)
		return fail(in, -EINVAL, "has no type");
	if (strcmp(kind, "struct") == 0) {
		f->type = SCHEMA_STRUCT;
		int r = read_fields(in, type, f);
		return r == 0 && !f->count && in->depth > 1 ? fail(in, -ENOTSUP, "has no fields") : r;
	}
	if (strcmp(kind, "array") == 0) {
		f->type = SCHEMA_LIST;
		return read_part(
			in, json_object_get(type, "elementType"), "element", json_object_get(type, "containsNull"), f);
	}
	if (strcmp(kind, "map") != 0)
		return fail(in, -ENOTSUP, "has a type that weir cannot write: '%s'", kind);
	f->type = SCHEMA_MAP;
	int r = read_part(in, json_object_get(type, "keyType"), "key", NULL, f);
	f->children[0].required = true;
	if (r == 0)
		r = read_part(
			in, json_object_get(type, "valueType"), "value", json_object_get(type, "valueContainsNull"), f);
	return r;
}

static int read_type(struct reader *in, const json_t *type, struct schema_field *f)
{
	int r;

	if (++in->depth > SCHEMA_MAX_DEPTH + 1) /* one level is the root */
		r = fail(in, -ENOTSUP, "has more than %d levels of types", SCHEMA_MAX_DEPTH);
	else if (json_is_string(type))
		r = read_primitive(in, json_string_value(type), f);
	else
		r = read_nested(in, type, f);
	in->depth--;
	return r;
}

/* Give ids to the fields that have none. */
static int take_ids(struct reader *in, struct schema *s)
{
	int twice = schema_take_ids(s);

	if (twice)
		return fail(in, -EINVAL, "has two fields with the id %d", twice);
	if (s->last_id > INT_MAX - SCHEMA_MAX_FIELDS)
		return fail(in, -ENOTSUP, "has ids up to %d, so that there is no room for more", s->last_id);
	schema_give_ids(&s->root, &s->last_id);
	return 0;
}

int schema_from_delta(struct schema *s, const char *json, size_t len, struct strbuf *err)
{
	struct reader in = {.path = STRBUF_INIT, .nested = STRBUF_INIT, .err = err};
	struct schema parsed;
	json_error_t error;
	json_t *root = json_loadb(json, len, JSON_REJECT_DUPLICATES, &error);
	int r;

	schema_init(&parsed);
	const char *kind = json_string_value(json_object_get(root, "type"));
	if (!root)
		r = fail(&in, -EINVAL, "is not JSON: %s", error.text);
	else if (!kind || strcmp(kind, "struct") != 0)
		r = fail(&in, -EINVAL, "is not a struct");
	else
		r = read_type(&in, root, &parsed.root);
	if (r == 0)
		r = take_ids(&in, &parsed);
	json_decref(root);
	strbuf_release(&in.path);
	strbuf_release(&in.nested);
	if (r < 0) {
		schema_release(&parsed);
		return r;
	}
	*s = parsed;
	return 0;
}
