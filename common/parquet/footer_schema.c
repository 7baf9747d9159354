/* The schema in a footer: see footer.h.  Lists and maps have the three levels of LogicalTypes.md. */
#include "common/parquet/footer.h"

#include "common/parquet/types.h"

/* Numbers of the format: repetition, ConvertedType, the fields of the union LogicalType, and of its union TimeUnit. */
enum { REQUIRED, OPTIONAL, REPEATED };
enum { CONVERTED_UTF8 = 0, CONVERTED_MAP = 1, CONVERTED_MAP_KEY_VALUE = 2, CONVERTED_LIST = 3, CONVERTED_DECIMAL = 5 };
enum { CONVERTED_DATE = 6, CONVERTED_TIMESTAMP_MICROS = 10, CONVERTED_INT_8 = 15, CONVERTED_INT_16 = 16 };
enum { LOGICAL_STRING = 1, LOGICAL_MAP, LOGICAL_LIST, LOGICAL_DECIMAL = 5, LOGICAL_DATE, LOGICAL_TIMESTAMP = 8 };
enum { LOGICAL_INTEGER = 10, UNIT_MICROS = 2 };

static size_t count_elements(const struct schema_field *field)
{
	size_t sum = field->type == SCHEMA_LIST || field->type == SCHEMA_MAP ? 2 : 1;
	for (size_t i = 0; i < field->count; i++)
		sum += count_elements(&field->children[i]);
	return sum;
}

/* ConvertedType; -1: none.  Timestamps without a zone have none, because it would say that they are UTC. */
static int converted_type(const struct schema_field *field)
{
	switch (field->type) {
	case SCHEMA_STRING:
		return CONVERTED_UTF8;
	case SCHEMA_MAP:
		return CONVERTED_MAP;
	case SCHEMA_LIST:
		return CONVERTED_LIST;
	case SCHEMA_DECIMAL:
		return CONVERTED_DECIMAL;
	case SCHEMA_DATE:
		return CONVERTED_DATE;
	case SCHEMA_TIMESTAMP:
		return CONVERTED_TIMESTAMP_MICROS;
	case SCHEMA_INT32:
		return field->bits == 8 ? CONVERTED_INT_8 : field->bits == 16 ? CONVERTED_INT_16 : -1;
	default:
		return -1;
	}
}

static void put_timestamp(struct thrift_out *t, bool utc)
{
	thrift_begin(t, LOGICAL_TIMESTAMP);
	thrift_bool(t, 1, utc);
	thrift_begin(t, 2);
	thrift_empty(t, UNIT_MICROS);
	thrift_end(t);
	thrift_end(t);
}

static void put_decimal(struct thrift_out *t, const struct schema_field *field)
{
	thrift_begin(t, LOGICAL_DECIMAL);
	thrift_i32(t, 1, field->scale);
	thrift_i32(t, 2, field->precision);
	thrift_end(t);
}

static void put_integer(struct thrift_out *t, uint8_t bits)
{
	thrift_begin(t, LOGICAL_INTEGER);
	thrift_byte(t, 1, (int8_t)bits);
	thrift_bool(t, 2, true);
	thrift_end(t);
}

static void put_logical_type(struct thrift_out *t, const struct schema_field *field)
{
	if (converted_type(field) < 0 && field->type != SCHEMA_TIMESTAMP_NTZ)
		return;
	thrift_begin(t, 10);
	if (field->type == SCHEMA_STRING)
		thrift_empty(t, LOGICAL_STRING);
	else if (field->type == SCHEMA_MAP)
		thrift_empty(t, LOGICAL_MAP);
	else if (field->type == SCHEMA_LIST)
		thrift_empty(t, LOGICAL_LIST);
	else if (field->type == SCHEMA_DECIMAL)
		put_decimal(t, field);
	else if (field->type == SCHEMA_DATE)
		thrift_empty(t, LOGICAL_DATE);
	else if (field->type == SCHEMA_INT32)
		put_integer(t, field->bits);
	else
		put_timestamp(t, field->type == SCHEMA_TIMESTAMP);
	thrift_end(t);
}

static void put_repeated(struct thrift_out *t, const struct schema_field *field)
{
	bool map = field->type == SCHEMA_MAP;
	thrift_begin(t, 0);
	thrift_i32(t, 3, REPEATED);
	thrift_string(t, 4, map ? "key_value" : "list");
	thrift_i32(t, 5, (int32_t)field->count);
	if (map) /* as other writers do, for very old readers */
		thrift_i32(t, 6, CONVERTED_MAP_KEY_VALUE);
	thrift_end(t);
}

static void put_element(struct thrift_out *t, const struct schema_field *field, bool root)
{
	bool group = schema_has_children(field->type), repeated = group && field->type != SCHEMA_STRUCT;
	int converted = root ? -1 : converted_type(field);
	thrift_begin(t, 0);
	if (!group)
		thrift_i32(t, 1, pq_physical_of(field));
	if (!group && pq_physical_of(field) == PQ_FIXED)
		thrift_i32(t, 2, (int32_t)pq_width_of(field));
	if (!root)
		thrift_i32(t, 3, field->required ? REQUIRED : OPTIONAL);
	thrift_string(t, 4, root ? "schema" : field->name);
	if (group)
		thrift_i32(t, 5, repeated ? 1 : (int32_t)field->count);
	if (converted >= 0)
		thrift_i32(t, 6, converted);
	if (field->type == SCHEMA_DECIMAL) {
		thrift_i32(t, 7, field->scale);
		thrift_i32(t, 8, field->precision);
	}
	if (!root)
		thrift_i32(t, 9, field->id);
	put_logical_type(t, field);
	thrift_end(t);
	if (repeated)
		put_repeated(t, field);
	for (size_t i = 0; i < field->count; i++)
		put_element(t, &field->children[i], false);
}

void pq_put_schema(struct thrift_out *t, int id, const struct schema *schema)
{
	thrift_list(t, id, THRIFT_STRUCT, count_elements(&schema->root));
	put_element(t, &schema->root, true);
}

/*
 * Put the names on the way from FIELD to LEAF into NAMES, at most ROOM; returns how many, or 0 when LEAF is not below
 * FIELD.
 */
static size_t find_path(const struct schema_field *field, const struct schema_field *leaf, const char **names)
{
	size_t n = 0;
	if (field->type == SCHEMA_LIST || field->type == SCHEMA_MAP)
		names[n++] = field->type == SCHEMA_LIST ? "list" : "key_value";
	for (size_t i = 0; i < field->count; i++) {
		const struct schema_field *child = &field->children[i];
		names[n] = child->name;
		if (child == leaf)
			return n + 1;
		size_t below = find_path(child, leaf, names + n + 1);
		if (below)
			return n + 1 + below;
	}
	return 0;
}

void pq_put_path(struct thrift_out *t, int id, const struct schema *schema, const struct schema_field *leaf)
{
	const char *names[2 * SCHEMA_MAX_DEPTH + 2];
	size_t n = find_path(&schema->root, leaf, names);
	thrift_list(t, id, THRIFT_BINARY, n);
	for (size_t i = 0; i < n; i++)
		thrift_item_binary(t, names[i], strlen(names[i]));
}
