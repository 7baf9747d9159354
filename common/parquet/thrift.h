/*
 * Thrift's compact protocol, as far as Parquet uses it.
 *
 * Layer: parquet (uses base).  Source: apache/thrift, doc/specs/thrift-compact-protocol.md.  Integers are zigzag
 * varints; the header of a field holds the difference between its id and that of the field before; a struct ends with a
 * zero.
 */
#ifndef WEIR_PARQUET_THRIFT_H
#define WEIR_PARQUET_THRIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

#define THRIFT_DEPTH 16 /* limit for the nesting of structs that are written or skipped */

enum thrift_type {
	THRIFT_STOP = 0,
	THRIFT_TRUE = 1, /* also the type of the elements of a list of booleans */
	THRIFT_FALSE = 2,
	THRIFT_BYTE = 3,
	THRIFT_I16 = 4,
	THRIFT_I32 = 5,
	THRIFT_I64 = 6,
	THRIFT_DOUBLE = 7,
	THRIFT_BINARY = 8,
	THRIFT_LIST = 9,
	THRIFT_SET = 10,
	THRIFT_MAP = 11,
	THRIFT_STRUCT = 12,
};

/*
 * Writing: fields must come in the order of their ids.  For a struct that is not a field (the outermost, or one in a
 * list) the id is 0.
 */
struct thrift_out {
	struct strbuf *to;
	int last[THRIFT_DEPTH]; /* for each open struct, the id of its last field */
	int depth;
};

void thrift_begin(struct thrift_out *t, int id);
void thrift_end(struct thrift_out *t);
void thrift_bool(struct thrift_out *t, int id, bool value);
void thrift_byte(struct thrift_out *t, int id, int8_t value);
void thrift_i16(struct thrift_out *t, int id, int16_t value);
void thrift_i32(struct thrift_out *t, int id, int32_t value);
void thrift_i64(struct thrift_out *t, int id, int64_t value);
void thrift_binary(struct thrift_out *t, int id, const void *data, size_t len);
void thrift_string(struct thrift_out *t, int id, const char *s);
/* A struct without fields. */
void thrift_empty(struct thrift_out *t, int id);
/* Begin a list of COUNT elements.  The elements follow, written by thrift_begin(t, 0) or the functions below. */
void thrift_list(struct thrift_out *t, int id, enum thrift_type type, size_t count);
void thrift_item_bool(struct thrift_out *t, bool value);
void thrift_item_int(struct thrift_out *t, int64_t value); /* i16, i32, i64 */
void thrift_item_binary(struct thrift_out *t, const void *data, size_t len);

/*
 * Reading.  After an error (the input is cut off, or impossible) `bad` is set and all functions return zeros.  So it
 * need be checked only once, before the results are used.
 */
struct thrift_in {
	const unsigned char *p, *end;
	bool bad;
};

/* A field of the struct that is being read. */
struct thrift_field {
	int id;
	enum thrift_type type;
};

/* The next field, FIELD being the one before ({0} at first); false at the end of the struct. */
bool thrift_next(struct thrift_in *t, struct thrift_field *field);

/* The value of a field of that type; a value of another type is skipped, and `bad` is set. */
int64_t thrift_get_int(struct thrift_in *t, enum thrift_type type); /* byte, i16, i32, i64 */
bool thrift_get_bool(struct thrift_in *t, enum thrift_type type);   /* of a field */
const unsigned char *thrift_get_binary(struct thrift_in *t, enum thrift_type type, size_t *ret_len);

/* Read the head of a list of elements of type WANT; returns their number, which is at most the number of bytes left. */
size_t thrift_get_list(struct thrift_in *t, enum thrift_type type, enum thrift_type want);

/* Skip a value. */
void thrift_skip(struct thrift_in *t, enum thrift_type type);

#endif
