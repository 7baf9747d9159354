/*
 * The schema of a table: names, types and ids of its columns.
 *
 * Layer: data (uses base).  The text form (schema_text.h), Delta's JSON (schema_delta.h) and what records show
 * (schema_infer.h) lead here; Parquet files and logs are written from here.
 *
 * Names are valid UTF-8 without NULs, not empty, and no two of one struct are equal, nor equal but for case, because
 * most engines take no notice of case.  A list has one child, `element`; a map has two, `key`, which is required, and
 * `value`.  Structs have at least one field.  There are at most SCHEMA_MAX_DEPTH levels of types within each other, and
 * SCHEMA_MAX_FIELDS fields in all.
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
	SCHEMA_DATE,          /* days since 1970-01-01, an int32 */
	SCHEMA_TIMESTAMP,     /* microseconds since 1970-01-01T00:00:00Z, an int64 */
	SCHEMA_TIMESTAMP_NTZ, /* what a clock and a calendar show somewhere, in microseconds as if they were UTC's */
	SCHEMA_STRUCT,        /* these three have children, the others none */
	SCHEMA_LIST,
	SCHEMA_MAP,
};

struct schema_field {
	char *name; /* owned; of the root: NULL */
	enum schema_type type;
	bool required;            /* never null */
	int id;                   /* 1.., no two alike in a schema, for as long as the table lives; of the root: 0 */
	uint8_t precision, scale; /* decimal: digits, 1 to 38, and how many of them stand after the point */
	uint8_t bits;             /* int32: 8 or 16 when values have to fit into that (Delta's byte, short), else 0 */
	/*
	 * timestamp: the unit of values that are numbers.  TIME_AUTO: none was declared, and numbers are refused.  It
	 * says how records are read, and is not part of the type.
	 */
	enum time_unit unit;
	char *comment; /* owned; for people; NULL: none */
	/* What else a table of Delta says about the field (an object of JSON, owned); NULL: nothing. */
	char *metadata;
	struct schema_field *children; /* owned */
	size_t count;
};

struct schema {
	struct schema_field root; /* a required struct: its children are the columns */
	int last_id;              /* the greatest id that was ever given to a field */
};

/* No columns, which only schema_add() may be called with. */
void schema_init(struct schema *s);
void schema_release(struct schema *s);
void schema_copy(struct schema *dst, const struct schema *src);

/* Free what F owns. */
void schema_field_release(struct schema_field *f);

/*
 * Append a copy of FIELD, with all below it, as the last child of PARENT, a struct of S.  It becomes nullable, whatever
 * FIELD is, and gets new ids.  Pointers to the children that PARENT had are invalid then.
 *
 * Returns 0, or -EEXIST (there is one of that name, or of that name but for case) or -E2BIG (too many fields or
 * levels), with the reason in ERR and nothing changed.
 */
int schema_add(
	struct schema *s, struct schema_field *parent, const struct schema_field *field, struct strbuf *err) MUST_CHECK;

/*
 * May records of a schema that a user has GIVEN be appended to a table of schema HAVE?
 *
 * Yes when each field that is given is there with the same type, and each required one of the table is given; the order
 * and `not null` of what is given do not matter, because the table's hold.  Returns 0; -ENOENT: all would be well if
 * schema_merge() were called, ERR names the new fields; -EINVAL: no, the reason is in ERR.
 */
int schema_compatible(const struct schema *have, const struct schema *given, struct strbuf *err) MUST_CHECK;

/*
 * Add each field of GIVEN, in structs at any depth, that S does not have: schema_add().  Returns 0 or what
 * schema_compatible() and schema_add() return, with the reason in ERR and nothing changed.
 */
int schema_merge(struct schema *s, const struct schema *given, struct strbuf *err) MUST_CHECK;

/*
 * Add each field of SEEN, in structs at any depth, that S does not have, whatever the types of fields that both have:
 * for fields that are new in records (schema_infer_known()).  Returns how many were added, or what schema_add()
 * returns, with the reason in ERR and nothing changed.
 */
int schema_extend(struct schema *s, const struct schema *seen, struct strbuf *err) MUST_CHECK;

/* The same columns in the same order: names, types, `not null`; ids, units and metadata may differ. */
bool schema_equal(const struct schema *a, const struct schema *b);

/* The child of PARENT of that name, as it is written; NULL: there is none. */
struct schema_field *schema_child(const struct schema_field *parent, const char *name, size_t len);

/* The child of PARENT of that name or that name but for case; NULL: there is none.  Not quick. */
const struct schema_field *schema_child_alike(const struct schema_field *parent, const char *name, size_t len);

/* Append the names from the root to FIELD, which is of S: `geo.lat`, `tags.element`, `"a.b".c`. */
void schema_path(const struct schema *s, const struct schema_field *field, struct strbuf *out);

static inline bool schema_has_children(enum schema_type type)
{
	return type >= SCHEMA_STRUCT;
}

#endif
