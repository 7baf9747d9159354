/*
 * Numbers of the format, and small types in its terms.
 *
 * Layer: parquet.  Source: parquet-format, src/main/thrift/parquet.thrift.
 */
#ifndef WEIR_PARQUET_FORMAT_H
#define WEIR_PARQUET_FORMAT_H

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

enum pq_encoding { PQ_PLAIN = 0, PQ_PLAIN_DICTIONARY = 2, PQ_RLE = 3, PQ_RLE_DICTIONARY = 8 };
enum pq_page_type { PQ_DATA_PAGE = 0, PQ_DICTIONARY_PAGE = 2, PQ_DATA_PAGE_V2 = 3 };

/* A pair of the footer's metadata. */
struct pq_metadata {
	const char *key, *value;
};

#endif
