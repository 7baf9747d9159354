/*
 * What the values of a leaf of a file are, as the type of a table.
 *
 * Layer: parquet (uses reader; schema of data).  Source: parquet-format, LogicalTypes.md.  Types that tables do not
 * have become the next larger one: unsigned integers of 8, 16, 32 and 64 bits smallint, int, bigint and decimal(20,0),
 * half floats float; UUIDs, enums, JSON, times of a day and intervals string.  Timestamps of any unit, and INT96, are
 * microseconds.  A logical type that the physical type cannot hold is ignored, as by other readers.
 */
#ifndef WEIR_PARQUET_LEAF_TYPE_H
#define WEIR_PARQUET_LEAF_TYPE_H

#include "common/parquet/reader.h"
#include "common/data/schema.h"

/* How values are to be understood. */
enum pq_reading {
	PQ_READ_PLAIN, /* whole numbers have a sign; bytes are what they are */
	PQ_READ_UNSIGNED,
	PQ_READ_INT96,    /* nanoseconds of the day, and the Julian day */
	PQ_READ_HALF,     /* a half float */
	PQ_READ_UUID,     /* 16 bytes */
	PQ_READ_TIME,     /* since midnight */
	PQ_READ_INTERVAL, /* months, days and milliseconds */
};

struct pq_leaf_type {
	struct schema_field field; /* its type, bits, precision and scale; nothing else is set */
	enum pq_reading reading;
	int unit; /* enum pq_unit, of times and timestamps */
};

/* -EINVAL: it is nothing that can be read; *WHY, which is static, follows the name of the column. */
int pq_leaf_type(const struct pq_element *e, struct pq_leaf_type *ret, const char **why) MUST_CHECK;

/* The bytes of a value of E in PLAIN encoding, or 1 for a boolean; 0: of byte arrays. */
size_t pq_physical_width(const struct pq_element *e);

/* Whether the repeated element R of the list E is the list's element itself, as older writers had it. */
bool pq_list_is_two_levels(const struct pq_element *e, const struct pq_element *r);

/* Whether E says that it is a list; a map. */
bool pq_is_list(const struct pq_element *e);
bool pq_is_map(const struct pq_element *e);

#endif
