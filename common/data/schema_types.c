/* Names of types: see schema_types.h. */
#include "common/data/schema_types.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* Of several words for a type the first one is printed. */
static const struct schema_word words[] = {
	{"boolean", SCHEMA_BOOL, 0},
	{"tinyint", SCHEMA_INT32, 8},
	{"smallint", SCHEMA_INT32, 16},
	{"int", SCHEMA_INT32, 0},
	{"bigint", SCHEMA_INT64, 0},
	{"float", SCHEMA_FLOAT, 0},
	{"double", SCHEMA_DOUBLE, 0},
	{"decimal", SCHEMA_DECIMAL, 0},
	{"string", SCHEMA_STRING, 0},
	{"binary", SCHEMA_BINARY, 0},
	{"date", SCHEMA_DATE, 0},
	{"timestamp", SCHEMA_TIMESTAMP, 0},
	{"timestamp_ntz", SCHEMA_TIMESTAMP_NTZ, 0},
	{"struct", SCHEMA_STRUCT, 0},
	{"array", SCHEMA_LIST, 0},
	{"map", SCHEMA_MAP, 0},
	{"bool", SCHEMA_BOOL, 0},
	{"byte", SCHEMA_INT32, 8},
	{"int1", SCHEMA_INT32, 8},
	{"short", SCHEMA_INT32, 16},
	{"int2", SCHEMA_INT32, 16},
	{"int16", SCHEMA_INT32, 16},
	{"integer", SCHEMA_INT32, 0},
	{"int4", SCHEMA_INT32, 0},
	{"int32", SCHEMA_INT32, 0},
	{"long", SCHEMA_INT64, 0},
	{"int8", SCHEMA_INT64, 0}, /* eight bytes, as in PostgreSQL and DuckDB */
	{"int64", SCHEMA_INT64, 0},
	{"real", SCHEMA_FLOAT, 0},
	{"float4", SCHEMA_FLOAT, 0},
	{"float32", SCHEMA_FLOAT, 0},
	{"float8", SCHEMA_DOUBLE, 0},
	{"float64", SCHEMA_DOUBLE, 0},
	{"dec", SCHEMA_DECIMAL, 0},
	{"numeric", SCHEMA_DECIMAL, 0},
	{"text", SCHEMA_STRING, 0},
	{"varchar", SCHEMA_STRING, 0},
	{"utf8", SCHEMA_STRING, 0},
	{"bytes", SCHEMA_BINARY, 0},
	{"bytea", SCHEMA_BINARY, 0},
	{"blob", SCHEMA_BINARY, 0},
	{"varbinary", SCHEMA_BINARY, 0},
	{"timestamptz", SCHEMA_TIMESTAMP, 0},
	{"timestampntz", SCHEMA_TIMESTAMP_NTZ, 0},
	{"datetime", SCHEMA_TIMESTAMP_NTZ, 0},
	{"row", SCHEMA_STRUCT, 0},
	{"list", SCHEMA_LIST, 0},
};

/* This many names are listed in a message. */
#define OWN 16

static const struct hint hints[] = {
	{"utinyint", "write smallint"},
	{"uint8", "write smallint"},
	{"usmallint", "write int"},
	{"uint16", "write int"},
	{"uinteger", "write bigint"},
	{"uint32", "write bigint"},
	{"ubigint", "write decimal(20,0)"},
	{"uint64", "write decimal(20,0)"},
	{"hugeint", "write decimal(38,0)"},
	{"int128", "write decimal(38,0)"},
	{"uhugeint", "write decimal(38,0)"},
	{"number", "write bigint, double, or decimal with its digits, as decimal(12,2)"},
	{"money", "write decimal with its digits, as decimal(12,2)"},
	{"char", "write string"},
	{"character", "write string"},
	{"bpchar", "write string"},
	{"nvarchar", "write string"},
	{"enum", "write string"},
	{"uuid", "write string"},
	{"json", "write string, which takes any value as its JSON"},
	{"jsonb", "write string, which takes any value as its JSON"},
	{"variant", "write string, which takes any value as its JSON"},
	{"object", "write struct<NAME TYPE, ...>, or string, which takes any value as its JSON"},
	{"any", "write string, which takes any value as its JSON"},
	{"fixed", "write binary"},
	{"time", "write string"},
	{"interval", "write string"},
	{"timestamp_s", "write timestamp(s), which takes seconds"},
	{"timestamp_ms", "write timestamp(ms), which takes milliseconds"},
	{"timestamp_us", "write timestamp(us), which takes microseconds"},
	{"timestamp_ns", "write timestamp(ns), which takes nanoseconds and keeps microseconds"},
	{"epoch", "write timestamp(s), or (ms), (us), (ns)"},
	{NULL, NULL},
};

const struct schema_word *schema_word_find(const char *word)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasecmp(words[i].word, word) == 0)
			return &words[i];
	return NULL;
}

const char *schema_type_name(const struct schema_field *f)
{
	size_t i = 0;

	while (words[i].type != f->type || (f->type == SCHEMA_INT32 && words[i].bits != f->bits))
		i++;
	return words[i].word;
}

static const char *own(size_t i)
{
	return i < OWN ? words[i].word : NULL;
}

void schema_word_unknown(const char *word, struct strbuf *err)
{
	hint_unknown(err, "type", word, hints, own);
}

static const char *const units[] = {[TIME_S] = "s", [TIME_MS] = "ms", [TIME_US] = "us", [TIME_NS] = "ns"};

int schema_unit_find(const char *name, enum time_unit *ret)
{
	for (enum time_unit unit = TIME_S; unit <= TIME_NS; unit++) {
		if (strcasecmp(units[unit], name) == 0) {
			*ret = unit;
			return 0;
		}
	}
	return -EINVAL;
}

const char *schema_unit_name(enum time_unit unit)
{
	return units[unit];
}
