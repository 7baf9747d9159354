/*
 * The schema of a table: names, types and ids of its columns.
 *
 * Layer: data (uses base).  A schema is read from a text (schema_text.h), from Delta's JSON (schema_delta.h) or
 * inferred from records (schema_infer.h); Parquet files and logs are written by it.
 *
 * Names are valid UTF-8 without NULs and not empty.  No two names of one struct are equal, or differ only in case,
 * because most engines ignore case.  A list has one child, `element`; a map has two, `key`, which is required, and
 * `value`.  Structs have at least one field.  Types are nested at most SCHEMA_MAX_DEPTH levels deep, and there are at
 * most SCHEMA_MAX_FIELDS fields in all.
 */
#ifndef WEIR_DATA_SCHEMA_H
#define WEIR_DATA_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"
#include "common/data/time.h"

#define SCHEMA_MAX_DEPTH     32 /* `a int` has 1, `a array<int>` 2 */
#define SCHEMA_MAX_FIELDS    20000
#define SCHEMA_MAX_PRECISION 38

enum schema_type {
	SCHEMA_BOOL,
	SCHEMA_INT32,
	SCHEMA_INT64,
	SCHEMA_FLOAT,
	SCHEMA_DOUBLE,
	SCHEMA_DECIMAL,
	SCHEMA_STRING, /* UTF-8 */
	SCHEMA_BINARY,
	SCHEMA_DATE,      /* days since 1970-01-01, an int32 */
	SCHEMA_TIMESTAMP, /* microseconds since 1970-01-01T00:00:00Z, an int64 */
	/* what a clock and a calendar show in some place, in microseconds as if that place used UTC */
	SCHEMA_TIMESTAMP_NTZ,
	SCHEMA_STRUCT, /* these three have children, the others none */
	SCHEMA_LIST,
	SCHEMA_MAP,
};

struct schema_field {
	char *name; /* owned; of the root: NULL */
	enum schema_type type;
	bool required; /* never null */
	/* from 1, unique in a schema and fixed for as long as the table lives; of the root: 0 */
	int id;
	uint8_t precision, scale; /* decimal: digits, 1 to 38, and how many of them stand after the point */
	uint8_t bits;             /* int32: 8 or 16 when values have to fit into that (Delta's byte, short), else 0 */
	/*
	 * timestamp: the unit of values that are numbers.  TIME_AUTO: no unit was declared, and numbers are refused.
	 * It tells how to read records, and is not part of the type.
	 */
	enum time_unit unit;
	char *comment; /* owned; for people; NULL: none */
	/* Further metadata of the field in a Delta table (a JSON object, owned); NULL: none. */
	char *metadata;
	struct schema_field *children; /* owned */
	size_t count;
};

struct schema {
	struct schema_field root; /* a required struct, whose children are the columns */
	int last_id;              /* the greatest id that was ever given to a field */
};

/* A schema without columns; it may only be passed to schema_add(). */
void schema_init(struct schema *s);
void schema_release(struct schema *s);
void schema_copy(struct schema *dst, const struct schema *src);

/* Free what F owns. */
void schema_field_release(struct schema_field *f);

/*
 * Append a copy of FIELD, with everything below it, as the last child of PARENT, a struct of S. The copy is nullable,
 * even if FIELD is not, and gets new ids.  Pointers to PARENT's other children become invalid.
 *
 * Returns 0; or, with the reason in ERR and nothing changed, -EEXIST (there is a field of that name, perhaps in another
 * case) or -E2BIG (too many fields or levels).
 */
int schema_add(
	struct schema *s, struct schema_field *parent, const struct schema_field *field, struct strbuf *err) MUST_CHECK;

/*
 * Whether records of a schema that a user has GIVEN can be appended to a table of schema HAVE.
 *
 * They can when the table has each field of GIVEN with the same type, and GIVEN has each required field of the table.
 * The order of the fields and `not null` in GIVEN do not matter, because those of the table apply.  Returns 0; -ENOENT
 * when they could be appended after schema_merge(), and ERR names the new fields; -EINVAL when they cannot, and the
 * reason is in ERR.
 */
int schema_compatible(const struct schema *have, const struct schema *given, struct strbuf *err) MUST_CHECK;

/*
 * Add each field of GIVEN, in structs at any depth, that S does not have: schema_add().  Returns 0 or what
 * schema_compatible() and schema_add() return, with the reason in ERR and nothing changed.
 */
int schema_merge(struct schema *s, const struct schema *given, struct strbuf *err) MUST_CHECK;

/*
 * Add each field of SEEN, in structs at any depth, that S does not have; the types of fields that both have are not
 * compared.  For fields that are new in records (schema_infer_known()).  Returns how many were added, or what
 * schema_add() returns, with the reason in ERR and nothing changed.
 */
int schema_extend(struct schema *s, const struct schema *seen, struct strbuf *err) MUST_CHECK;

/*
 * Whether both have the same columns in the same order, with equal names, types and `not null`; ids, units and metadata
 * may differ.
 */
bool schema_equal(const struct schema *a, const struct schema *b);

/* The child of PARENT of exactly that name; NULL: there is none. */
struct schema_field *schema_child(const struct schema_field *parent, const char *name, size_t len);

/* The child of PARENT of that name, ignoring case; NULL: there is none.  It is not fast. */
const struct schema_field *schema_child_alike(const struct schema_field *parent, const char *name, size_t len);

/* Append the names on the way from the root to FIELD, which belongs to S: `geo.lat`, `tags.element`, `"a.b".c`. */
void schema_path(const struct schema *s, const struct schema_field *field, struct strbuf *out);

static inline bool schema_has_children(enum schema_type type)
{
	return type >= SCHEMA_STRUCT;
}

#endif
