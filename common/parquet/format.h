/*
 * Numbers of the format, and small types in its terms.
 *
 * Layer: parquet.  Source: parquet-format, src/main/thrift/parquet.thrift.
 */
#ifndef WEIR_PARQUET_FORMAT_H
#define WEIR_PARQUET_FORMAT_H

#include <stddef.h>
#include <stdint.h>

__extension__ typedef __int128 pq_int128;

/* How values are stored; the numbers are those of the format. */
enum pq_physical {
	PQ_BOOLEAN = 0,
	PQ_INT32 = 1,
	PQ_INT64 = 2,
	PQ_INT96 = 3, /* never written, only read */
	PQ_FLOAT = 4,
	PQ_DOUBLE = 5,
	PQ_BYTE_ARRAY = 6,
	PQ_FIXED = 7, /* decimals of more than 18 digits: two's complement, the highest byte first */
};

enum pq_encoding {
	PQ_PLAIN = 0,
	PQ_PLAIN_DICTIONARY = 2,
	PQ_RLE = 3,
	PQ_DELTA_BINARY_PACKED = 5, /* this and the next ones are only read */
	PQ_DELTA_LENGTH_BYTE_ARRAY = 6,
	PQ_DELTA_BYTE_ARRAY = 7,
	PQ_RLE_DICTIONARY = 8,
	PQ_BYTE_STREAM_SPLIT = 9,
};
enum pq_page_type { PQ_DATA_PAGE = 0, PQ_DICTIONARY_PAGE = 2, PQ_DATA_PAGE_V2 = 3 };
enum pq_boundary_order { PQ_UNORDERED, PQ_ASCENDING, PQ_DESCENDING };

/* Fields of the union LogicalType, and values of ConvertedType for what had no field there at first. */
enum pq_logical {
	PQ_LOGICAL_STRING = 1,
	PQ_LOGICAL_MAP,
	PQ_LOGICAL_LIST,
	PQ_LOGICAL_ENUM,
	PQ_LOGICAL_DECIMAL,
	PQ_LOGICAL_DATE,
	PQ_LOGICAL_TIME,
	PQ_LOGICAL_TIMESTAMP,
	PQ_LOGICAL_INTEGER = 10,
	PQ_LOGICAL_JSON = 12,
	PQ_LOGICAL_UUID = 14,
	PQ_LOGICAL_FLOAT16,
};
enum pq_converted {
	PQ_CONVERTED_UTF8,
	PQ_CONVERTED_MAP,
	PQ_CONVERTED_MAP_KEY_VALUE,
	PQ_CONVERTED_LIST,
	PQ_CONVERTED_ENUM,
	PQ_CONVERTED_DECIMAL,
	PQ_CONVERTED_DATE,
	PQ_CONVERTED_TIME_MILLIS,
	PQ_CONVERTED_TIME_MICROS,
	PQ_CONVERTED_TIMESTAMP_MILLIS,
	PQ_CONVERTED_TIMESTAMP_MICROS,
	PQ_CONVERTED_UINT_8,
	PQ_CONVERTED_UINT_16,
	PQ_CONVERTED_UINT_32,
	PQ_CONVERTED_UINT_64,
	PQ_CONVERTED_INT_8,
	PQ_CONVERTED_INT_16,
	PQ_CONVERTED_INT_32,
	PQ_CONVERTED_INT_64,
	PQ_CONVERTED_JSON,
	PQ_CONVERTED_BSON,
	PQ_CONVERTED_INTERVAL,
};

/* Units of a logical time or timestamp. */
enum pq_unit { PQ_MILLIS = 1, PQ_MICROS, PQ_NANOS };

/* A place in a file; `len` 0: there is none. */
struct pq_place {
	uint64_t offset, len;
};

/* A byte string in memory, borrowed. */
struct pq_bytes {
	const unsigned char *s;
	size_t len;
};

/* A pair of the footer's metadata. */
struct pq_metadata {
	const char *key, *value;
};

#endif
